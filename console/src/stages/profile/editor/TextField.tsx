import { Input } from 'antd';
import { useRef, type ReactNode } from 'react';
import type { TextAreaRef } from 'antd/es/input/TextArea';
import { useDraftTag } from './draft';
import { textOf } from './entry';
import { Field } from './Field';
import { InsertTag } from './InsertTag';

interface Props {
  at: string;
  label: string;
  note?: ReactNode;
  placeholder?: string;
  /** It is a condition or an expression over tags, which can be put into it. */
  withTags?: boolean;
}

/** A condition or an expression of a tag. */
export function TextField({ at, label, note, placeholder, withTags = false }: Props) {
  const { entry, put } = useDraftTag();
  return (
    <Field at={at} label={label} note={note}>
      <CodeBox label={label} value={textOf(entry, at)} withTags={withTags} placeholder={placeholder} onChange={(value) => put(at, value)} />
    </Field>
  );
}

interface Box {
  label: string;
  value: string;
  withTags?: boolean;
  placeholder?: string;
  onChange(value: string): void;
}

/** A text that grows with what is written; tags are put where the caret stands. */
export function CodeBox({ label, value, withTags = true, placeholder, onChange }: Box) {
  const area = useRef<TextAreaRef>(null);

  function insert(words: string) {
    const field = area.current?.resizableTextArea?.textArea;
    const [start, end] = field ? [field.selectionStart, field.selectionEnd] : [value.length, value.length];
    const before = value.slice(0, start);
    onChange(`${before}${before === '' || /[\s(]$/.test(before) ? '' : ' '}${words}${value.slice(end)}`);
    field?.focus();
  }

  return (
    <div className="tag-code">
      <Input.TextArea
        ref={area}
        className="tag-text code"
        aria-label={label}
        rows={1}
        spellCheck={false}
        placeholder={placeholder}
        value={value}
        onChange={({ target }) => onChange(target.value)}
      />
      {withTags && <InsertTag onInsert={insert} />}
    </div>
  );
}
