import { Button, Select } from 'antd';
import { useMetricValues } from '@/api/queries/metrics';
import type { AnsweredMetrics, Metric, MetricPoint } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { saveFile } from '@/lib/saveFile';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { Panel } from '@/ui/Panel/Panel';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { changeOf } from './changeOf';
import { csv } from './metricFile';
import type { Asked } from './MetricPage';
import { MetricValue } from './MetricValue';

interface Props {
  metric: Metric;
  asked: Asked;
  before: Asked | null;
  by: string;
  onBy(by: string): void;
}

interface Row {
  by: string | null;
  point: MetricPoint | undefined;
  before: MetricPoint | undefined;
}

type Dimension = 'channel';

/** The whole range by the values of a dimension, the largest first. */
export function MetricBreakdown({ metric, asked, before, by, onBy }: Props) {
  const { t } = useText('metrics');
  const now = useMetricValues({ ...asked, grain: 'total', by });
  const then = useMetricValues({ ...(before ?? asked), grain: 'total', by }, { enabled: before !== null });
  const rows = now.data ? rowsOf(now.data, before ? then.data : undefined) : [];

  function download() {
    const head = [t(`dimension.${by as Dimension}`), metric.title, ...(before ? [t('column.before')] : [])];
    const cells = rows.map((row) => [row.by, row.point?.value ?? null, ...(before ? [row.before?.value ?? null] : [])]);
    saveFile(csv([head, ...cells]), `${metric.name}-${by}.csv`);
  }

  return (
    <Panel title={t('breakdown')} note={t('breakdownNote')} actions={<Button onClick={download}>{t('csv')}</Button>} flush>
      <Answer of={now} rows={6}>
        {(told) => (
          <>
            <Values metric={metric} rows={rows} by={by} onBy={onBy} leftOut={told.metrics[0]?.left_out ?? 0} compared={before !== null} />
            {rows.length === 0 && <StateView case="new" title={t('empty')} words={t('emptyWords')} />}
          </>
        )}
      </Answer>
    </Panel>
  );
}

function rowsOf(told: AnsweredMetrics, before: AnsweredMetrics | undefined): Row[] {
  const earlier = new Map(before?.metrics[0]?.series.map((one) => [one.by, one.points[0]]));
  return (told.metrics[0]?.series ?? []).map(({ by, points }) => ({ by, point: points[0], before: earlier.get(by) }));
}

interface ValuesProps {
  metric: Metric;
  rows: Row[];
  by: string;
  onBy(by: string): void;
  leftOut: number;
  compared: boolean;
}

function Values({ metric, rows, by, onBy, leftOut, compared }: ValuesProps) {
  const { t } = useText('metrics');
  const format = useFormats();
  const { word } = useWords();
  const columns: Column<Row>[] = [
    { key: 'by', title: t(`dimension.${by as Dimension}`), render: (row) => (row.by === null ? <span className="muted">{t('nobody')}</span> : word('value', row.by)) },
    { key: 'value', title: t('column.value'), numeric: true, render: (row) => <MetricValue metric={metric} point={row.point} /> },
  ];
  if (compared) {
    columns.push(
      { key: 'before', title: t('column.before'), numeric: true, render: (row) => <MetricValue metric={metric} point={row.before} /> },
      { key: 'change', title: t('column.change'), numeric: true, render: (row) => format.signed(changeOf(row.point, row.before)) },
    );
  }
  return (
    <DataTable
      name="metric-breakdown"
      caption={t('breakdown')}
      columns={columns}
      rows={rows}
      rowKey={(row) => row.by ?? ''}
      tools={
        <Select
          aria-label={t('by')}
          value={by}
          popupMatchSelectWidth={false}
          onChange={onBy}
          options={metric.by.map((value) => ({ value, label: t(`dimension.${value as Dimension}`) }))}
        />
      }
      foot={leftOut > 0 && <div className="table-foot">{t('leftOut', { count: leftOut })}</div>}
    />
  );
}
