import { Segmented } from 'antd';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useText } from '@/i18n/text';
import { StateView } from '@/ui/StateView/StateView';
import './chart.css';

const TrendCanvas = lazy(() => import('./TrendCanvas'));

export interface Series {
  key: string;
  title: string;
  /** Drawn as bars from zero, else as a line. */
  bars?: boolean;
  /** Null = not known. */
  values: readonly (number | null)[];
  /** A value holds until the next one. */
  step?: boolean;
  show(value: number | null): string;
  /** In short, for the axis. */
  showShort(value: number): string;
}

export interface Mark {
  name: string;
  first_on: string;
  last_on: string;
}

export interface Trend {
  /** Dates, `YYYY-MM-DD`, without gaps. */
  dates: readonly string[];
  series: readonly Series[];
  showDate(date: string): string;
  showFullDate(date: string): string;
  /** Dates to bear in mind: shaded, and told beside the values. */
  marks?: readonly Mark[];
  /** The last date is still going on: drawn lighter. */
  unfinished?: boolean;
  onOpen?(at: number): void;
}

interface Props extends Trend {
  label: string;
  /** The same as a table, for whoever would rather read. */
  table: ReactNode;
  tools?: ReactNode;
  height?: number;
}

/** A chart with its table behind it; echarts is loaded only when a chart is on the screen. */
export function Chart({ label, table, tools, height = 260, ...trend }: Props) {
  const { t } = useText();
  const [as, setAs] = useState<'chart' | 'table'>('chart');
  return (
    <figure className="chart" aria-label={label}>
      <div className="row spread chart-tools">
        <div className="row wrap">
          {tools}
          {trend.series.length > 1 && <Key series={trend.series} />}
        </div>
        <Segmented
          value={as}
          onChange={setAs}
          aria-label={t('chart.as')}
          options={[
            { value: 'chart', label: t('chart.chart') },
            { value: 'table', label: t('chart.table') },
          ]}
        />
      </div>
      {trend.marks && trend.marks.length > 0 && <Marks marks={trend.marks} showDate={trend.showDate} />}
      {as === 'table' ? (
        <div className="chart-table" style={{ height }}>
          {table}
        </div>
      ) : (
        <div style={{ height }}>
          <Suspense fallback={<StateView case="loading" rows={6} />}>
            <TrendCanvas label={label} {...trend} />
          </Suspense>
        </div>
      )}
    </figure>
  );
}

/** Which colour is whose: at their ends, lines that meet would cover each other's names. */
function Key({ series }: { series: readonly Series[] }) {
  return (
    <ul className="row wrap chart-key">
      {series.map(({ key, title, bars }) => (
        <li key={key} data-bars={bars}>
          {title}
        </li>
      ))}
    </ul>
  );
}

function Marks({ marks, showDate }: { marks: readonly Mark[]; showDate: Trend['showDate'] }) {
  return (
    <ul className="chart-marks">
      {marks.map(({ name, first_on, last_on }) => (
        <li key={`${name} ${first_on}`}>
          {name} <span className="number">{first_on === last_on ? showDate(first_on) : `${showDate(first_on)}–${showDate(last_on)}`}</span>
        </li>
      ))}
    </ul>
  );
}
