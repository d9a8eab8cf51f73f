import { Input, Select } from 'antd';
import { useText } from '@/i18n/text';
import { subjects } from '@/ui/TagFamily/family';
import { useDraftTag } from './draft';
import { listOf, textOf, titlesOf } from './entry';
import { Field } from './Field';

const LONGEST_TITLE = 100;
const LONGEST_NAME = 60;
const LONGEST_NOTE = 2000;
const MOST_SUBJECTS = 3;

/** What a tag is called, where it stands, and what its author says of it. */
export function NameForm({ isNew, onName }: { isNew: boolean; onName(name: string): void }) {
  const { t } = useText('tagEditor', 'people');
  const { name, entry, put } = useDraftTag();
  const titles = titlesOf(entry);
  return (
    <>
      <div className="tag-pair">
        {(['zh', 'en'] as const).map((language) => (
          <Field key={language} at={language === 'zh' && typeof entry.title === 'string' ? 'title' : `title.${language}`} label={t(`title.${language}`)}>
            <Input
              aria-label={t(`title.${language}`)}
              placeholder={t(`titleExample.${language}`)}
              maxLength={LONGEST_TITLE}
              value={titles[language]}
              onChange={({ target }) => put('title', { ...titles, [language]: target.value })}
            />
          </Field>
        ))}
      </div>
      <div className="tag-pair">
        <Field at="" label={t('name')} note={t(isNew ? 'nameNote' : 'nameStays')}>
          <Input
            className="code"
            aria-label={t('name')}
            placeholder="carts_7d"
            autoComplete="off"
            maxLength={LONGEST_NAME}
            disabled={!isNew}
            value={name}
            onChange={({ target }) => onName(target.value.trim())}
          />
        </Field>
        <Field at="about" label={t('about')} note={t('aboutNote')}>
          <Select<string[]>
            mode="tags"
            aria-label={t('about')}
            placeholder={t('people:family.own')}
            maxCount={MOST_SUBJECTS}
            value={listOf(entry, 'about')}
            onChange={(next) => put('about', next)}
            options={subjects.map((value) => ({ value, label: t(`people:family.${value}`) }))}
          />
        </Field>
      </div>
      <Field at="note" label={t('note')}>
        <Input.TextArea
          aria-label={t('note')}
          placeholder={t('notePlaceholder')}
          className="tag-text"
          rows={1}
          maxLength={LONGEST_NOTE}
          value={textOf(entry, 'note')}
          onChange={({ target }) => put('note', target.value)}
        />
      </Field>
    </>
  );
}
