import { Select } from 'antd';
import { useState } from 'react';
import { useTagValues } from '@/api/queries/tags';
import type { ConditionValue } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { isFound } from '@/lib/pinyin';
import { sortOf } from './comparisons';
import { patterns } from './draft';
import { valueOf, written, type Field } from './fields';

interface Props {
  field: Field;
  values: readonly ConditionValue[];
  isMultiple: boolean;
  onChange(values: (ConditionValue | undefined)[]): void;
}

/** Values of a field, from those that people have, each with its people; others may be typed. */
export function Choice({ field, values, isMultiple, onChange }: Props) {
  const { t } = useText('builder', 'people');
  const format = useFormats();
  const { tagValue } = useWords();
  const told = useTagValues(field.listed ?? '');
  const [typed, setTyped] = useState('');
  const label = (value: unknown) => tagValue({ name: field.listed ?? field.name, type: field.type }, value);
  const known = (told.data?.values ?? []).map(({ value, people }) => ({
    value: String(value),
    label: label(value),
    people: t('people:count', { count: people, n: format.int(people) }),
  }));
  const chosen = values.map(written);
  const isOffered = (text: string) => known.some((one) => one.value === text);
  const isTyped = !field.isClosed && typed !== '' && (sortOf(field.type) !== 'number' || patterns.number.test(typed));
  const others = [...new Set([...chosen, ...(isTyped ? [typed] : [])])].filter((text) => !isOffered(text));
  const options = [...known, ...others.map((value) => ({ value, label: label(value), people: '' }))];
  return (
    <Select<string | string[], (typeof options)[number]>
      className="build-choice"
      mode={isMultiple ? 'multiple' : undefined}
      maxTagCount="responsive"
      popupMatchSelectWidth={280}
      loading={field.listed !== null && told.isPending}
      aria-label={t('value')}
      placeholder={t(field.listed ? 'chooseValue' : 'typeValue')}
      value={isMultiple ? chosen : (chosen[0] ?? null)}
      onChange={(next) => onChange([next].flat().map((text) => valueOf(field.type, text)))}
      options={options}
      showSearch={{
        onSearch: (text) => setTyped(text.trim()),
        filterOption: (text, option) => isFound(text, option?.value ?? '', option?.label ?? ''),
      }}
      optionRender={({ data }) => (
        <span className="build-option">
          <bdi className="ellipsis">{data.label}</bdi>
          <span className="muted number">{data.people}</span>
        </span>
      )}
    />
  );
}
