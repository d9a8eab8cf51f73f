import { Button } from 'antd';
import { Link } from 'react-router';
import { useHealth } from '@/api/queries/sources';
import type { SourceHealth } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { flag, useUrlState } from '@/lib/urlState';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { Freshness } from '@/ui/Freshness/Freshness';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { Num, When } from '@/ui/Values/Values';
import { Environment } from './Environment';
import { NewSource } from './NewSource';
import { SourceState } from './SourceState';
import { Spark } from './Spark';
import { useStatusWords } from './statusWords';

const schema = { new: flag() };

/** Who sends events, how much came today, and whether all is well. */
export default function Sources() {
  const { t } = useText('sources');
  const [state, set] = useUrlState(schema);
  const health = useHealth();
  const columns = useColumns();
  const { list } = useStatusWords();
  const format = useFormats();
  const start = (
    <Button type="primary" onClick={() => set({ new: true })}>
      {t('new')}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={t('title')}
        purpose={t('purpose')}
        actions={start}
        freshness={<Freshness call={{ path: '/api/sources/health' }} command="qianmian source health" />}
      />
      <Answer of={health} rows={6}>
        {({ sources, unknown }) => {
          const n = unknown.reduce((sum, one) => sum + one.requests, 0);
          return (
            <div className="stack">
              {n > 0 && <StateView case="stale" words={t('unknown', { count: n, n: format.int(n), list: list(unknown) })} />}
              <Panel flush>
                {sources.length === 0 ? (
                  <StateView case="new" title={t('none')} words={t('noneWords')} action={start} />
                ) : (
                  <DataTable name="sources" caption={t('title')} columns={columns} rows={sources} rowKey={(one) => `${one.name} ${one.environment}`} />
                )}
              </Panel>
            </div>
          );
        }}
      </Answer>
      <NewSource open={state.new} onClose={() => set({ new: false })} />
    </>
  );
}

function useColumns(): Column<SourceHealth>[] {
  const { t } = useText('sources');
  const format = useFormats();
  const flagged = (one: SourceHealth) => one.flagged.reduce((sum, told) => sum + told.events, 0);
  const away = (one: SourceHealth) => one.turned_away.reduce((sum, told) => sum + told.requests, 0);
  return [
    {
      key: 'name',
      title: t('column.name'),
      render: (one) => (
        <>
          <Link to={`/collect/sources/${one.name}`}>{one.name}</Link>
          <Environment of={one.environment} />
        </>
      ),
    },
    { key: 'state', title: t('column.state'), render: (one) => <SourceState of={one} /> },
    {
      key: 'minutes',
      title: t('column.minutes'),
      width: 196,
      render: ({ minutes }) => <Spark values={minutes} label={t('spark', { n: format.int(minutes.reduce((sum, one) => sum + one, 0)) })} />,
    },
    { key: 'last', title: t('column.last'), render: (one) => <When at={one.last_at} /> },
    { key: 'received', title: t('column.received'), numeric: true, render: (one) => <Num value={one.received} /> },
    { key: 'stored', title: t('column.stored'), numeric: true, render: (one) => <Num value={one.stored} /> },
    { key: 'flagged', title: t('column.flagged'), numeric: true, render: (one) => <Num value={flagged(one)} /> },
    { key: 'refused', title: t('column.refused'), numeric: true, render: (one) => <Num value={one.refused} /> },
    { key: 'waiting', title: t('column.waiting'), numeric: true, render: (one) => <Num value={one.waiting} /> },
    { key: 'away', title: t('column.turnedAway'), numeric: true, render: (one) => <Num value={away(one)} /> },
  ];
}
