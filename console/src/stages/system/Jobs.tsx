import { Button, Progress } from 'antd';
import { Link } from 'react-router';
import { useText } from '@/i18n/text';
import { useCancelJob, useJobs } from '@/api/queries/jobs';
import type { Job } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useWords } from '@/i18n/words';
import { seconds } from '@/lib/jobTime';
import { useNow } from '@/lib/now';
import { flag, int, useUrlState } from '@/lib/urlState';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { Freshness } from '@/ui/Freshness/Freshness';
import { JobStatus } from '@/ui/JobStatus/JobStatus';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { Num, When } from '@/ui/Values/Values';
import { BuildDrawer } from './BuildDrawer';
import { JobDrawer } from './JobDrawer';

const LIMIT = 100;
const schema = { job: int(0), build: flag() };

/** Every computation: what it does, how far it is, what came of it. */
export default function Jobs() {
  const { t } = useText('jobs');
  const [{ job: open, build }, set] = useUrlState(schema);
  const jobs = useJobs(LIMIT);
  const columns = useColumns(jobs.data?.some((job) => job.status === 'running') ?? false);
  return (
    <>
      <PageHeader
        title={t('title')}
        purpose={t('purpose')}
        actions={
          <Button type="primary" onClick={() => set({ build: true })}>
            {t('build.open')}
          </Button>
        }
        freshness={<Freshness call={{ path: '/api/jobs', query: { limit: LIMIT } }} command={`qianmian jobs --limit ${LIMIT}`} />}
      />
      <Panel flush>
        <Answer of={jobs} rows={10}>
          {(rows) =>
            rows.length === 0 ? (
              <StateView case="new" title={t('none')} words={t('noneWords')} />
            ) : (
              <DataTable
                name="jobs"
                caption={t('title')}
                columns={columns}
                rows={rows}
                rowKey={(job) => String(job.job)}
                onOpen={(job) => set({ job: job.job })}
                selected={open ? String(open) : undefined}
              />
            )
          }
        </Answer>
      </Panel>
      <JobDrawer job={jobs.data?.find((job) => job.job === open)} onClose={() => set({ job: 0 })} />
      <BuildDrawer open={build} onClose={() => set({ build: false })} onStarted={(job) => set({ build: false, job })} />
    </>
  );
}

function useColumns(running: boolean): Column<Job>[] {
  const { t } = useText('jobs');
  const { word } = useWords();
  const format = useFormats();
  const now = useNow();
  const act: Column<Job> = {
    key: 'act',
    title: t('column.act'),
    render: (job) => job.status === 'running' && <Cancel job={job.job} />,
  };
  return [
    { key: 'job', title: t('column.job'), numeric: true, width: 72, render: (job) => <Link to={`/system/jobs/${job.job}`}>{job.job}</Link> },
    { key: 'kind', title: t('column.kind'), render: (job) => word('job', job.kind) },
    { key: 'status', title: t('column.status'), render: (job) => <JobStatus job={job} /> },
    {
      key: 'stage',
      title: t('column.stage'),
      width: 240,
      render: (job) => <Stage job={job} words={word('stage', job.stage)} />,
    },
    { key: 'rows', title: t('column.rows'), numeric: true, render: (job) => <Num value={job.rows_read} /> },
    { key: 'took', title: t('column.took'), numeric: true, render: (job) => format.duration(seconds(job, now)) },
    {
      key: 'cpu',
      title: t('column.cpu'),
      numeric: true,
      render: (job) => format.duration(job.cpu_seconds),
    },
    { key: 'started', title: t('column.started'), render: (job) => <When at={job.started_at} /> },
    ...(running ? [act] : []),
  ];
}

function Stage({ job, words }: { job: Job; words: string }) {
  if (job.status !== 'running') return <span className="muted">{words}</span>;
  const percent = job.steps > 0 ? Math.round((job.steps_done / job.steps) * 100) : undefined;
  return (
    <span className="row">
      {words} {percent !== undefined && <Progress percent={percent} size="small" />}
    </span>
  );
}

function Cancel({ job }: { job: number }) {
  const { t } = useText('jobs');
  const cancel = useCancelJob();
  return (
    <Button loading={cancel.isPending} onClick={() => cancel.mutate(job)}>
      {t('cancel')}
    </Button>
  );
}
