import { useText } from '@/i18n/text';
import type { Overview } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { MetricName } from '@/ui/Metric/MetricName';
import { useUnit } from '@/ui/Metric/useUnit';
import { PeopleCount } from '@/ui/PeopleCount/PeopleCount';
import { Stat, Stats } from '@/ui/Stat/Stat';
import { Money, Num } from '@/ui/Values/Values';

type Shown = Overview['metrics'][number];

/** The range in a few metrics of the dictionary, each beside the whole time. */
export function Totals({ overview }: { overview: Overview }) {
  return (
    <Stats>
      {overview.metrics.map((shown) => (
        <Stat
          key={shown.metric.name}
          label={<MetricName metric={shown.metric} />}
          value={<Value shown={shown} overview={overview} />}
          note={<Note shown={shown} overview={overview} />}
        />
      ))}
    </Stats>
  );
}

interface Props {
  shown: Shown;
  overview: Overview;
}

function Value({ shown: { metric, value }, overview }: Props) {
  if (metric.unit === 'people') {
    const condition = metric.name === 'buyers' ? overview.buyers.condition : null;
    return <PeopleCount people={Number(value)} condition={condition} short label={metric.title} />;
  }
  return metric.unit === 'money' ? <Money value={value} short={metric.name === 'net_revenue'} /> : <Num value={value} short />;
}

function Note({ shown: { metric, value, all_time }, overview }: Props) {
  const { t } = useText('overview');
  const format = useFormats();
  const unit = useUnit(metric.unit);
  switch (metric.name) {
    case 'known_people':
      return t('everybody');
    case 'buyers':
      return t('ofEverybody', { share: format.share(Number(value), overview.people) });
    case 'orders':
      return t('ordersNote', { daily: format.number(Math.round((Number(value) / overview.days.length) * 10) / 10), n: format.compact(all_time) });
    case 'net_per_order':
      return all_time !== null && t('allTime', { n: unit.show(all_time) });
    default:
      return t('inTotal', { n: unit.short(all_time) });
  }
}
