import { CheckCircleOutlined, ClockCircleOutlined, HistoryOutlined, WarningOutlined } from '@ant-design/icons';
import type { ReactNode } from 'react';
import { useText } from '@/i18n/text';
import './tagState.css';

const icons = {
  told: <CheckCircleOutlined />,
  outdated: <HistoryOutlined />,
  waiting: <ClockCircleOutlined />,
  failed: <WarningOutlined />,
} satisfies Record<string, ReactNode>;

/** Whether a tag is told of people, by sign and word. */
export function TagState({ state }: { state: string }) {
  const { t } = useText('tags');
  const known = state === 'outdated' || state === 'waiting' || state === 'failed' ? state : 'told';
  return (
    <span className="tag-state" data-state={known}>
      <span aria-hidden>{icons[known]}</span> {t(`state.${known}`)}
    </span>
  );
}
