import type { Metric, MetricPoint } from '@/api/shapes';
import { NONE } from '@/lib/format';
import { useUnit } from '@/ui/Metric/useUnit';
import { PeopleCount } from '@/ui/PeopleCount/PeopleCount';

/** One number of a metric; a number of people opens them, where a condition can say who they are. */
export function MetricValue({ metric, point }: { metric: Metric; point: MetricPoint | undefined }) {
  const unit = useUnit(metric.unit);
  if (point === undefined) return <span className="muted">{NONE}</span>;
  if (metric.unit === 'people' && point.condition) return <PeopleCount people={Number(point.value)} condition={point.condition} label={metric.title} />;
  return <span className="number">{unit.show(point.value)}</span>;
}
