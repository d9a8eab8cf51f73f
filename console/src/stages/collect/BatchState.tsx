import '@/ui/JobStatus/jobStatus.css';
import { useText } from '@/i18n/text';
import type { Batch } from '@/api/shapes';

/** Whether an import stands, was undone or never came to its end. */
export function BatchState({ batch }: { batch: Batch }) {
  const { t } = useText('imports');
  const state = batch.undone_at ? 'undone' : batch.done_at ? 'stands' : 'unfinished';
  return (
    <>
      <span className="job-status" data-status={{ undone: 'cancelled', stands: 'done', unfinished: 'failed' }[state]}>
        {t(`state.${state}`)}
      </span>
      {batch.is_backfill && <span className="muted"> {t('backfill')}</span>}
    </>
  );
}
