import { Select } from 'antd';
import { useVocabulary } from '@/api/queries/audiences';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { isFound } from '@/lib/pinyin';

/** An event, found by its name, its title or pinyin. */
export function EventSelect({ value, onChange }: { value: string; onChange(event: string): void }) {
  const { t } = useText('builder');
  const { word } = useWords();
  const { data } = useVocabulary();
  const events = data?.events ?? [];
  return (
    <Select<string, { value: string; label: string }>
      className="build-field"
      aria-label={t('event')}
      placeholder={t('chooseEvent')}
      status={value && data && !events.includes(value) ? 'error' : undefined}
      popupMatchSelectWidth={240}
      showSearch={{ filterOption: (typed, option) => isFound(typed, option?.value ?? '', option?.label ?? '') }}
      value={value || null}
      onChange={onChange}
      options={events.map((event) => ({ value: event, label: word('event', event) }))}
    />
  );
}
