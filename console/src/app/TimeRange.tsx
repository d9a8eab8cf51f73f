import { Segmented } from 'antd';
import { useText } from '@/i18n/text';
import { rangeSchema, ranges } from '@/lib/range';
import { useUrlState } from '@/lib/urlState';

/** The range of dates that the screen tells of; it stands in the address. */
export function TimeRange() {
  const { t } = useText();
  const [{ range }, set] = useUrlState(rangeSchema);
  return (
    <Segmented
      aria-label={t('range.label')}
      value={range}
      onChange={(next) => set({ range: next })}
      options={ranges.map((value) => ({ value, label: t(`range.${value}`) }))}
    />
  );
}
