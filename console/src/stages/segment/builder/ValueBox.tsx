import { Input, Select } from 'antd';
import type { ConditionValue } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { patterns } from './draft';
import { valueOf, written, type Field } from './fields';
import { NumberBox } from './NumberBox';

interface Props {
  field: Pick<Field, 'type'>;
  label: string;
  value: ConditionValue | undefined;
  onChange(value: ConditionValue | undefined): void;
}

/** One value, in a box that fits its type. */
export function ValueBox({ field, label, value, onChange }: Props) {
  const { t } = useText('builder');
  const { word } = useWords();
  const format = useFormats();
  const text = written(value);
  const change = (next: string) => onChange(valueOf(field.type, next));
  switch (field.type) {
    case 'text':
      return <Input className="build-text" aria-label={label} placeholder={t('typeText')} value={text} onChange={(event) => change(event.target.value)} />;
    case 'flag':
      return (
        <Select
          className="build-flag"
          aria-label={label}
          value={text || null}
          onChange={change}
          options={['true', 'false'].map((flag) => ({ value: flag, label: word('value', flag) }))}
        />
      );
    case 'date':
      return <Input className="build-date" type="date" aria-label={label} value={text} onChange={(event) => change(event.target.value)} />;
    case 'instant':
      return (
        <Input
          className="build-instant"
          type="datetime-local"
          aria-label={label}
          title={format.place.zone}
          value={format.wallClock(text)}
          onChange={(event) => change(event.target.value && format.instantAt(event.target.value))}
        />
      );
    default:
      return (
        <NumberBox
          isWide
          label={label}
          value={text}
          isSound={patterns.number.test(text)}
          prefix={field.type === 'money' ? format.currencySign : undefined}
          onChange={change}
        />
      );
  }
}
