import { Segmented } from 'antd';
import type { QualityFieldPage } from '@/api/shapes';
import { Chart } from '@/charts/Chart';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { oneOf, useUrlState } from '@/lib/urlState';
import { DataTable } from '@/ui/DataTable/DataTable';
import { Panel } from '@/ui/Panel/Panel';
import { bad, KINDS, useFieldName } from './fields';

const MEASURES = ['events', ...KINDS] as const;
type Measure = (typeof MEASURES)[number];
type Day = QualityFieldPage['days'][number];
const schema = { measure: oneOf(['', ...MEASURES] as const, '') };
const DAY_MS = 86_400_000;

/** How a field went, day by day, in one measure. */
export function QualityDays({ page: { quality, days, alerts } }: { page: QualityFieldPage }) {
  const { t } = useText('quality');
  const format = useFormats();
  const name = useFieldName();
  const [{ measure: chosen }, set] = useUrlState(schema);
  const has = MEASURES.filter((one) => one === 'events' || days.some((day) => value(day, one)));
  const worst = alerts[0]?.kind;
  const measure = chosen || has.find((one) => one === worst) || has[1] || 'events';
  const byDate = new Map(days.map((day) => [day.happened_on, day]));
  const dates = everyDate(days);
  const show = (known: number | null) => (measure === 'events' ? format.int(known) : measure === 'drift' ? format.number(known) : format.percent(known));
  const label = t('chart', { field: name(quality.field), metric: t(`column.${measure}`) });
  const columns = [
    { key: 'date', title: t('column.date'), render: (day: Day) => format.date(day.happened_on) },
    { key: 'events', title: t('column.events'), numeric: true, render: (day: Day) => format.int(day.events) },
    ...KINDS.map((kind) => ({
      key: kind,
      title: t(`column.${kind}`),
      numeric: true,
      render: (day: Day) => (kind === 'drift' ? format.number(day.psi) : format.share(bad(day, kind), day.events)),
    })),
  ];
  return (
    <Panel title={t('days')} note={t('daysNote')}>
      <Chart
        label={label}
        dates={dates}
        series={[
          {
            key: measure,
            title: t(`column.${measure}`),
            bars: measure === 'events',
            values: dates.map((date) => value(byDate.get(date), measure)),
            show,
            showShort: show,
          },
        ]}
        showDate={format.shortDate}
        showFullDate={format.date}
        table={<DataTable name="quality-days" caption={t('days')} columns={columns} rows={[...days].reverse()} rowKey={(day) => day.happened_on} />}
        tools={
          <Segmented
            aria-label={t('metric')}
            value={measure}
            onChange={(next: Measure) => set({ measure: next })}
            options={has.map((one) => ({ value: one, label: t(`column.${one}`) }))}
          />
        }
      />
    </Panel>
  );
}

function value(day: Day | undefined, measure: Measure): number | null {
  if (!day) return null;
  if (measure === 'events') return day.events;
  if (measure === 'drift') return day.psi;
  return day.events ? bad(day, measure) / day.events : null;
}

/** Without gaps, so that a day without events is seen as one. */
function everyDate(days: readonly Day[]): string[] {
  const [first, last] = [days[0], days.at(-1)].map((day) => Date.parse(`${day?.happened_on}T00:00:00Z`));
  if (first === undefined || last === undefined || Number.isNaN(first)) return [];
  return Array.from({ length: (last - first) / DAY_MS + 1 }, (_, at) => new Date(first + at * DAY_MS).toISOString().slice(0, 10));
}
