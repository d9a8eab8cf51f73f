import { Link, useParams } from 'react-router';
import { useJob } from '@/api/queries/jobs';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { Answer } from '@/ui/StateView/Answer';
import { JobFacts } from './JobFacts';

/** One computation on a page of its own, which can be sent to somebody. */
export default function Job() {
  const { t } = useText('jobs');
  const { word } = useWords();
  const number = Number(useParams().job);
  const job = useJob(number);
  return (
    <>
      <PageHeader
        above={<Link to="/system/jobs">{t('title')}</Link>}
        title={job.data ? `${word('job', job.data.kind)} #${number}` : `#${number}`}
      />
      <Panel>
        <Answer of={job} rows={8}>
          {(told) => <JobFacts job={told} />}
        </Answer>
      </Panel>
    </>
  );
}
