import type { ConditionValue, Operator } from '@/api/shapes';

/** How a field and a value are compared. */
export type Comparison =
  | Operator
  | 'in'
  | 'not in'
  | 'between'
  | 'not between'
  | 'contains'
  | 'not contains'
  | 'null'
  | 'not null';

/** A field beside values; what is not filled in yet is an empty name, a missing value. */
export interface Clause {
  id: number;
  name: string;
  comparison: Comparison;
  values: (ConditionValue | undefined)[];
}

/** Numbers that somebody types are texts until they are numbers. */
export type DateWindow =
  | { kind: 'ever' }
  | { kind: 'last'; days: string }
  | { kind: 'dates'; from: string; to: string };

export interface Count {
  operator: Operator;
  number: string;
}

export interface Step {
  id: number;
  event: string;
  filters: Clause[];
}

export type Unit = 'm' | 'h' | 'd';

export interface Span {
  number: string;
  unit: Unit;
}

export interface Ties {
  kinds: string[];
  direction: 'out' | 'in' | null;
  strength: string;
}

interface Negatable {
  id: number;
  not: boolean;
}

export interface TagRow extends Negatable {
  kind: 'tag';
  clause: Clause;
}

export interface DidRow extends Negatable {
  kind: 'did';
  step: Step;
  window: DateWindow;
  count: Count;
}

export interface SequenceRow extends Negatable {
  kind: 'sequence';
  steps: Step[];
  span: Span | null;
  window: DateWindow;
}

export interface FriendsRow extends Negatable {
  kind: 'friends';
  group: Group;
  ties: Ties;
  count: Count;
}

export interface ReachRow extends Negatable {
  kind: 'within';
  group: Group;
  ties: Ties;
  hops: number;
}

/** Somebody is in a saved audience, or entered or left it with one build. */
export interface AudienceRow extends Negatable {
  kind: 'audience';
  audience: number | null;
  moved: 'entered_in' | 'left_in' | null;
  build: string;
  cause: Cause | null;
}

/** Somebody stands at one of some stages of the purchase journey with a category. */
export interface JourneyRow extends Negatable {
  kind: 'journey';
  category: string;
  stages: Stage[];
  days: string;
}

export const stages = ['awakened', 'comparing', 'deciding', 'bought', 'engaging', 'loyal'] as const;
export type Stage = (typeof stages)[number];

export const causes = ['behaviour', 'window', 'definition', 'merge', 'late'] as const;
export type Cause = (typeof causes)[number];

export interface Group extends Negatable {
  kind: 'group';
  joint: 'and' | 'or';
  rows: Row[];
}

/** A part of a condition as the builder shows it; an id stays with its row. */
export type Row = TagRow | DidRow | SequenceRow | FriendsRow | ReachRow | AudienceRow | JourneyRow | Group;
export type RowKind = Row['kind'];
export const kinds = ['tag', 'did', 'sequence', 'friends', 'within', 'audience', 'journey', 'group'] as const satisfies RowKind[];

export const MAX_STEPS = 8;
export const MIN_STEPS = 2;
export const MAX_HOPS = 3;

/** What the numbers in the texts of a draft look like once they are whole. */
export const patterns = { number: /^-?\d{1,20}(\.\d{1,20})?$/, count: /^\d{1,9}$/, days: /^[1-9]\d{0,4}$/ };

const LONGEST_SPAN_DAYS = 3660;
const perDay: Record<Unit, number> = { m: 1440, h: 24, d: 1 };

/** Whether a span is a whole number that the server takes. */
export function isSpan({ number, unit }: Span): boolean {
  return /^[1-9]\d{0,5}$/.test(number) && Number(number) <= LONGEST_SPAN_DAYS * perDay[unit];
}

let last = 0;

export function newId(): number {
  last += 1;
  return last;
}

export const emptyClause = (): Clause => ({ id: newId(), name: '', comparison: '=', values: [] });
export const emptyStep = (): Step => ({ id: newId(), event: '', filters: [] });
export const emptyGroup = (rows: Row[] = []): Group => ({ id: newId(), kind: 'group', not: false, joint: 'and', rows });
const anyTie = (): Ties => ({ kinds: [], direction: null, strength: '' });
const inAMonth = (): DateWindow => ({ kind: 'last', days: '30' });
const once = (): Count => ({ operator: '>=', number: '1' });

/** A row with nothing chosen in it but what most people would choose. */
export function emptyRow(kind: RowKind): Row {
  const row = { id: newId(), not: false };
  switch (kind) {
    case 'tag':
      return { ...row, kind, clause: emptyClause() };
    case 'did':
      return { ...row, kind, step: emptyStep(), window: inAMonth(), count: once() };
    case 'sequence':
      return { ...row, kind, steps: [emptyStep(), emptyStep()], span: null, window: inAMonth() };
    case 'friends':
      return { ...row, kind, group: emptyGroup(), ties: anyTie(), count: once() };
    case 'within':
      return { ...row, kind, group: emptyGroup(), ties: anyTie(), hops: 2 };
    case 'audience':
      return { ...row, kind, audience: null, moved: null, build: '', cause: null };
    case 'journey':
      return { ...row, kind, category: '', stages: [], days: '' };
    case 'group':
      return emptyGroup();
  }
}

/** A list with one of its parts, found by its id, in another shape. */
export function changed<T extends { id: number }>(parts: readonly T[], part: T): T[] {
  return parts.map((one) => (one.id === part.id ? part : one));
}

export function without<T extends { id: number }>(parts: readonly T[], id: number): T[] {
  return parts.filter((one) => one.id !== id);
}

/** A list in which the part at a place has changed places with the one before or behind it. */
export function moved<T>(parts: readonly T[], at: number, by: -1 | 1): T[] {
  const next = [...parts];
  const [part] = next.splice(at, 1);
  if (part !== undefined) next.splice(at + by, 0, part);
  return next;
}
