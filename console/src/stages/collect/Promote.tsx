import { Button } from 'antd';
import { usePromote } from '@/api/queries/plan';
import { useText } from '@/i18n/text';
import { Refusal } from '@/ui/Refusal/Refusal';

/** What was seen becomes planned: an event with all that it has, or one property of it. */
export function Promote({ event, property }: { event: string; property: string }) {
  const { t } = useText('plan');
  const promote = usePromote();
  return (
    <>
      <Button
        size="small"
        loading={promote.isPending}
        aria-label={t('promoteOne', { name: property || event })}
        onClick={() => promote.mutate({ event, property })}
      >
        {t('promote')}
      </Button>
      {promote.error && <Refusal error={promote.error} />}
    </>
  );
}
