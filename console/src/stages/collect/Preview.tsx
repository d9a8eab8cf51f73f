import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import type { PreviewRow } from '@/api/shapes';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { Panel } from '@/ui/Panel/Panel';
import { Num } from '@/ui/Values/Values';

/** What the first rows of a file would become. Values are text: nothing in a file is ever markup here. */
export function Preview({ rows }: { rows: readonly PreviewRow[] }) {
  const { t } = useText('imports');
  const { word } = useWords();
  const fields = [...new Set(rows.flatMap((row) => Object.keys(row.fields)))];
  const columns: Column<PreviewRow>[] = [
    { key: 'row', title: t('refused.row'), numeric: true, width: 72, render: (row) => <Num value={row.row} /> },
    {
      key: 'state',
      title: t('column.state'),
      render: ({ refused, field }) =>
        refused ? (
          <span className="preview-refused">
            {word('reason', refused)} {field && <code>{field}</code>}
          </span>
        ) : (
          t('preview.taken')
        ),
    },
    ...fields.map((field) => ({
      key: field,
      title: field,
      render: (row: PreviewRow) => <bdi title={row.fields[field]}>{row.fields[field]}</bdi>,
    })),
  ];
  return (
    <Panel flush title={t('preview.title')} note={t('preview.note', { count: rows.length })}>
      <DataTable name="preview" caption={t('preview.title')} columns={columns} rows={rows} rowKey={(row) => String(row.row)} />
    </Panel>
  );
}
