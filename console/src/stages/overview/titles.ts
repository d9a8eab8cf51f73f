import type { Overview } from '@/api/shapes';

const names = { net: 'net_revenue', orders: 'orders', buyers: 'buyers', events: 'events' } as const;

/** What the numbers of a day are called. */
export type DayTitles = Record<keyof typeof names, string>;

/** The titles that the dictionary of metrics has for them. */
export function titlesOf(metrics: Overview['metrics']): DayTitles {
  const title = (name: string) => metrics.find(({ metric }) => metric.name === name)?.metric.title ?? name;
  return { net: title(names.net), orders: title(names.orders), buyers: title(names.buyers), events: title(names.events) };
}
