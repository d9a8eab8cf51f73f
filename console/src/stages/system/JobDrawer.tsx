import { useText } from '@/i18n/text';
import type { Job } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useWords } from '@/i18n/words';
import { seconds } from '@/lib/jobTime';
import { DetailDrawer } from '@/ui/DetailDrawer/DetailDrawer';
import { Facts } from '@/ui/Facts/Facts';
import { Freshness } from '@/ui/Freshness/Freshness';
import { JobStatus } from '@/ui/JobStatus/JobStatus';
import { Result } from './Result';

/** One computation, with what came of it. */
export function JobDrawer({ job, onClose }: { job: Job | undefined; onClose(): void }) {
  const { t } = useText('jobs');
  const { word } = useWords();
  const format = useFormats();
  return (
    <DetailDrawer open={job !== undefined} title={job && `${word('job', job.kind)} #${job.job}`} onClose={onClose}>
      {job && (
        <div className="stack">
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
        </div>
      )}
    </DetailDrawer>
  );
}
