import { useText } from '@/i18n/text';
import type { Overview } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { PeopleCount } from '@/ui/PeopleCount/PeopleCount';
import { Stat, Stats } from '@/ui/Stat/Stat';
import { Money, Num } from '@/ui/Values/Values';

/** The range in five numbers, each beside the whole time. */
export function Totals({ overview }: { overview: Overview }) {
  const { t } = useText('overview');
  const format = useFormats();
  const { people, orders, events, net_revenue, totals, days, buyers } = overview;
  return (
    <Stats>
      <Stat
        label={t('people')}
        value={<PeopleCount people={people} condition={null} short label={t('people')} />}
        note={t('everybody')}
      />
      <Stat
        label={t('buyers')}
        value={<PeopleCount people={buyers.people} condition={buyers.condition} short label={t('buyers')} />}
        note={t('ofEverybody', { share: format.share(buyers.people, people) })}
      />
      <Stat label={t('orders')} value={<Num value={orders} short />} note={t('ordersNote', { daily: format.number(Math.round((orders / days.length) * 10) / 10), n: format.compact(totals.orders) })} />
      <Stat
        label={t('net')}
        value={<Money value={net_revenue} short />}
        note={t('inTotal', { n: format.compactMoney(totals.net_revenue) })}
      />
      <Stat
        label={t('perOrder')}
        value={<Money value={orders > 0 ? Number(net_revenue) / orders : null} />}
        note={totals.orders > 0 && t('allTime', { n: format.money(Number(totals.net_revenue) / totals.orders) })}
      />
      <Stat label={t('events')} value={<Num value={events} short />} note={t('inTotal', { n: format.compact(totals.events) })} />
    </Stats>
  );
}
