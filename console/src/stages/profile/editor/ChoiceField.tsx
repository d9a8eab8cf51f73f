import { Select } from 'antd';
import type { ReactNode } from 'react';
import { useDraftTag } from './draft';
import { textOf } from './entry';
import { Field } from './Field';

interface Props {
  at: string;
  label: string;
  note?: ReactNode;
  options: { value: string; label: string }[];
  otherwise?: string;
}

/** One of some words at a key. */
export function ChoiceField({ at, label, note, options, otherwise = '' }: Props) {
  const { entry, put } = useDraftTag();
  return (
    <Field at={at} label={label} note={note}>
      <Select<string>
        aria-label={label}
        placeholder={label}
        value={textOf(entry, at) || otherwise || null}
        onChange={(value) => put(at, value)}
        options={options}
      />
    </Field>
  );
}
