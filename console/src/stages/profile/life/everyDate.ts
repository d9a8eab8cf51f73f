const DAY_MS = 86_400_000;

/** The dates from the first to the last of some, without gaps. */
export function everyDate(dates: readonly string[]): string[] {
  const [first, last] = [dates[0], dates.at(-1)].map((date) => Date.parse(`${date}T00:00:00Z`));
  if (first === undefined || last === undefined || Number.isNaN(first)) return [];
  return Array.from({ length: (last - first) / DAY_MS + 1 }, (_, at) => new Date(first + at * DAY_MS).toISOString().slice(0, 10));
}
