import { Button } from 'antd';
import { Link } from 'react-router';
import { useReplayPlan } from '@/api/queries/plan';
import type { Plan } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { Refusal } from '@/ui/Refusal/Refusal';
import { StateView } from '@/ui/StateView/StateView';

/** How many events the mode kept apart, and the way back for those that the plan has by now. */
export function KeptApart({ waiting }: { waiting: Plan['waiting'] }) {
  const { t } = useText('plan');
  const format = useFormats();
  const replay = useReplayPlan();
  const events = waiting.reduce((sum, one) => sum + one.events, 0);
  const done = replay.data;
  const told = done && t('replay.done', { read: format.int(done.read), stored: format.int(done.stored + done.duplicates), waiting: format.int(done.waiting) });
  if (events === 0) return told ? <p role="status">{told}</p> : null;
  return (
    <>
      <StateView
        case="stale"
        words={told ?? t('replay.waiting', { count: events, n: format.int(events) })}
        action={
          <>
            <Button size="small" loading={replay.isPending} onClick={() => replay.mutate([])}>
              {t('replay.action')}
            </Button>
            <Link to="/collect/plan/apart">{t('apart.open')}</Link>
          </>
        }
      />
      {replay.error && <Refusal error={replay.error} />}
    </>
  );
}
