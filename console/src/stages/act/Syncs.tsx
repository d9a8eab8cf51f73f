import { Button } from 'antd';
import { Link, useNavigate } from 'react-router';
import { useSyncs } from '@/api/queries/syncs';
import type { Sync } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { NONE } from '@/lib/format';
import { flag, useUrlState } from '@/lib/urlState';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { Freshness } from '@/ui/Freshness/Freshness';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { Num, When } from '@/ui/Values/Values';
import { NewSync } from './NewSync';
import { SyncState } from './SyncState';
import { SyncWhat } from './SyncWhat';

const schema = { make: flag() };

/** Which receivers are kept told of whom, how far each is, and what failed. */
export default function Syncs() {
  const { t } = useText('syncs');
  const navigate = useNavigate();
  const [{ make }, set] = useUrlState(schema);
  const syncs = useSyncs();
  const columns = useColumns();
  const start = (
    <Button type="primary" onClick={() => set({ make: true })}>
      {t('new.open')}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={t('title')}
        purpose={t('purpose')}
        actions={start}
        freshness={<Freshness call={{ path: '/api/syncs' }} command="qianmian sync list" />}
      />
      <Panel flush>
        <Answer of={syncs} rows={6}>
          {(rows) =>
            rows.length === 0 ? (
              <StateView case="new" title={t('none')} words={t('noneWords')} action={start} />
            ) : (
              <DataTable
                name="syncs"
                caption={t('title')}
                columns={columns}
                rows={rows}
                rowKey={({ sync }) => String(sync)}
                onOpen={({ sync }) => void navigate(`/act/syncs/${sync}`)}
              />
            )
          }
        </Answer>
      </Panel>
      <NewSync open={make} onClose={(made) => (made ? void navigate(`/act/syncs/${made.sync}`) : set({ make: false }))} />
    </>
  );
}

function useColumns(): Column<Sync>[] {
  const { t } = useText('syncs');
  return [
    {
      key: 'name',
      title: t('column.name'),
      render: ({ sync, name }) => (
        <Link to={`/act/syncs/${sync}`}>
          <bdi>{name}</bdi>
        </Link>
      ),
    },
    { key: 'what', title: t('column.what'), render: (sync) => <SyncWhat sync={sync} /> },
    { key: 'sink', title: t('column.sink'), render: ({ sink, relation }) => <code>{relation ? `${sink}:${relation}` : sink}</code> },
    { key: 'state', title: t('column.state'), render: ({ state }) => <SyncState state={state} /> },
    { key: 'held', title: t('column.held'), numeric: true, render: ({ held }) => <Num value={held} /> },
    { key: 'build', title: t('column.build'), numeric: true, render: ({ build }) => <Num value={build} /> },
    { key: 'at', title: t('column.at'), render: ({ delivered_at }) => <When at={delivered_at} as="minute" /> },
    {
      key: 'next',
      title: t('column.next'),
      render: ({ state, next_at }) =>
        ['active', 'waiting', 'failed'].includes(state) ? next_at ? <When at={next_at} as="minute" /> : t('afterBuild') : NONE,
    },
  ];
}
