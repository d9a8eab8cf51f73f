import type { MetricMeaning } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';

type Told = number | string | null | undefined;

/** How the numbers of a metric are shown, by what they count. */
export function useUnit(unit: MetricMeaning['unit']) {
  const format = useFormats();
  const { t } = useText();
  switch (unit) {
    case 'money':
      return { show: format.money, short: format.compactMoney, axis: format.axisMoney };
    case 'share':
      return { show: format.percent, short: format.percent, axis: format.percent };
    case 'days': {
      const days = (value: Told) => (value === null || value === undefined ? format.number(value) : t('metric.days', { n: format.number(value) }));
      return { show: days, short: days, axis: format.number };
    }
    default:
      return { show: format.number, short: (value: Told) => (Math.abs(Number(value)) < 10_000 ? format.number(value) : format.compact(value)), axis: format.axis };
  }
}
