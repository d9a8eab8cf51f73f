import type { Job } from '@/api/shapes';

/** How long a job took, in seconds; of a running one, until now. */
export function seconds({ started_at, ended_at }: Pick<Job, 'started_at' | 'ended_at'>, now = Date.now()): number {
  const end = ended_at ? Date.parse(ended_at) : now;
  return Math.max(0, (end - Date.parse(started_at)) / 1000);
}
