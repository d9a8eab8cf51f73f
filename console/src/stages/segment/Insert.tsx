import { Select } from 'antd';
import { useText } from '@/i18n/text';
import { useVocabulary } from '@/api/queries/audiences';
import { useWords } from '@/i18n/words';
import { quoted } from '@/rules/condition';

/** Pickers that write a tag, a value or an event into the condition. */
export function Insert({ onInsert }: { onInsert(words: string): void }) {
  const { t } = useText('audiences');
  const { title, word } = useWords();
  const { data } = useVocabulary();
  const tags = (data?.tags ?? []).map((tag) => ({
    value: tag.values[0] ? `${tag.name} = ${quoted(tag.values[0])}` : tag.name,
    label: title(tag),
    find: `${tag.name} ${tag.zh} ${tag.en}`.toLowerCase(),
  }));
  const events = (data?.events ?? []).map((event) => ({
    value: `did(${quoted(event)}, last='30d')`,
    label: word('event', event),
    find: `${event} ${word('event', event)}`.toLowerCase(),
  }));
  const joints = ['and', 'or', 'not', '(', ')'];
  return (
    <div className="row wrap">
      <Picker label={t('insertTag')} options={tags} onInsert={onInsert} />
      <Picker label={t('insertEvent')} options={events} onInsert={onInsert} />
      {joints.map((joint) => (
        <button key={joint} type="button" className="plain-button condition-joint code" onClick={() => onInsert(`${joint} `)}>
          {joint}
        </button>
      ))}
    </div>
  );
}

interface Option {
  value: string;
  label: string;
  find: string;
}

function Picker({ label, options, onInsert }: { label: string; options: Option[]; onInsert(words: string): void }) {
  return (
    <Select<string, Option>
      className="condition-picker"
      showSearch={{ filterOption: (typed, option) => option?.find.includes(typed.toLowerCase()) ?? false }}
      aria-label={label}
      placeholder={label}
      value={null}
      popupMatchSelectWidth={280}
      options={options}
      onSelect={(value) => value && onInsert(value)}
    />
  );
}
