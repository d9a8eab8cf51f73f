import type { EChartsCoreOption } from 'echarts/core';
import type { Trend } from './Chart';

const MARKED = 'rgba(140, 149, 159, 0.22)';

interface Point {
  dataIndex: number;
  marker: unknown;
}

/** A trend in the words of echarts. Tooltips are text, never markup: the policy of the pages forbids inline styles. */
export function trendOption({ dates, series, showDate, showFullDate, unfinished, marks = [] }: Trend, label: string): EChartsCoreOption {
  const last = dates.length - 1;
  const marked = dates.map((date) => marks.filter((mark) => mark.first_on <= date && date <= mark.last_on).map(({ name }) => name));
  return {
    aria: { enabled: true, label: { description: label } },
    grid: { left: 8, right: 16, top: 12, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      confine: true,
      axisPointer: { type: 'shadow' },
      formatter(points: Point[]) {
        const at = points[0]?.dataIndex ?? 0;
        const lines = series.map((one) => `${one.title}  ${one.show(one.values[at] ?? null)}`);
        return [showFullDate(dates[at] ?? ''), ...lines, ...(marked[at] ?? [])].join('\n');
      },
    },
    xAxis: { type: 'category', data: dates.map(showDate), axisLabel: { hideOverlap: true } },
    // Counts have no halves: without this a chart of nothing is labelled 0, 0, 1, 1.
    yAxis: [{ type: 'value', min: 0, splitNumber: 4, minInterval: areWhole(series) ? 1 : 0, axisLabel: { formatter: (value: number) => series[0]?.showShort(value) ?? '' } }, { min: 0, max: 1, show: false }],
    series: [
      ...series.map((one) => ({
      type: one.bars ? 'bar' : 'line',
      name: one.title,
      cursor: 'pointer',
      step: one.step && 'end',
      barMaxWidth: 28,
      symbol: 'circle',
      showSymbol: dates.length <= 31,
      data: one.values.map((value, at) =>
        unfinished && at === last ? { value, itemStyle: { opacity: 0.45, borderType: 'dashed' } } : value,
      ),
      })),
      // An area that is full on the marked dates: a component for marks would weigh more than the whole chart's code.
      { type: 'line', yAxisIndex: 1, step: 'middle', silent: true, z: 0, symbol: 'none', lineStyle: { width: 0 }, areaStyle: { color: MARKED }, data: marked.map(({ length }) => Math.min(length, 1)) },
    ],
  };
}

function areWhole(series: readonly { values: readonly (number | null)[] }[]): boolean {
  return series.every((one) => one.values.every((value) => value === null || Number.isInteger(value)));
}
