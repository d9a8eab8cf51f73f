import { Button } from 'antd';
import { useClusters, useRunClusters } from '@/api/queries/clusters';
import { useJobs } from '@/api/queries/jobs';
import type { ClusterRun } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { Freshness } from '@/ui/Freshness/Freshness';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { Refusal } from '@/ui/Refusal/Refusal';
import { Stat, Stats } from '@/ui/Stat/Stat';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { When } from '@/ui/Values/Values';
import { ClusterCard } from './ClusterCard';
import './clusters.css';

/** Kinds of people that nobody thought of: what the last run found, and another run. */
export default function Clusters() {
  const { t } = useText('clusters');
  const clusters = useClusters();
  const run = useRunClusters();
  const newest = useJobs(5).data?.find((job) => job.kind === 'cluster');
  const isRunning = run.isPending || newest?.status === 'running';
  const start = (
    <Button type="primary" loading={isRunning} onClick={() => run.mutate()}>
      {t(isRunning ? 'running' : 'run')}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={t('title')}
        purpose={t('purpose')}
        actions={clusters.data && start}
        freshness={<Freshness call={{ path: '/api/clusters' }} command="qianmian cluster show" />}
      />
      <div className="stack">
        {run.error && <Refusal error={run.error} />}
        {newest?.status === 'failed' && <StateView case="stale" words={[t('failed'), newest.reason].filter(Boolean).join(' · ')} />}
        <Answer of={clusters} rows={10}>
          {(told) =>
            told ? (
              <Found run={told} />
            ) : (
              <Panel>
                <StateView case="new" title={t('none')} words={t('noneWords')} action={start} />
              </Panel>
            )
          }
        </Answer>
      </div>
    </>
  );
}

function Found({ run }: { run: ClusterRun }) {
  const { t } = useText('clusters');
  const format = useFormats();
  const titles = Object.fromEntries(run.measures.map((one) => [one.tag, one]));
  return (
    <>
      <Stats>
        <Stat label={t('count')} value={format.int(run.clusters.length)} note={t('ofPeople', { n: format.int(run.of_people) })} />
        <Stat label={t('agreement')} value={format.percent(run.agreement)} note={t('price', { n: format.number(run.price) })} />
        <Stat label={t('silhouette')} value={format.number(run.silhouette)} note={t('silhouetteNote')} />
        <Stat label={t('stability')} value={format.number(run.stability)} note={t('stabilityNote')} />
        <Stat label={t('ran')} value={<When at={run.created_at} as="minute" />} note={t('ranNote', { build: run.build })} />
      </Stats>
      {run.is_weak && <StateView case="stale" words={t('weak')} />}
      <div className="clusters">
        {run.clusters.map((one) => (
          <ClusterCard key={one.cluster} cluster={one} measures={titles} ofPeople={run.of_people} />
        ))}
      </div>
    </>
  );
}
