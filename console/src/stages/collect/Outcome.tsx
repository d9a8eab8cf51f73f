import { useText } from '@/i18n/text';
import type { Imported } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useWords } from '@/i18n/words';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { Panel } from '@/ui/Panel/Panel';
import { Stat, Stats } from '@/ui/Stat/Stat';
import { StateView } from '@/ui/StateView/StateView';
import { Num } from '@/ui/Values/Values';

type Refusals = Imported['refused'][number];

/** What an import would do with the rows of a file, and why some would be refused. */
export function Outcome({ told }: { told: Imported }) {
  const { t } = useText('imports');
  const format = useFormats();
  const { word } = useWords();
  const columns: Column<Refusals>[] = [
    { key: 'reason', title: t('refused.reason'), render: (one) => word('reason', one.reason) },
    { key: 'rows', title: t('column.refused'), numeric: true, render: (one) => <Num value={one.rows} /> },
    {
      key: 'examples',
      title: t('refused.examples'),
      render: (one) =>
        one.examples.map(({ row, field, detail }) => `${t('refused.rowOf', { row: format.int(row) })} ${field}: ${detail}`).join(' · '),
    },
  ];
  return (
    <Panel title={t('trial.title')} note={t('trial.note')}>
      <div className="stack">
        {told.already && <StateView case="stale" words={t('trial.already')} />}
        <Stats>
          <Stat label={t('column.read')} value={<Num value={told.read} />} />
          <Stat label={t('column.accepted')} value={<Num value={told.accepted} />} />
          <Stat label={t('trial.duplicates')} value={<Num value={told.duplicates} />} />
          <Stat label={t('trial.skipped')} value={<Num value={told.skipped} />} />
          <Stat label={t('column.refused')} value={<Num value={told.refused_rows} />} />
          <Stat label={t('trial.identifiers')} value={<Num value={told.new_identifiers} />} />
        </Stats>
        {told.first_at && <p className="muted">{t('trial.span', { from: format.minute(told.first_at), to: format.minute(told.last_at) })}</p>}
        {told.masked.length > 0 && (
          <StateView
            case="stale"
            words={t('trial.masked', {
              list: told.masked.map(({ column, kind, count }) => `${column}: ${word('masked', kind)} × ${format.int(count)}`).join(' · '),
            })}
          />
        )}
        {told.refused.length > 0 && (
          <DataTable name="refusals" caption={t('refused.title')} columns={columns} rows={told.refused} rowKey={(one) => one.reason} />
        )}
      </div>
    </Panel>
  );
}
