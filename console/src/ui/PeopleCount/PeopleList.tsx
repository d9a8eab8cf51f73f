import { useText } from '@/i18n/text';
import type { Found } from '@/api/shapes';
import { useWords } from '@/i18n/words';
import { PersonLink } from '@/ui/PersonLink/PersonLink';
import { Money, Num, When } from '@/ui/Values/Values';
import './peopleList.css';

/** People in short: two lines each. */
export function PeopleList({ people }: { people: readonly Found[] }) {
  const { t } = useText('people');
  const { word } = useWords();
  return (
    <ul className="people-list">
      {people.map((one) => (
        <li key={one.person} className="people-item">
          <div className="row spread">
            <PersonLink person={one.person} identifiers={one.identifiers} />
            <span>{word('value', one.lifecycle)}</span>
          </div>
          <div className="row spread muted">
            <span className="ellipsis">
              {[one.region, word('value', one.channel), one.preferred_category].filter(Boolean).join(' · ')}
            </span>
            <span className="number">
              {t('drawer.orders')} <Num value={one.orders_total} /> · <Money value={one.net_revenue} /> ·{' '}
              <When at={one.last_seen_at} as="age" />
            </span>
          </div>
        </li>
      ))}
    </ul>
  );
}
