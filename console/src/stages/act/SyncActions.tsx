import { Alert, Button, Popconfirm } from 'antd';
import { useEffect, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from 'react-router';
import { useJob } from '@/api/queries/jobs';
import { useDecideSync, useDeleteSync, usePauseSync, useRunSync } from '@/api/queries/syncs';
import type { Sync } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { Failure } from '@/ui/StateView/Answer';

/** A sync is approved or refused, run, paused and deleted. */
export function SyncActions({ sync }: { sync: Sync }) {
  const isAsked = sync.state === 'asked' || sync.state === 'refused';
  return (
    <>
      {isAsked ? <Decide sync={sync} /> : <Run sync={sync.sync} />}
      {!isAsked && sync.state !== 'ending' && <Pause sync={sync} />}
      <Delete sync={sync} />
    </>
  );
}

function Decide({ sync }: { sync: Sync }) {
  const { t } = useText('syncs');
  const decide = useDecideSync(sync.sync);
  return (
    <>
      <Button type="primary" loading={decide.isPending} onClick={() => decide.mutate(true)}>
        {t('approve')}
      </Button>
      {sync.state === 'asked' && <Button onClick={() => decide.mutate(false)}>{t('refuse')}</Button>}
      {decide.error && <Failure error={decide.error} />}
    </>
  );
}

// The job is watched; the sync is asked for anew when it ends, well or not.
function Run({ sync }: { sync: number }) {
  const { t } = useText('syncs');
  const client = useQueryClient();
  const run = useRunSync(sync);
  const [job, setJob] = useState(0);
  const status = useJob(job, { enabled: job > 0 }).data?.status;
  const isGoing = run.isPending || (job > 0 && (!status || status === 'running'));
  useEffect(() => {
    if (status && status !== 'running') void client.invalidateQueries({ queryKey: ['syncs'] });
  }, [status, client]);
  return (
    <>
      <Button type="primary" loading={isGoing} onClick={() => run.mutate(undefined, { onSuccess: (begun) => setJob(begun.job) })}>
        {t('run')}
      </Button>
      {run.error && <Failure error={run.error} />}
      {status && status !== 'running' && status !== 'done' && (
        <Alert type="error" role="alert" showIcon title={<Link to={`/system/jobs/${job}`}>{t('jobFailed', { job })}</Link>} />
      )}
    </>
  );
}

function Pause({ sync }: { sync: Sync }) {
  const { t } = useText('syncs');
  const pause = usePauseSync(sync.sync);
  const rests = sync.state === 'paused' || sync.state === 'stopped';
  return (
    <Button loading={pause.isPending} onClick={() => pause.mutate(!rests)}>
      {t(rests ? 'resume' : 'pause')}
    </Button>
  );
}

function Delete({ sync }: { sync: Sync }) {
  const { t } = useText('syncs');
  const format = useFormats();
  const navigate = useNavigate();
  const remove = useDeleteSync();
  const gone = sync.held === 0 || sync.state === 'ending';
  const words = gone ? t('delete.forget') : t('delete.takeBack', { n: format.int(sync.held) });
  return (
    <>
      <Popconfirm
        title={t('delete.sure')}
        description={words}
        okText={t('delete.action')}
        onConfirm={() => remove.mutate(sync.sync, { onSuccess: () => void navigate('/act/syncs') })}
      >
        <Button danger loading={remove.isPending}>
          {t('delete.action')}
        </Button>
      </Popconfirm>
      {remove.error && <Failure error={remove.error} />}
    </>
  );
}
