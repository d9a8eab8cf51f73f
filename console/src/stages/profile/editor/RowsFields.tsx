import { Select } from 'antd';
import { useVocabulary } from '@/api/queries/audiences';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { isFound } from '@/lib/pinyin';
import { DaysField } from './DaysField';
import { useDraftTag } from './draft';
import { listOf } from './entry';
import { Field } from './Field';
import { TextField } from './TextField';

/** Which events count: by name, by what is known of them, and since when. */
export function RowsFields() {
  const { t } = useText('tagEditor');
  const { word } = useWords();
  const { entry, put } = useDraftTag();
  const { data } = useVocabulary();
  const chosen = listOf(entry, 'events');
  const events = [...new Set([...(data?.events ?? []), ...chosen])];
  return (
    <>
      <Field at="events" label={t('events')}>
        <Select<string[], { value: string; label: string }>
          mode="multiple"
          aria-label={t('events')}
          placeholder={t('anyEvent')}
          showSearch={{ filterOption: (typed, option) => isFound(typed, option?.value ?? '', option?.label ?? '') }}
          value={chosen}
          onChange={(next) => put('events', next)}
          options={events.map((event) => ({ value: event, label: word('event', event) }))}
        />
      </Field>
      <div className="tag-pair">
        <DaysField at="last" label={t('last')} placeholder={t('allTime')} note={t('lastNote')} />
        <TextField at="where" label={t('where')} note={t('whereNote')} placeholder="category = '…' and channel in ('app', 'web')" />
      </div>
    </>
  );
}
