import { Alert, Button, Popconfirm } from 'antd';
import { useEffect, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from 'react-router';
import { useCampaignPlan, useDeleteCampaign, useRecipientsFile, useSend } from '@/api/queries/campaigns';
import { useJob } from '@/api/queries/jobs';
import type { Campaign } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { Failure } from '@/ui/StateView/Answer';

/** A draft is sent or deleted; the list of one that goes into a file is downloaded. */
export function CampaignActions({ campaign }: { campaign: Campaign }) {
  const { t } = useText('campaigns');
  const { campaign: number, state, sink } = campaign;
  return (
    <>
      {state !== 'sent' && <Send campaign={number} isDraft={state === 'draft'} isFile={sink === 'file'} />}
      {state === 'draft' && <Delete campaign={number} />}
      {state === 'sent' && sink === 'file' && <Download campaign={number} label={t('file.action')} />}
    </>
  );
}

// One component before and after the assignment, so that what came of the job stays told.
function Send({ campaign, isDraft, isFile }: { campaign: number; isDraft: boolean; isFile: boolean }) {
  const { t } = useText('campaigns');
  const format = useFormats();
  const plan = useCampaignPlan(campaign, { enabled: isDraft }).data;
  const going = useGoing(campaign);
  const words = plan && t('send.words', { treatment: format.int(plan.treatment), holdout: format.int(plan.holdout) });
  return (
    <>
      {isDraft ? (
        <Popconfirm
          title={t('send.sure')}
          description={isFile ? <>{words}<br />{t('send.file')}</> : words}
          okText={t('send.action')}
          onConfirm={going.start}
        >
          <Button type="primary" loading={going.isGoing} disabled={!plan?.treatment}>
            {t('send.action')}
          </Button>
        </Popconfirm>
      ) : (
        <Button type="primary" loading={going.isGoing} onClick={going.start}>
          {t('send.again')}
        </Button>
      )}
      {going.told}
    </>
  );
}

// The job is watched; the campaign is asked for anew when it ends, well or not.
function useGoing(campaign: number) {
  const { t } = useText('campaigns');
  const client = useQueryClient();
  const send = useSend(campaign);
  const [job, setJob] = useState(0);
  const watched = useJob(job, { enabled: job > 0 });
  const status = watched.data?.status;
  const isGoing = send.isPending || (job > 0 && (!status || status === 'running'));
  useEffect(() => {
    if (status && status !== 'running') void client.invalidateQueries({ queryKey: ['campaigns'] });
  }, [status, client]);
  return {
    isGoing,
    start: () => send.mutate(undefined, { onSuccess: (begun) => setJob(begun.job) }),
    told: (
      <>
        {send.error && <Failure error={send.error} />}
        {job > 0 && isGoing && <Link to={`/system/jobs/${job}`}>{t('send.going', { job })}</Link>}
        {status && status !== 'running' && status !== 'done' && (
          <Alert
            type="error"
            role="alert"
            showIcon
            title={<Link to={`/system/jobs/${job}`}>{t('send.failed', { job })}</Link>}
            description={[watched.data?.reason, watched.data?.hint].filter(Boolean).join(' ')}
          />
        )}
      </>
    ),
  };
}

function Delete({ campaign }: { campaign: number }) {
  const { t } = useText('campaigns');
  const navigate = useNavigate();
  const remove = useDeleteCampaign();
  return (
    <>
      <Popconfirm
        title={t('delete.sure')}
        okText={t('delete.action')}
        onConfirm={() => remove.mutate(campaign, { onSuccess: () => void navigate('/act/campaigns') })}
      >
        <Button danger loading={remove.isPending}>
          {t('delete.action')}
        </Button>
      </Popconfirm>
      {remove.error && <Failure error={remove.error} />}
    </>
  );
}

function Download({ campaign, label }: { campaign: number; label: string }) {
  const { t } = useText('campaigns');
  const format = useFormats();
  const file = useRecipientsFile(campaign);
  return (
    <>
      <span aria-live="polite" className="muted">
        {file.data !== undefined && t('file.done', { n: format.int(file.data) })}
      </span>
      <Button loading={file.isPending} onClick={() => file.mutate()}>
        {label}
      </Button>
      {file.error && <Failure error={file.error} />}
    </>
  );
}
