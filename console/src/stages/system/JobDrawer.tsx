import type { Job } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { DetailDrawer } from '@/ui/DetailDrawer/DetailDrawer';
import { LinkButton } from '@/ui/LinkButton/LinkButton';
import { JobFacts } from './JobFacts';

/** One computation beside the list. */
export function JobDrawer({ job, onClose }: { job: Job | undefined; onClose(): void }) {
  const { t } = useText('jobs');
  const { word } = useWords();
  return (
    <DetailDrawer open={job !== undefined} title={job && `${word('job', job.kind)} #${job.job}`} onClose={onClose}>
      {job && (
        <div className="stack">
          <div className="row">
            <LinkButton type="primary" to={`/system/jobs/${job.job}`}>
              {t('openPage')}
            </LinkButton>
          </div>
          <JobFacts job={job} />
        </div>
      )}
    </DetailDrawer>
  );
}
