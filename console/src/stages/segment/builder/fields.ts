import { useVocabulary } from '@/api/queries/audiences';
import type { ConditionValue } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { isListed } from '@/rules/condition';
import { sortOf } from './comparisons';

/** What a clause can compare: a tag, or what an event says. */
export interface Field {
  name: string;
  type: string;
  title: string;
  /** Under what it is found. */
  words: string[];
  /** The tag whose values are offered. */
  listed: string | null;
  /** There are no other values. */
  isClosed: boolean;
  isFilter: boolean;
}

/** What events say is offered from the tag that sums it up over a person. */
const summedUp = {
  category: 'preferred_category',
  brand: 'preferred_brand',
  price_band: 'preferred_price_band',
  item: null,
  channel: 'channel',
  device_type: 'device_type',
  region: 'region',
  hour: 'active_hour',
} as const;

const isKnown = (name: string): name is keyof typeof summedUp => Object.hasOwn(summedUp, name);

/** The fields that can be compared; those of an event are filters. */
export function useFields(isFilter: boolean): Field[] {
  const { t } = useText('builder');
  const { title } = useWords();
  const { data } = useVocabulary();
  if (!isFilter) {
    return (data?.tags ?? []).map((tag) => ({
      name: tag.name,
      type: tag.type,
      title: title(tag),
      words: [tag.name, tag.zh, tag.en],
      listed: isListed(tag) ? tag.name : null,
      isClosed: tag.values.length > 0,
      isFilter,
    }));
  }
  return (data?.filters ?? []).map(({ name, type }) => {
    const told = isKnown(name) ? t(`filter.${name}`) : name;
    return { name, type, title: told, words: [name, told], listed: isKnown(name) ? summedUp[name] : null, isClosed: false, isFilter };
  });
}

/** A value as somebody types or chooses it. */
export function written(value: ConditionValue | undefined): string {
  switch (value?.type) {
    case 'text':
      return value.text;
    case 'number':
      return value.number;
    case 'flag':
      return String(value.flag);
    default:
      return '';
  }
}

/** The value of a field that is typed or chosen so; nothing typed is no value. */
export function valueOf(type: string, text: string): ConditionValue | undefined {
  if (text === '') return undefined;
  switch (sortOf(type)) {
    case 'number':
      return { type: 'number', number: text };
    case 'flag':
      return { type: 'flag', flag: text === 'true' };
    default:
      return { type: 'text', text };
  }
}
