import { useEffect, type ReactNode } from 'react';
import { useText } from '@/i18n/text';
import './pageHeader.css';

interface Props {
  title: string;
  /** What the page is for, in one line. */
  purpose?: ReactNode;
  /** What stands before the title, such as the way back. */
  above?: ReactNode;
  actions?: ReactNode;
  /** When the page was computed, and how to reproduce it. */
  freshness?: ReactNode;
}

export function PageHeader({ title, purpose, above, actions, freshness }: Props) {
  const { t } = useText();
  useEffect(() => {
    document.title = `${title} · ${t('product')}`;
  }, [title, t]);
  return (
    <header className="page-header">
      <div className="page-words">
        {above && <div className="page-above">{above}</div>}
        <h1 className="page-title">
          <bdi>{title}</bdi>
        </h1>
        {purpose && <p className="page-purpose">{purpose}</p>}
      </div>
      <div className="page-side">
        {actions && <div className="row">{actions}</div>}
        {freshness}
      </div>
    </header>
  );
}
