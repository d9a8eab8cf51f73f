import { Segmented } from 'antd';
import { useText } from '@/i18n/text';
import type { Day, Overview } from '@/api/shapes';
import { Chart, type Series } from '@/charts/Chart';
import { useFormats } from '@/i18n/place';
import { oneOf, useUrlState } from '@/lib/urlState';
import { Panel } from '@/ui/Panel/Panel';
import { useOpenPeople } from '@/ui/PeopleCount/openPeople';
import { DaysTable } from './DaysTable';
import type { DayTitles } from './titles';

const metrics = ['net', 'orders', 'buyers', 'events'] as const;
const schema = { metric: oneOf(metrics, 'net') };

interface Props {
  titles: DayTitles;
  days: readonly Day[];
  marks: Overview['marks'];
  className: string;
}

/** How the shop went, date by date; a click on a date opens its buyers. */
export function TrendPanel({ titles, days, marks, className }: Props) {
  const { t } = useText('overview');
  const format = useFormats();
  const open = useOpenPeople();
  const [{ metric }, set] = useUrlState(schema);
  const series: Series = {
    key: metric,
    title: titles[metric],
    bars: metric === 'orders' || metric === 'buyers',
    values: days.map((day) => Number(day[metric])),
    show: metric === 'net' ? format.money : format.int,
    showShort: metric === 'net' ? format.axisMoney : format.axis,
  };
  return (
    <Panel title={t('trend.title')} note={t('trend.note')} className={className}>
      <Chart
        label={t('trend.label', { metric: titles[metric] })}
        marks={marks}
        dates={days.map((day) => day.on)}
        series={[series]}
        showDate={format.shortDate}
        showFullDate={format.date}
        unfinished
        height={312}
        onOpen={(at) => days[at]?.buyers && open(days[at].condition)}
        table={<DaysTable titles={titles} days={days} />}
        tools={
          <Segmented
            aria-label={t('trend.metric')}
            value={metric}
            onChange={(next) => set({ metric: next })}
            options={metrics.map((value) => ({ value, label: titles[value] }))}
          />
        }
      />
    </Panel>
  );
}
