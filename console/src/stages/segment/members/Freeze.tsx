import { Button, Popconfirm } from 'antd';
import { useFreeze } from '@/api/queries/members';
import { useText } from '@/i18n/text';
import { Failure } from '@/ui/StateView/Answer';

/** Makes a dynamic audience a fixed one, once somebody has said so twice. */
export function Freeze({ audience }: { audience: number }) {
  const { t } = useText('members');
  const freeze = useFreeze();
  return (
    <>
      <Popconfirm
        title={t('freezeTitle')}
        description={<div className="members-confirm">{t('freezeWords')}</div>}
        okText={t('freeze')}
        cancelText={t('cancel')}
        onConfirm={() => freeze.mutate(audience)}
      >
        <Button loading={freeze.isPending}>{t('freeze')}</Button>
      </Popconfirm>
      {freeze.error && <Failure error={freeze.error} />}
    </>
  );
}
