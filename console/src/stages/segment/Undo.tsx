import { Button } from 'antd';
import { useAudience, useRestore } from '@/api/queries/savedAudiences';
import { useText } from '@/i18n/text';
import { Failure } from '@/ui/StateView/Answer';
import './audiences.css';

interface Props {
  audience: number;
  onDone(): void;
}

/** What was just deleted, and the way back. */
export function Undo({ audience, onDone }: Props) {
  const { t } = useText('audiences');
  const { data } = useAudience(audience);
  const restore = useRestore();
  if (!data?.deleted_at) return null;
  return (
    <>
      <div className="undo" role="status">
        <span className="ellipsis">
          {t('deleted')} <bdi>{data.name}</bdi>
        </span>
        <Button loading={restore.isPending} onClick={() => restore.mutate(audience, { onSuccess: onDone })}>
          {t('undo')}
        </Button>
        <Button type="text" onClick={onDone}>
          {t('dismiss')}
        </Button>
      </div>
      {restore.error && <Failure error={restore.error} />}
    </>
  );
}
