import { Button, Popconfirm } from 'antd';
import { useReplay, useUndo } from '@/api/queries/imports';
import type { Batch } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { Refusal } from '@/ui/Refusal/Refusal';

/** What can be done with an import that stands: its refused rows tried again, or the whole taken out. */
export function BatchActions({ batch }: { batch: Batch }) {
  const { t } = useText('imports');
  const format = useFormats();
  const undo = useUndo();
  const replay = useReplay();
  if (!batch.done_at || batch.undone_at) return null;
  const { accepted, refused_rows } = batch;
  const failure = replay.error ?? undo.error;
  return (
    <>
      {replay.data && (
        <span role="status" className="muted">
          {t('replay.done', { accepted: format.int(replay.data.accepted), read: format.int(replay.data.read) })}
        </span>
      )}
      {failure && <Refusal error={failure} />}
      {refused_rows > 0 && (
        <Button loading={replay.isPending} onClick={() => replay.mutate(batch.batch)}>
          {t('replay.action')}
        </Button>
      )}
      <Popconfirm
        title={t('undo.sure', { count: accepted, n: format.int(accepted) })}
        description={t('undo.words')}
        okText={t('undo.action')}
        onConfirm={() => undo.mutate(batch.batch)}
      >
        <Button danger loading={undo.isPending}>
          {t('undo.action')}
        </Button>
      </Popconfirm>
    </>
  );
}
