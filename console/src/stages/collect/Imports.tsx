import { Button } from 'antd';
import { useText } from '@/i18n/text';
import { Link } from 'react-router';
import { useImports } from '@/api/queries/imports';
import type { Batch } from '@/api/shapes';
import { int, useUrlState } from '@/lib/urlState';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { Freshness } from '@/ui/Freshness/Freshness';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { Num, When } from '@/ui/Values/Values';
import { BatchPeek } from './BatchPeek';
import { BatchState } from './BatchState';

const schema = { peek: int(0) };

/** Every file that came in, the latest first. */
export default function Imports() {
  const { t } = useText('imports');
  const [{ peek }, set] = useUrlState(schema);
  const imports = useImports();
  const columns: Column<Batch>[] = [
    { key: 'batch', title: t('column.batch'), numeric: true, width: 72, render: (one) => one.batch },
    { key: 'file', title: t('column.file'), render: (one) => <Link to={`/collect/imports/${one.batch}`}>{one.file}</Link> },
    { key: 'source', title: t('column.source'), render: (one) => one.source },
    { key: 'state', title: t('column.state'), render: (one) => <BatchState batch={one} /> },
    { key: 'read', title: t('column.read'), numeric: true, render: (one) => <Num value={one.read} /> },
    { key: 'accepted', title: t('column.accepted'), numeric: true, render: (one) => <Num value={one.accepted} /> },
    { key: 'refused', title: t('column.refused'), numeric: true, render: (one) => <Num value={one.refused_rows} /> },
    { key: 'done', title: t('column.done'), render: (one) => <When at={one.done_at} as="minute" /> },
  ];
  const start = (
    <Link to="/collect/imports/new">
      <Button type="primary">{t('new.open')}</Button>
    </Link>
  );
  return (
    <>
      <PageHeader
        title={t('title')}
        purpose={t('purpose')}
        actions={start}
        freshness={<Freshness call={{ path: '/api/imports' }} command="qianmian import list" />}
      />
      <Panel flush>
        <Answer of={imports} rows={6}>
          {(rows) =>
            rows.length === 0 ? (
              <StateView case="new" title={t('none')} words={t('noneWords')} action={start} />
            ) : (
              <DataTable
                name="imports"
                caption={t('title')}
                columns={columns}
                rows={rows}
                rowKey={(one) => String(one.batch)}
                onOpen={(one) => set({ peek: one.batch })}
                selected={String(peek)}
              />
            )
          }
        </Answer>
      </Panel>
      <BatchPeek batch={imports.data?.find((one) => one.batch === peek)} onClose={() => set({ peek: 0 })} />
    </>
  );
}
