import type { TagEntry } from '@/api/shapes';

export const kinds = ['statistic', 'first_last', 'preference', 'rule', 'lifecycle', 'combination', 'ranking', 'rfm', 'import', 'sql'] as const;
export type Kind = (typeof kinds)[number];
export const folds = ['count', 'distinct', 'money', 'largest', 'smallest', 'days', 'sessions'] as const;
export const dimensions = ['category', 'brand', 'item', 'price_band', 'channel', 'region', 'device_type', 'hour', 'day_part'] as const;

export interface Layer {
  value: string;
  when: string;
}
export interface Titles {
  zh: string;
  en: string;
}

/** What a tag of a kind begins with. */
const starts: Record<Kind, TagEntry> = {
  statistic: { of: 'count', last: '30d' },
  first_last: { take: 'first', of: 'date' },
  preference: { by: 'category', half_life: '90d' },
  rule: { layers: [{ value: '', when: '' }] },
  lifecycle: { layers: [{ value: '', when: '' }] },
  combination: {},
  ranking: { parts: 10 },
  rfm: {},
  import: {},
  sql: {},
};
const rows = ['events', 'where', 'last'];
const keys: Record<Kind, readonly string[]> = {
  statistic: ['of', 'by', ...rows],
  first_last: ['take', 'of', ...rows],
  preference: ['by', 'half_life', ...rows],
  rule: ['layers', 'otherwise'],
  lifecycle: ['layers', 'otherwise'],
  combination: ['value', 'type'],
  ranking: ['of', 'parts', 'falling', 'among'],
  rfm: ['recent', 'frequent', 'spending'],
  import: ['trait', 'type'],
  sql: ['select', 'type'],
};
const ofAll = ['title', 'about', 'note'];
const needed: Record<Kind, readonly string[]> = {
  statistic: [],
  first_last: [],
  preference: ['by'],
  rule: ['layers'],
  lifecycle: ['layers'],
  combination: ['value'],
  ranking: ['of'],
  rfm: ['recent', 'frequent', 'spending'],
  import: ['trait'],
  sql: ['select'],
};

export function kindOf(entry: TagEntry): Kind | undefined {
  return kinds.find((kind) => kind === entry.kind);
}

/** The same tag as another kind: what every kind has stays, and what both kinds mean by a key. */
export function asKind(entry: TagEntry, kind: Kind): TagEntry {
  const before = kindOf(entry);
  if (before === kind) return entry;
  const layered = (one?: Kind) => one === 'rule' || one === 'lifecycle';
  const shared = layered(before) && layered(kind) ? keys[kind] : rows.filter((key) => keys[kind].includes(key));
  const kept = Object.entries(entry).filter(([key]) => ofAll.includes(key) || (before && shared.includes(key)));
  return { title: { zh: '', en: '' }, kind, ...starts[kind], ...Object.fromEntries(kept) };
}

/** With another value at a key, which keeps its place; nothing takes the key away. */
export function withKey(entry: TagEntry, key: string, value: unknown): TagEntry {
  if (!isNothing(value)) return { ...entry, [key]: value };
  return Object.fromEntries(Object.entries(entry).filter(([one]) => one !== key));
}

export function textOf(entry: TagEntry, key: string): string {
  const value = entry[key];
  return value === undefined || value === null || typeof value === 'object' ? '' : String(value);
}

/** Several texts; one may stand alone. */
export function listOf(entry: TagEntry, key: string): string[] {
  const value = entry[key];
  return Array.isArray(value) ? value.map(String) : isNothing(value) ? [] : [String(value)];
}

/** One title stands for both languages. */
export function titlesOf(entry: TagEntry): Titles {
  const title = entry.title;
  if (!isRecord(title)) return { zh: textOf(entry, 'title'), en: textOf(entry, 'title') };
  return { zh: textOf(title, 'zh'), en: textOf(title, 'en') };
}

export function layersOf(entry: TagEntry): Layer[] {
  const layers = Array.isArray(entry.layers) ? entry.layers : [];
  return layers.map((layer) => (isRecord(layer) ? { value: textOf(layer, 'value'), when: textOf(layer, 'when') } : { value: '', when: '' }));
}

/** Days of a window such as `90d` or `2w`; null = all time, or not understood. */
export function daysOf(entry: TagEntry, key: string): number | null {
  const [, number, unit] = /^([1-9]\d{0,3})([dw])$/.exec(textOf(entry, key)) ?? [];
  return number ? Number(number) * (unit === 'w' ? 7 : 1) : null;
}

/** As it is handed in: a title in one language is that of both, and what is empty is left out. */
export function finished(entry: TagEntry): TagEntry {
  const { zh, en } = titlesOf(entry);
  const title = isRecord(entry.title) && (!zh.trim() || !en.trim()) ? zh.trim() || en.trim() : entry.title;
  return Object.fromEntries(Object.entries({ ...entry, title }).filter(([, value]) => !isNothing(value)));
}

/** What still has to be filled in before the tag can be tried: keys, and numbers of layers from 1. */
export function missing(entry: TagEntry): (string | number)[] {
  const kind = kindOf(entry);
  if (!kind) return ['kind'];
  const layered = needed[kind].includes('layers');
  const layers = layersOf(entry).flatMap(({ value, when }, at) => (value.trim() && when.trim() ? [] : [at + 1]));
  return [
    ...needed[kind].filter((key) => isNothing(entry[key])),
    ...(layered ? layers : []),
    ...(entry.of === 'distinct' && !textOf(entry, 'by') ? ['by'] : []),
  ];
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === false || (typeof value === 'string' && !value.trim()) || (Array.isArray(value) && value.length === 0);
}

function isRecord(value: unknown): value is TagEntry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
