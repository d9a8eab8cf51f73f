import { Tag } from 'antd';
import type { Sync } from '@/api/shapes';
import { useText } from '@/i18n/text';

const colours: Record<string, string> = {
  asked: 'gold',
  refused: 'red',
  waiting: 'blue',
  active: 'green',
  failed: 'orange',
  stopped: 'red',
  ending: 'gold',
};

/** Whether a sync runs, waits for somebody, or failed. */
export function SyncState({ state }: { state: Sync['state'] }) {
  const { t } = useText('syncs');
  return <Tag color={colours[state]}>{t(`state.${state as 'active'}`)}</Tag>;
}
