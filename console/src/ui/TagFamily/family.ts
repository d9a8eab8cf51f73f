import type { Tag } from '@/api/shapes';

/** What a tag speaks of; the colour and the place of a tag follow its family, never its value. */
export const families = ['value', 'purchase', 'activity', 'preference', 'social', 'marketing', 'service', 'basics', 'context', 'own', 'other'] as const;
export type Family = (typeof families)[number];
/** What is needed of a tag to know its family: the more, the better. */
export type Kin = Pick<Tag, 'name' | 'kind'> & Partial<Pick<Tag, 'about' | 'is_own'>>;

/** Those that a tag may say that it stands under. */
export const subjects = families.filter((family) => !['context', 'own', 'other'].includes(family));

// The basic tags say nothing of it themselves.
const byName: [RegExp, Family][] = [
  [/^(lifecycle|rfm|[rfm]_score)$/, 'value'],
  [/^(orders|net|average_order|first_order|last_order|recency|refunds)/, 'purchase'],
  [/^(first_seen|last_seen|active_|sessions|views|searches|favourites|carts)/, 'activity'],
  [/^preferred_/, 'preference'],
  [/^(social|group_buys|invites|reviews)/, 'social'],
  [/^coupons/, 'marketing'],
  [/^service/, 'service'],
  [/^(region|device_type|channel)$/, 'context'],
];
const byKind: Partial<Record<string, Family>> = { lifecycle: 'value', rfm: 'value', preference: 'preference' };

export function familyOf({ name, kind, about, is_own }: Kin): Family {
  const said = subjects.find((subject) => subject === about?.[0]);
  if (said ?? is_own) return said ?? 'own';
  return byName.find(([pattern]) => pattern.test(name))?.[1] ?? byKind[kind] ?? 'other';
}

/** Tags by family, in the order of the families; families without a tag are left out. */
export function byFamily<T extends Kin>(tags: readonly T[]): [Family, T[]][] {
  return families
    .map((family): [Family, T[]] => [family, tags.filter((tag) => familyOf(tag) === family)])
    .filter(([, members]) => members.length > 0);
}
