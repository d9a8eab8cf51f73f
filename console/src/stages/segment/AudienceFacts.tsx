import { useAudienceUses } from '@/api/queries/syncs';
import type { SavedAudience } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { NONE } from '@/lib/format';
import { Facts } from '@/ui/Facts/Facts';
import { PeopleCount } from '@/ui/PeopleCount/PeopleCount';
import { Uses } from '@/ui/Uses/Uses';
import { When } from '@/ui/Values/Values';
import './audiences.css';

interface Props {
  audience: SavedAudience;
  /** Whether its last count is told; a page counts anew. */
  count?: boolean;
}

/** What is kept of an audience: its last count, its condition, who saved it and when. */
export function AudienceFacts({ audience, count = false }: Props) {
  const { t } = useText('audiences');
  const format = useFormats();
  const uses = useAudienceUses(audience.audience).data ?? [];
  const told = (by: string, at: string) => (
    <>
      {by || t('nobodyNamed')} · <When at={at} as="minute" />
    </>
  );
  const counted = [
    [
      t('column.people'),
      <span key="people">
        <PeopleCount people={audience.people} condition={audience.lists} label={t('column.people')} />{' '}
        <span className="muted">{t('ofPeople', { n: format.int(audience.of_people) })}</span>
      </span>,
    ],
    [t('column.asOf'), <When key="asOf" at={audience.computed_at} as="minute" />],
  ] as const;
  return (
    <Facts
      facts={[
        ...(count ? counted : []),
        [t('condition'), <code key="condition">{audience.condition}</code>],
        [t('column.note'), <bdi key="note" className="audience-note">{audience.note || NONE}</bdi>],
        [t('column.usedIn'), uses.length > 0 ? <Uses key="used" uses={uses} /> : <span key="used" className="muted">{t('unused')}</span>],
        [t('column.created'), told(audience.created_by, audience.created_at)],
        [t('column.changed'), told(audience.changed_by, audience.changed_at)],
      ]}
    />
  );
}
