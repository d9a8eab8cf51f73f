import { TagSelect } from './TagSelect';
import { useText } from '@/i18n/text';

/** Puts the name of a tag into what is written. */
export function InsertTag({ onInsert }: { onInsert(name: string): void }) {
  const { t } = useText('tagEditor');
  return <TagSelect className="tag-insert" label={t('insertTag')} value="" onChange={onInsert} />;
}
