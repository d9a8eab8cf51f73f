import { Button, Popconfirm } from 'antd';
import { useDisableSource, type useRollKey } from '@/api/queries/sources';
import type { Source } from '@/api/shapes';
import { useText } from '@/i18n/text';

/** What may be done with a source: another key, or no more events. */
export function SourceActions({ source, roll }: { source: Source; roll: ReturnType<typeof useRollKey> }) {
  const { t } = useText('sources');
  const disable = useDisableSource();
  return (
    <>
      <Popconfirm title={t('key.rollSure', { name: source.name })} description={t('key.rollWords')} okText={t('key.roll')} onConfirm={() => roll.mutate(source.name)}>
        <Button loading={roll.isPending}>{t('key.roll')}</Button>
      </Popconfirm>
      {!source.disabled_at && (
        <Popconfirm title={t('key.disableSure', { name: source.name })} description={t('key.disableWords')} okText={t('key.disable')} onConfirm={() => disable.mutate(source.name)}>
          <Button danger loading={disable.isPending}>
            {t('key.disable')}
          </Button>
        </Popconfirm>
      )}
    </>
  );
}
