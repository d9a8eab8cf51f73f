import { Button } from 'antd';
import type { AnsweredMetrics, Metric, MetricPeriod, MetricPoint } from '@/api/shapes';
import { Chart, type Series } from '@/charts/Chart';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { saveFile } from '@/lib/saveFile';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { useUnit } from '@/ui/Metric/useUnit';
import { Panel } from '@/ui/Panel/Panel';
import { useOpenPeople } from '@/ui/PeopleCount/openPeople';
import { changeOf } from './changeOf';
import { csv } from './metricFile';
import { MetricValue } from './MetricValue';

interface Props {
  metric: Metric;
  told: AnsweredMetrics;
  before: AnsweredMetrics | undefined;
  compare: 'previous' | 'week' | 'none';
  className: string;
}

interface Row {
  period: MetricPeriod;
  point: MetricPoint;
  before?: MetricPoint;
}

/** A metric period by period, beside the periods before; a click opens the people of one. */
export function MetricTrend({ metric, told, before, compare, className }: Props) {
  const { t } = useText('metrics');
  const format = useFormats();
  const open = useOpenPeople();
  const unit = useUnit(metric.unit);
  const points = pointsOf(told);
  const earlier = before ? pointsOf(before) : [];
  // weeks and months may be cut otherwise in the range before: the last ones stand side by side
  const shift = earlier.length - points.length;
  const rows: Row[] = told.periods.flatMap((period, at) => {
    const point = points[at];
    return point ? [{ period, point, before: earlier[at + shift] }] : [];
  });
  const number = (point?: MetricPoint) => (point === undefined || point.value === null ? null : Number(point.value));
  const shown = { show: unit.show, showShort: unit.axis };
  const series: Series[] = [
    { ...shown, key: 'now', title: compare === 'none' ? metric.title : t('line.now'), values: rows.map((row) => number(row.point)) },
    ...(compare !== 'none' && before ? [{ ...shown, key: 'before', title: t(`line.${compare}`), values: rows.map((row) => number(row.before)) }] : []),
  ];

  function download() {
    const head = [t('column.period'), t('column.period'), metric.title, ...(before ? [t('column.before')] : [])];
    const cells = rows.map((row) => [row.period.first, row.period.last, row.point.value, ...(before ? [row.before?.value ?? null] : [])]);
    saveFile(csv([head, ...cells]), `${metric.name}.csv`);
  }

  return (
    <Panel
      title={t('course')}
      note={told.periods.at(-1)?.is_partial ? t('partial') : t('courseNote')}
      actions={<Button onClick={download}>{t('csv')}</Button>}
      className={className}
    >
      <Chart
        label={t('courseOf', { title: metric.title })}
        dates={rows.map((row) => row.period.first)}
        series={series}
        showDate={format.shortDate}
        showFullDate={format.date}
        unfinished={told.periods.at(-1)?.is_partial}
        height={300}
        onOpen={(at) => {
          const condition = rows[at]?.point.condition;
          if (condition) open(condition);
        }}
        table={<Periods metric={metric} rows={rows} compared={before !== undefined} />}
      />
    </Panel>
  );
}

function pointsOf(told: AnsweredMetrics): MetricPoint[] {
  return told.metrics[0]?.series[0]?.points ?? [];
}

function Periods({ metric, rows, compared }: { metric: Metric; rows: Row[]; compared: boolean }) {
  const { t } = useText('metrics');
  const format = useFormats();
  const columns: Column<Row>[] = [
    {
      key: 'period',
      title: t('column.period'),
      render: ({ period }) => (
        <>
          {period.first === period.last ? format.date(period.first) : `${format.date(period.first)} – ${format.date(period.last)}`}{' '}
          {period.is_partial && <span className="muted">{t('partialMark')}</span>}
        </>
      ),
    },
    { key: 'value', title: t('column.value'), numeric: true, render: (row) => <MetricValue metric={metric} point={row.point} /> },
  ];
  if (compared) {
    columns.push(
      { key: 'before', title: t('column.before'), numeric: true, render: (row) => <MetricValue metric={metric} point={row.before} /> },
      { key: 'change', title: t('column.change'), numeric: true, render: (row) => format.signed(changeOf(row.point, row.before)) },
    );
  }
  return <DataTable name="metric-periods" caption={t('course')} columns={columns} rows={rows.toReversed()} rowKey={(row) => row.period.first} />;
}
