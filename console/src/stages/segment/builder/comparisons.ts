import type { Clause, Comparison } from './draft';

/** A class of types whose values are compared in the same words. */
export type Sort = 'text' | 'number' | 'time' | 'flag';

const offered: Record<Sort, readonly Comparison[]> = {
  text: ['in', 'not in', '=', '!=', 'contains', 'not contains', 'null', 'not null'],
  number: ['>=', '<=', '=', '!=', '>', '<', 'between', 'not between', 'null', 'not null'],
  time: ['>=', '<=', '>', '<', '=', 'between', 'not between', 'null', 'not null'],
  flag: ['=', '!=', 'null', 'not null'],
};

export function sortOf(type: string): Sort {
  switch (type) {
    case 'text':
    case 'flag':
      return type;
    case 'date':
    case 'instant':
      return 'time';
    default:
      return 'number';
  }
}

interface Asked {
  type: string;
  /** Its values are words or classes to choose from. */
  isListed: boolean;
  /** It tells of an event, and is not searched, and has no opposite. */
  isFilter: boolean;
}

/** The comparisons that are offered for a field, the likeliest first. */
export function comparisonsOf({ type, isListed, isFilter }: Asked): readonly Comparison[] {
  const sort = sortOf(type);
  const classes: readonly Comparison[] = isListed && sort === 'number' ? ['in', 'not in', ...offered.number] : offered[sort];
  return isFilter ? classes.filter((one) => one !== 'contains' && !one.startsWith('not ')) : classes;
}

/** How many values a comparison takes; null for any number. */
export function arity(comparison: Comparison): number | null {
  switch (comparison) {
    case 'null':
    case 'not null':
      return 0;
    case 'in':
    case 'not in':
      return null;
    case 'between':
    case 'not between':
      return 2;
    default:
      return 1;
  }
}

/** The same clause with another comparison; values that it can take stay. */
export function compared(clause: Clause, comparison: Comparison): Clause {
  const takes = arity(comparison);
  const known = clause.values.filter((value) => value !== undefined);
  if (takes === null) return { ...clause, comparison, values: known };
  return { ...clause, comparison, values: Array.from({ length: takes }, (_, at) => known[at]) };
}
