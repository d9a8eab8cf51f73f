import { InboxOutlined, LockOutlined, SearchOutlined, WarningOutlined } from '@ant-design/icons';
import { Button, Skeleton } from 'antd';
import type { ReactNode } from 'react';
import { useText } from '@/i18n/text';
import { useDelayed } from './delayed';
import './stateView.css';

/** The six cases in which a panel has no ordinary content. */
export type Case =
  | { case: 'loading'; rows?: number }
  | { case: 'new'; title: string; words: ReactNode; action?: ReactNode }
  | { case: 'filtered'; filter: string; onClear?: () => void }
  | { case: 'error'; what: string; hint?: string; code?: string; onRetry?: () => void }
  | { case: 'stale'; words: ReactNode; action?: ReactNode }
  | { case: 'forbidden'; permission: string; hint?: string };

export function StateView(props: Case) {
  const { t } = useText('states');
  switch (props.case) {
    case 'loading':
      return <Loading rows={props.rows ?? 4} />;
    case 'new':
      return (
        <Message icon={<InboxOutlined />} title={props.title} action={props.action}>
          {props.words}
        </Message>
      );
    case 'filtered':
      return (
        <Message
          icon={<SearchOutlined />}
          title={t('filtered.title')}
          action={props.onClear && <Button onClick={props.onClear}>{t('filtered.clear')}</Button>}
        >
          {props.filter}
        </Message>
      );
    case 'error':
      return (
        <Message
          icon={<WarningOutlined />}
          title={props.what}
          role="alert"
          action={props.onRetry && <Button onClick={props.onRetry}>{t('error.retry')}</Button>}
        >
          {props.hint && <p>{props.hint}</p>}
          {props.code && <code className="muted">{props.code}</code>}
        </Message>
      );
    case 'stale':
      return (
        <div className="state-strip" role="status">
          <WarningOutlined aria-hidden />
          <span>{props.words}</span>
          {props.action}
        </div>
      );
    case 'forbidden':
      return (
        <Message icon={<LockOutlined />} title={t('forbidden.title')} role="alert">
          <p>{t('forbidden.words', { permission: props.permission })}</p>
          {props.hint && <p>{props.hint}</p>}
        </Message>
      );
  }
}

interface MessageProps {
  icon: ReactNode;
  title: string;
  role?: 'alert';
  action?: ReactNode;
  children?: ReactNode;
}

function Message({ icon, title, role, action, children }: MessageProps) {
  return (
    <div className="state" role={role}>
      <span className="state-icon" aria-hidden>
        {icon}
      </span>
      <p className="state-title">{title}</p>
      {children && <div className="state-words">{children}</div>}
      {action && <div className="state-action">{action}</div>}
    </div>
  );
}

// A quick answer shows no skeleton at all: it would only flicker.
function Loading({ rows }: { rows: number }) {
  const { t } = useText('states');
  const late = useDelayed(200);
  return (
    <div className="state-loading" aria-busy="true" aria-label={t('loading')}>
      {late && <Skeleton title={false} paragraph={{ rows, width: '100%' }} active={false} />}
    </div>
  );
}
