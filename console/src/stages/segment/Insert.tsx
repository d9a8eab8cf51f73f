import { Select } from 'antd';
import { useState } from 'react';
import { useText } from '@/i18n/text';
import { useVocabulary } from '@/api/queries/audiences';
import { useWords } from '@/i18n/words';
import type { Vocabulary } from '@/api/shapes';
import { isFound } from '@/lib/pinyin';
import { isListed, quoted } from '@/rules/condition';
import { ValuePicker } from './ValuePicker';

/** Pickers that write a tag, a value, an event or ties into the condition. */
export function Insert({ onInsert }: { onInsert(words: string): void }) {
  const { t } = useText('audiences');
  const { title, word } = useWords();
  const { data } = useVocabulary();
  const [picking, setPicking] = useState<Vocabulary['tags'][number]>();
  const tags = (data?.tags ?? []).map((tag) => ({ value: tag.name, label: title(tag), words: [tag.name, tag.zh, tag.en] }));
  const events = [
    { value: "sequence(did('Product Viewed'), did('Order Completed'), within='7d')", label: t('sequence'), words: ['sequence', t('sequence')] },
    ...(data?.events ?? []).map((event) => ({
      value: `did(${quoted(event)}, last='30d')`,
      label: word('event', event),
      words: [event, word('event', event)],
    })),
  ];
  const bought = "did('Order Completed', last='30d')";
  const ties = [
    { value: `friends(${bought}) >= 2`, label: t('friends'), words: ['friends', t('friends')] },
    ...(data?.tie_kinds ?? []).map((kind) => ({
      value: `friends(${bought}, kind = ${quoted(kind)})`,
      label: t('friendsBy', { kind: word('tie', kind) }),
      words: [kind, word('tie', kind)],
    })),
    { value: `within(${bought}, hops = 2)`, label: t('within'), words: ['within', t('within')] },
  ];

  function pick(name: string) {
    const tag = data?.tags.find((one) => one.name === name);
    if (tag && isListed(tag)) setPicking(tag);
    else onInsert(name);
  }

  const joints = ['and', 'or', 'not', '(', ')'];
  return (
    <>
      <div className="row wrap">
        <Picker label={t('insertTag')} options={tags} onInsert={pick} />
        <Picker label={t('insertEvent')} options={events} onInsert={onInsert} />
        <Picker label={t('insertTies')} options={ties} onInsert={onInsert} />
        {joints.map((joint) => (
          <button key={joint} type="button" className="plain-button condition-joint code" onClick={() => onInsert(`${joint} `)}>
            {joint}
          </button>
        ))}
      </div>
      {picking && (
        <ValuePicker
          key={picking.name}
          tag={picking}
          onPick={(words) => {
            setPicking(undefined);
            onInsert(words);
          }}
          onClose={() => setPicking(undefined)}
        />
      )}
    </>
  );
}

interface Option {
  value: string;
  label: string;
  words: string[];
}

function Picker({ label, options, onInsert }: { label: string; options: Option[]; onInsert(words: string): void }) {
  return (
    <Select<string, Option>
      className="condition-picker"
      showSearch={{ filterOption: (typed, option) => isFound(typed, ...(option?.words ?? [])) }}
      aria-label={label}
      placeholder={label}
      value={null}
      popupMatchSelectWidth={280}
      options={options}
      onSelect={(value) => value && onInsert(value)}
    />
  );
}
