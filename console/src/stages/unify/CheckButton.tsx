import { Button } from 'antd';
import { useJobs } from '@/api/queries/jobs';
import { useCheck } from '@/api/queries/quality';
import { useText } from '@/i18n/text';
import { Refusal } from '@/ui/Refusal/Refusal';

/** Measures everything anew, as a job; while one goes on it can only be waited for. */
export function CheckButton() {
  const { t } = useText('quality');
  const check = useCheck();
  const jobs = useJobs(5);
  const isChecking = check.isPending || (jobs.data?.some((job) => job.kind === 'check' && job.status === 'running') ?? false);
  return (
    <>
      {check.error && <Refusal error={check.error} />}
      <Button type="primary" loading={isChecking} onClick={() => check.mutate()}>
        {isChecking ? t('checking') : t('check')}
      </Button>
    </>
  );
}
