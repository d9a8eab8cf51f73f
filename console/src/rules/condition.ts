import type { Tag } from '@/api/shapes';

/** Tags whose values are numbers although they are classes to choose from. */
const CLASSES = ['active_hour', 'r_score', 'f_score', 'm_score'];

/** Whether the values of a tag are words or classes to choose from. */
export function isListed({ name, type }: { name: string; type: string }): boolean {
  return type === 'text' || CLASSES.includes(name);
}

/** A text as the condition language writes it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The condition that everybody with the same value of a tag meets; null where equality says nothing. */
export function sameValue(tag: Pick<Tag, 'name' | 'type'>, value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null;
  switch (tag.type) {
    case 'instant':
      return null;
    case 'integer':
    case 'number':
    case 'decimal':
    case 'money':
    case 'flag':
      return `${tag.name} = ${String(value)}`;
    default:
      return `${tag.name} = ${quoted(String(value))}`;
  }
}

/** The condition that a tag has one of some values. */
export function isOneOf(tag: Pick<Tag, 'type'> & { name: string }, values: readonly string[]): string {
  const written = values.map((value) => (tag.type === 'text' ? quoted(value) : value));
  return written.length === 1 ? `${tag.name} = ${written[0]}` : `${tag.name} in (${written.join(', ')})`;
}
