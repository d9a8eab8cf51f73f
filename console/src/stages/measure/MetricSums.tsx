import { useMetricValues } from '@/api/queries/metrics';
import type { Metric, MetricPoint } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { Stat, Stats } from '@/ui/Stat/Stat';
import { Answer } from '@/ui/StateView/Answer';
import { changeOf } from './changeOf';
import type { Asked } from './MetricPage';
import { MetricValue } from './MetricValue';

interface Props {
  metric: Metric;
  asked: Asked;
  before: Asked | null;
  compare: 'previous' | 'week' | 'none';
}

/** The whole range in one number, beside the range before. */
export function MetricSums({ metric, asked, before, compare }: Props) {
  const { t } = useText('metrics');
  const format = useFormats();
  const now = useMetricValues({ ...asked, grain: 'total' });
  const then = useMetricValues({ ...(before ?? asked), grain: 'total' }, { enabled: before !== null });
  const last: MetricPoint | undefined = before ? then.data?.metrics[0]?.series[0]?.points[0] : undefined;
  return (
    <Answer of={now} rows={3}>
      {(told) => {
        const point = told.metrics[0]?.series[0]?.points[0];
        const dates = told.periods[0];
        return (
          <Stats>
            <Stat
              label={t('inRange')}
              value={<MetricValue metric={metric} point={point} />}
              note={dates && `${format.date(dates.first)} – ${format.date(dates.last)}${dates.is_partial ? ` · ${t('partialMark')}` : ''}`}
            />
            {compare !== 'none' && before && (
              <>
                <Stat
                  label={t(`before.${compare}`)}
                  value={<MetricValue metric={metric} point={last} />}
                  note={`${format.date(before.from_on)} – ${format.date(before.to_on)}`}
                />
                <Stat label={t('change')} value={<span className="number">{format.signed(changeOf(point, last))}</span>} note={t(`better.${metric.better}`)} />
              </>
            )}
          </Stats>
        );
      }}
    </Answer>
  );
}
