import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useText } from '@/i18n/text';
import { Link } from 'react-router';
import { ApiError } from '@/api/client';
import { StateView } from './StateView';

/** What of a query an answer is drawn from. */
export interface Asked<T> {
  data: T | undefined;
  error: Error | null;
  isPlaceholderData?: boolean;
  refetch(): unknown;
}

interface Props<T> {
  of: Asked<T>;
  rows?: number;
  children(data: T): ReactNode;
}

/** The content of a query, or the state in which it is; an older answer stays, dimmed, while a newer one comes. */
export function Answer<T>({ of, rows, children }: Props<T>) {
  if (of.error) return <Failure error={of.error} onRetry={() => void of.refetch()} />;
  if (of.data === undefined) return <StateView case="loading" rows={rows} />;
  const content = children(of.data);
  return of.isPlaceholderData ? <div className="dimmed">{content}</div> : content;
}

export function Failure({ error, onRetry }: { error: Error; onRetry?: () => void }) {
  const { t } = useText('states');
  if (!(error instanceof ApiError)) return <StateView case="error" what={t('error.unexpected')} onRetry={onRetry} />;
  if (error.code === 'not_built') return <NotBuilt />;
  if (error.status === 0) return <StateView case="error" what={t('error.unreachable')} onRetry={onRetry} />;
  if (error.status === 403) return <StateView case="forbidden" permission={error.what} hint={error.hint} />;
  if (!error.what) return <StateView case="error" what={t('error.unexpected')} code={error.code} onRetry={onRetry} />;
  return <StateView case="error" what={error.what} hint={error.hint} code={error.code} onRetry={onRetry} />;
}

function NotBuilt() {
  const { t } = useText('states');
  return (
    <StateView
      case="new"
      title={t('notBuilt.title')}
      words={t('notBuilt.words')}
      action={
        <div className="row">
          <Link to="/collect/imports/new">
            <Button type="primary">{t('notBuilt.import')}</Button>
          </Link>
          <Link to="/system/jobs">
            <Button>{t('notBuilt.build')}</Button>
          </Link>
        </div>
      }
    />
  );
}
