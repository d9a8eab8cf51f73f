import type { Tag } from '@/api/shapes';

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
