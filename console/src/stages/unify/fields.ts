import { useTranslation } from 'react-i18next';
import { useLanguage } from '@/i18n/place';

export const KINDS = ['missing', 'invalid', 'repeated', 'late', 'drift'] as const;
export type Kind = (typeof KINDS)[number];
/** In what single events can be bad. */
export type CountedKind = Exclude<Kind, 'drift'>;
export const COUNTED: readonly CountedKind[] = ['missing', 'invalid', 'repeated', 'late'];

export interface Counts {
  events: number;
  filled: number;
  invalid: number;
  repeated: number;
  late: number;
}

/** How many are bad in one way. */
export const bad = (counts: Counts, kind: CountedKind): number => (kind === 'missing' ? counts.events - counts.filled : counts[kind]);

export const fieldPath = (source: string, field: string): string => `/unify/quality/field?${new URLSearchParams({ source, field })}`;

export const isKind = (kind: string): kind is Kind => KINDS.some((one) => one === kind);

/** What people call a field; a property of the shop's own is called by its name. */
export function useFieldName(): (field: string) => string {
  const { i18n } = useTranslation();
  const language = useLanguage();
  const { name } = i18n.getResourceBundle(language, 'quality') as { name: Record<string, string> };
  return (field) => (Object.hasOwn(name, field.replace('.', '_')) ? name[field.replace('.', '_')] : undefined) ?? field;
}
