import { Button, Popconfirm } from 'antd';
import { useNavigate } from 'react-router';
import { useForget, usePause, useRunNow, type Kind } from '@/api/queries/intake';
import { useText } from '@/i18n/text';
import { Refusal } from '@/ui/Refusal/Refusal';

interface Props {
  kind: Kind;
  name: string;
  paused: boolean;
}

/** Run at once, pause or go on, forget. */
export function IntakeActions({ kind, name, paused }: Props) {
  const { t } = useText('intake');
  const navigate = useNavigate();
  const run = useRunNow(kind, name);
  const pause = usePause(kind, name);
  const forget = useForget(kind, name, () => void navigate('/collect/intake'));
  const failed = run.error ?? pause.error ?? forget.error;
  return (
    <>
      {failed && <Refusal error={failed} />}
      <Button loading={pause.isPending} onClick={() => pause.mutate(!paused)}>
        {t(paused ? 'resume' : 'pause')}
      </Button>
      <Popconfirm
        title={t(`forget.${kind}`, { name })}
        description={t('forget.words')}
        okText={t('forget.action')}
        onConfirm={() => forget.mutate()}
      >
        <Button danger loading={forget.isPending}>
          {t('forget.action')}
        </Button>
      </Popconfirm>
      <Button type="primary" loading={run.isPending} onClick={() => run.mutate(undefined)}>
        {t(`run.${kind}`)}
      </Button>
    </>
  );
}
