import { oneOf } from './urlState';

export const ranges = ['7d', '30d', '90d', '365d'] as const;
export type Range = (typeof ranges)[number];

export const rangeSchema = { range: oneOf(ranges, '30d') };

const DAY = 86_400_000;

/** The dates of a range that ends with `today`, both belonging to it. */
export function datesOf(range: Range, today: string): { from: string; to: string } {
  const days = Number.parseInt(range, 10);
  return { from: addDays(today, 1 - days), to: today };
}

/** A local date so many days later. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
}
