import type { AudienceBuild } from '@/api/shapes';

/** How many came or went, whatever the cause. */
export function total(told: AudienceBuild['entered']): number {
  return told.reduce((sum, one) => sum + one.people, 0);
}
