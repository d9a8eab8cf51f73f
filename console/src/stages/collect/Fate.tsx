import { CheckCircleOutlined, CloseCircleOutlined, ExperimentOutlined, MinusCircleOutlined } from '@ant-design/icons';
import type { ReactNode } from 'react';
import type { LiveEvent } from '@/api/shapes';
import { useText } from '@/i18n/text';
import './live.css';

const icons: Record<LiveEvent['fate'], ReactNode> = {
  stored: <CheckCircleOutlined />,
  checked: <ExperimentOutlined />,
  skipped: <MinusCircleOutlined />,
  refused: <CloseCircleOutlined />,
};

/** What will become of an event, by sign and word. */
export function Fate({ fate }: { fate: LiveEvent['fate'] }) {
  const { t } = useText('live');
  return (
    <span className="fate" data-fate={fate}>
      <span aria-hidden>{icons[fate]}</span> {t(`fate.${fate}`)}
    </span>
  );
}
