import type { TagDefinition } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { Panel } from '@/ui/Panel/Panel';

/** When a tag was declared, and by whom. */
export function TagChanges({ changes }: Pick<TagDefinition, 'changes'>) {
  const { t } = useText('tags');
  const format = useFormats();
  return (
    <Panel title={t('changes.title')} note={t('changes.note')}>
      <ol>
        {changes.map(({ version, applied_at, applied_by }) => (
          <li key={version}>{t('changes.one', { version, at: format.minute(applied_at), by: applied_by || t('changes.noAccount') })}</li>
        ))}
      </ol>
    </Panel>
  );
}
