import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Tag } from '@/api/shapes';
import { NONE, type Formats } from '@/lib/format';
import { useFormats, useLanguage } from './place';

/** The words of open lists: a word that the catalogue lacks is shown as it came, never hidden. */
export type List = 'event' | 'namespace' | 'kind' | 'status' | 'job' | 'value' | 'reason' | 'type' | 'stage' | 'journey' | 'masked' | 'purpose' | 'basis' | 'propertyType' | 'personal' | 'traffic' | 'compared' | 'agreement' | 'tie' | 'flag' | 'trait' | 'traitValue';

export function useWords() {
  const { i18n } = useTranslation();
  const language = useLanguage();
  const format = useFormats();
  return useMemo(() => {
    const lists = i18n.getResourceBundle(language, 'words') as Record<List, Record<string, string>>;
    // A look-up of own names only: what a file brought in may be called anything.
    const known = (list: List, code: string) => (Object.hasOwn(lists[list], code) ? lists[list][code] : undefined);
    const word = (list: List, code: string | null | undefined): string => {
      if (!code) return NONE;
      const [kind = '', source] = code.split(':'); // an identifier may name its source, such as order:shop
      const ofSource = source && known(list, kind);
      return known(list, code) ?? (ofSource ? `${ofSource} (${source})` : code);
    };
    return {
      word,
      title: (tag: { zh: string; en: string }) => (language === 'en' ? tag.en : tag.zh),
      definition: (tag: { definition_zh: string; definition_en: string }) =>
        language === 'en' ? tag.definition_en : tag.definition_zh,
      tagValue: (tag: Pick<Tag, 'name' | 'type'> | undefined, value: unknown) => tagValue(tag, value, format, word),
    };
  }, [i18n, language, format]);
}

function tagValue(
  tag: Pick<Tag, 'name' | 'type'> | undefined,
  value: unknown,
  format: Formats,
  word: (list: List, code: string) => string,
): string {
  if (value === null || value === undefined || value === '') return NONE;
  const told = String(value);
  if (tag?.name === 'active_hour') return format.hour(Number(value));
  switch (tag?.type) {
    case 'money':
      return format.money(told);
    case 'integer':
    case 'number':
    case 'decimal':
      return format.number(told);
    case 'date':
      return format.date(told);
    case 'instant':
      return format.minute(told);
    case 'flag':
      return word('value', told);
    default:
      return word('value', told);
  }
}
