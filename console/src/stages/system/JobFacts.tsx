import type { Job } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { seconds } from '@/lib/jobTime';
import { Facts } from '@/ui/Facts/Facts';
import { Freshness } from '@/ui/Freshness/Freshness';
import { JobStatus } from '@/ui/JobStatus/JobStatus';
import { Result } from './Result';

/** What a computation did, what it cost, and what came of it. */
export function JobFacts({ job }: { job: Job }) {
  const { t } = useText('jobs');
  const { word } = useWords();
  const format = useFormats();
  return (
    <>
      <Facts
        facts={[
          [t('column.status'), <JobStatus key="status" job={job} />],
          [t('column.stage'), word('stage', job.stage)],
          [t('column.started'), format.stamp(job.started_at)],
          [t('ended'), format.stamp(job.ended_at)],
          [t('column.took'), format.duration(seconds(job))],
          [t('column.cpu'), format.duration(job.cpu_seconds)],
          [t('column.rows'), format.int(job.rows_read)],
          ...(job.reason ? [[t('reason'), job.reason] as const] : []),
          ...(job.hint ? [[t('hint'), job.hint] as const] : []),
        ]}
      />
      <Result result={job.result} />
      <Freshness call={{ path: `/api/jobs/${job.job}` }} />
    </>
  );
}
