import { InputNumber } from 'antd';
import { useText } from '@/i18n/text';
import { useDraftTag } from './draft';
import { daysOf } from './entry';
import { Field } from './Field';

const MOST_DAYS = 3660;

/** A number of days at a key, or none. */
export function DaysField({ at, label, placeholder, note }: { at: string; label: string; placeholder: string; note?: string }) {
  const { t } = useText('tagEditor');
  const { entry, put } = useDraftTag();
  return (
    <Field at={at} label={label} note={note}>
      <InputNumber<number>
        aria-label={label}
        min={1}
        max={MOST_DAYS}
        precision={0}
        placeholder={placeholder}
        suffix={t('days')}
        value={daysOf(entry, at)}
        onChange={(days) => put(at, days ? `${days}d` : undefined)}
      />
    </Field>
  );
}
