import { useProfile } from '@/api/queries/people';
import { useTags } from '@/api/queries/tags';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { strongestFirst } from '@/lib/identifiers';
import { DetailDrawer } from '@/ui/DetailDrawer/DetailDrawer';
import { Facts } from '@/ui/Facts/Facts';
import { Freshness } from '@/ui/Freshness/Freshness';
import { IdChip, PersonId } from '@/ui/IdChip/IdChip';
import { LinkButton } from '@/ui/LinkButton/LinkButton';
import { Answer } from '@/ui/StateView/Answer';

const shown = [
  'lifecycle', 'rfm', 'orders_total', 'net_revenue', 'average_order', 'last_order_on', 'last_seen_at', 'first_seen_at',
  'preferred_category', 'preferred_brand', 'preferred_price_band', 'region', 'channel', 'device_type', 'active_hour',
];

/** A person at a glance, beside the list. */
export default function PersonPeek({ person, onClose }: { person: string; onClose(): void }) {
  const { t } = useText('people');
  const { title, tagValue } = useWords();
  const profile = useProfile(`person:${person}`, { enabled: person !== '' });
  const tags = useTags();
  return (
    <DetailDrawer open={person !== ''} title={t('person.title', { person })} onClose={onClose}>
      {person !== '' && (
        <Answer of={profile} rows={10}>
          {(told) => (
            <div className="stack">
              <div className="row">
                <LinkButton type="primary" to={`/profile/people/${told.person}`}>
                  {t('peek.open')}
                </LinkButton>
              </div>
              <ul className="row wrap" aria-label={t('id.label')}>
                <li>
                  <PersonId person={told.person} />
                </li>
                {strongestFirst(told.identifiers).map((identifier) => (
                  <li key={`${identifier.namespace}:${identifier.value}`}>
                    <IdChip identifier={identifier} />
                  </li>
                ))}
              </ul>
              <Facts
                facts={shown.flatMap((name) => {
                  const value = told.tags.find((tag) => tag.name === name);
                  const tag = tags.data?.find((one) => one.name === name);
                  return value && value.value !== null ? [[title(value), tagValue(tag, value.value)] as const] : [];
                })}
              />
              <Freshness
                computed={told.computed}
                call={{ path: `/api/profiles/person:${told.person}` }}
                command={`qianmian profile show person:${told.person}`}
              />
            </div>
          )}
        </Answer>
      )}
    </DetailDrawer>
  );
}
