import { Button, Select } from 'antd';
import { useState } from 'react';
import { useTagValues } from '@/api/queries/tags';
import type { Vocabulary } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { isFound } from '@/lib/pinyin';
import { isOneOf } from '@/rules/condition';
import { Failure } from '@/ui/StateView/Answer';

interface Props {
  tag: Vocabulary['tags'][number];
  /** Told what to write: the tag with the chosen values. */
  onPick(words: string): void;
  onClose(): void;
}

/** All values of an enumerated tag, each with its people; several may be chosen. */
export function ValuePicker({ tag, onPick, onClose }: Props) {
  const { t } = useText('audiences', 'people');
  const format = useFormats();
  const { title, tagValue } = useWords();
  const values = useTagValues(tag.name);
  const [chosen, setChosen] = useState<string[]>([]);
  const options = (values.data?.values ?? []).map(({ value, people }) => ({
    value: String(value),
    label: tagValue(tag, value),
    people,
  }));
  return (
    <div
      className="value-picker"
      role="group"
      aria-label={t('values.of', { tag: title(tag) })}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      <span>{title(tag)}</span>
      <Select<string[], (typeof options)[number]>
        mode="multiple"
        autoFocus
        defaultOpen
        className="value-select"
        maxTagCount="responsive"
        loading={values.isPending}
        aria-label={t('values.of', { tag: title(tag) })}
        placeholder={t('values.placeholder')}
        value={chosen}
        onChange={setChosen}
        options={options}
        showSearch={{ filterOption: (typed, option) => isFound(typed, option?.value ?? '', option?.label ?? '') }}
        optionRender={({ data }) => (
          <span className="value-option">
            <bdi className="ellipsis">{data.label}</bdi>
            <span className="muted number">{t('people:count', { count: data.people, n: format.int(data.people) })}</span>
          </span>
        )}
      />
      <Button type="primary" disabled={chosen.length === 0} onClick={() => onPick(isOneOf(tag, chosen))}>
        {t('values.insert')}
      </Button>
      <Button onClick={() => onPick(tag.name)}>{t('values.nameOnly')}</Button>
      <Button type="text" onClick={onClose}>
        {t('save.cancel')}
      </Button>
      {values.data && values.data.others > 0 && <span className="muted">{t('values.others', { n: format.int(values.data.others) })}</span>}
      {values.error && <Failure error={values.error} />}
    </div>
  );
}
