import type { Tag } from '@/api/shapes';

/** What a tag speaks of; the colour and the place of a tag follow its family, never its value. */
export const families = ['stage', 'spending', 'activity', 'taste', 'social', 'context', 'other'] as const;
export type Family = (typeof families)[number];

const byName: [RegExp, Family][] = [
  [/^(lifecycle|rfm|[rfm]_score)$/, 'stage'],
  [/^(orders|net|average_order|first_order|last_order|recency|refunds|coupons)/, 'spending'],
  [/^(first_seen|last_seen|active_|sessions|views|searches|favourites|carts)/, 'activity'],
  [/^preferred_/, 'taste'],
  [/^(social|group_buys|invites|reviews|service)/, 'social'],
  [/^(region|device_type|channel)$/, 'context'],
];
const byKind: Partial<Record<string, Family>> = { lifecycle: 'stage', rfm: 'stage', preference: 'taste' };

export function familyOf({ name, kind }: Pick<Tag, 'name' | 'kind'>): Family {
  return byName.find(([pattern]) => pattern.test(name))?.[1] ?? byKind[kind] ?? 'other';
}

/** Tags by family, in the order of the families; families without a tag are left out. */
export function byFamily<T extends Pick<Tag, 'name' | 'kind'>>(tags: readonly T[]): [Family, T[]][] {
  return families
    .map((family): [Family, T[]] => [family, tags.filter((tag) => familyOf(tag) === family)])
    .filter(([, members]) => members.length > 0);
}
