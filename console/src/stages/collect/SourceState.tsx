import { CheckCircleOutlined, ClockCircleOutlined, MinusCircleOutlined, WarningOutlined } from '@ant-design/icons';
import { Tooltip } from 'antd';
import type { ReactNode } from 'react';
import type { SourceHealth } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import './sources.css';

type State = 'active' | 'never' | 'silent' | 'disabled' | 'gone' | 'own';
/** The source of our own tracked links: it has no write key. */
const OWN = 'links';

const icons: Record<State, ReactNode> = {
  active: <CheckCircleOutlined />,
  never: <ClockCircleOutlined />,
  silent: <WarningOutlined />,
  disabled: <MinusCircleOutlined />,
  gone: <MinusCircleOutlined />,
  own: <CheckCircleOutlined />,
};

function stateOf({ name, source, is_silent, last_at, received }: SourceHealth): State {
  if (!source) return name === OWN ? 'own' : 'gone';
  if (source.disabled_at) return 'disabled';
  if (is_silent) return 'silent';
  return last_at || received || source.seen_at ? 'active' : 'never';
}

/** Whether a source sends as it is used to, by sign and word. */
export function SourceState({ of }: { of: SourceHealth }) {
  const { t } = useText('sources');
  const format = useFormats();
  const state = stateOf(of);
  return (
    <Tooltip title={state === 'silent' ? t('silent', { pause: format.duration(of.usual_pause_seconds) }) : undefined}>
      <span className="source-state" data-state={state}>
        <span aria-hidden>{icons[state]}</span> {t(`state.${state}`)}
      </span>
    </Tooltip>
  );
}
