import type { KeptApart } from '@/api/shapes';
import { useKeptApartEvent } from '@/api/queries/plan';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { NONE } from '@/lib/format';
import { DetailDrawer } from '@/ui/DetailDrawer/DetailDrawer';
import { Facts } from '@/ui/Facts/Facts';
import { JsonView } from '@/ui/JsonView/JsonView';
import { Answer } from '@/ui/StateView/Answer';
import { When } from '@/ui/Values/Values';

/** One event that is kept apart: why, and what it holds. */
export function ApartDrawer({ of, onClose }: { of: KeptApart | undefined; onClose(): void }) {
  const { t } = useText('plan');
  const { word } = useWords();
  const found = useKeptApartEvent(of?.id ?? '');
  return (
    <DetailDrawer wide open={of !== undefined} title={<bdi>{of?.event || NONE}</bdi>} onClose={onClose}>
      {of && (
        <div className="stack">
          <Facts
            facts={[
              [t('apart.why'), word('reason', of.reason)],
              [t('apart.detail'), of.detail],
              [t('property.name'), <code key="property">{of.property || NONE}</code>],
              [t('apart.source'), of.source],
              [t('apart.at'), <When key="at" at={of.refused_at} as="minute" />],
            ]}
          />
          <h3>
            {t('apart.holds')} <span className="panel-note">{t('apart.masked')}</span>
          </h3>
          <Answer of={found} rows={6}>
            {({ content }) => (content ? <JsonView value={content} /> : <p className="muted">{t('apart.unshown')}</p>)}
          </Answer>
        </div>
      )}
    </DetailDrawer>
  );
}
