import { Button, Popconfirm } from 'antd';
import { useNavigate } from 'react-router';
import type { useRemoveTag } from '@/api/queries/tagDefinitions';
import type { TagDefinition } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { LinkButton } from '@/ui/LinkButton/LinkButton';

interface Props {
  definition: TagDefinition;
  remove: ReturnType<typeof useRemoveTag>;
}

/** What may be done with a tag of the shop's own. */
export function TagActions({ definition: { tag, audiences, used_by }, remove }: Props) {
  const { t } = useText('tags');
  const { title } = useWords();
  const navigate = useNavigate();
  const named = audiences.length > 0 ? t('remove.audiences', { count: audiences.length }) : t('remove.words');
  return (
    <>
      <LinkButton to={`/profile/tags/${tag.name}/edit`}>{t('edit')}</LinkButton>
      <Popconfirm
        title={t('remove.sure', { title: title(tag) })}
        description={used_by.length > 0 ? t('remove.used', { names: used_by.join(' · ') }) : named}
        okText={t('remove.action')}
        onConfirm={() => remove.mutate(tag.name, { onSuccess: () => void navigate('/profile/tags') })}
      >
        <Button danger loading={remove.isPending}>
          {t('remove.action')}
        </Button>
      </Popconfirm>
    </>
  );
}
