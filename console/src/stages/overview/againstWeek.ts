/** The mean of the seven values before the last, and the last one's change against it; null without a whole week. */
export function againstWeek(values: readonly number[]): { mean: number; change: number | null } | null {
  const before = values.slice(-8, -1);
  const last = values.at(-1);
  if (before.length < 7 || last === undefined) return null;
  const mean = before.reduce((sum, value) => sum + value, 0) / 7;
  return { mean, change: mean === 0 ? null : last / mean - 1 };
}
