import type { Batch } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { DetailDrawer } from '@/ui/DetailDrawer/DetailDrawer';
import { Facts } from '@/ui/Facts/Facts';
import { Freshness } from '@/ui/Freshness/Freshness';
import { LinkButton } from '@/ui/LinkButton/LinkButton';
import { Num, When } from '@/ui/Values/Values';
import { BatchState } from './BatchState';

/** An import at a glance, beside the list. */
export function BatchPeek({ batch, onClose }: { batch: Batch | undefined; onClose(): void }) {
  const { t } = useText('imports');
  return (
    <DetailDrawer open={batch !== undefined} title={<bdi>{batch?.file}</bdi>} onClose={onClose}>
      {batch && (
        <div className="stack">
          <div className="row">
            <LinkButton type="primary" to={`/collect/imports/${batch.batch}`}>
              {t('openPage')}
            </LinkButton>
          </div>
          <Facts
            facts={[
              [t('column.batch'), batch.batch],
              [t('column.source'), batch.source],
              [t('column.state'), <BatchState key="state" batch={batch} />],
              [t('column.read'), <Num key="read" value={batch.read} />],
              [t('column.accepted'), <Num key="accepted" value={batch.accepted} />],
              [t('column.refused'), <Num key="refused" value={batch.refused_rows} />],
              [t('column.done'), <When key="done" at={batch.done_at} as="minute" />],
            ]}
          />
          <Freshness call={{ path: `/api/imports/${batch.batch}` }} command={`qianmian import refused ${batch.batch}`} />
        </div>
      )}
    </DetailDrawer>
  );
}
