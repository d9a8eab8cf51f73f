import type { MatchRun } from '@/api/shapes';

/** One bar a weight from the lightest to the heaviest: where no pair is, there is an empty one. */
export function barsOf(weights: MatchRun['weights']): MatchRun['weights'] {
  const pairs = new Map(weights.map((one) => [one.weight, one.pairs]));
  const first = Math.min(...pairs.keys());
  const last = Math.max(...pairs.keys());
  return Array.from({ length: last - first + 1 }, (_, at) => ({ weight: first + at, pairs: pairs.get(first + at) ?? 0 }));
}
