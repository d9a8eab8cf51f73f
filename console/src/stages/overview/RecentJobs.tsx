import { useText } from '@/i18n/text';
import { Link } from 'react-router';
import type { Job } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useWords } from '@/i18n/words';
import { seconds } from '@/lib/jobTime';
import { JobStatus } from '@/ui/JobStatus/JobStatus';
import { Panel } from '@/ui/Panel/Panel';
import { When } from '@/ui/Values/Values';
import './recentJobs.css';

export function RecentJobs({ jobs, className }: { jobs: readonly Job[]; className: string }) {
  const { t } = useText('overview');
  const { word } = useWords();
  const format = useFormats();
  return (
    <Panel title={t('jobs.title')} className={className} actions={<Link to="/system/jobs">{t('jobs.all')}</Link>}>
      <ul>
        {jobs.map((job) => (
          <li key={job.job} className="recent-job">
            <Link to={`/system/jobs?job=${job.job}`}>
              {word('job', job.kind)} <span className="number">#{job.job}</span>
            </Link>
            <JobStatus job={job} />
            <span className="muted number">{format.duration(seconds(job))}</span>
            <span className="muted recent-when">
              <When at={job.started_at} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
