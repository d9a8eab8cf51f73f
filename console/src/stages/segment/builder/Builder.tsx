import { Button } from 'antd';
import type { Problem } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { Failure } from '@/ui/StateView/Answer';
import { Problems } from '../Problems';
import { GroupBox } from './GroupBox';
import { unfinished } from './rows';
import type { Draft } from './useDraft';
import './builder.css';

/** A condition as rows that are filled in; what is half-filled stays, and does not count yet. */
export default function Builder({ draft, problems }: { draft: Draft; problems: readonly Problem[] }) {
  const { t } = useText('builder');
  const missing = unfinished(draft.group);
  return (
    <div className="build">
      <GroupBox group={draft.group} label={t('rows')} depth={0} onChange={draft.change} />
      <div className="row spread">
        <p className="muted" role="status">
          {missing > 0 && t('unfinished', { count: missing, n: missing })}
        </p>
        <Button size="small" disabled={!draft.undo} onClick={draft.undo}>
          {t('undo')}
        </Button>
      </div>
      {draft.failure ? <Failure error={draft.failure} onRetry={draft.retry} /> : <Problems problems={problems} />}
    </div>
  );
}
