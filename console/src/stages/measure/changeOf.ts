import type { MetricPoint } from '@/api/shapes';

/** How much larger a value is than the one before, as a share; null where there is nothing to compare with. */
export function changeOf(now: MetricPoint | undefined, before: MetricPoint | undefined): number | null {
  if (now === undefined || before === undefined || now.value === null || before.value === null) return null;
  const base = Number(before.value);
  return base === 0 ? null : Number(now.value) / base - 1;
}
