import { useId, type ReactNode } from 'react';
import './panel.css';

interface Props {
  title?: ReactNode;
  /** What the panel answers, in one line. */
  note?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  className?: string;
  flush?: boolean;
}

/** A framed part of a page that answers one question. */
export function Panel({ title, note, actions, children, className = '', flush = false }: Props) {
  const id = useId();
  return (
    <section className={`panel ${flush ? 'panel-flush' : ''} ${className}`} aria-labelledby={title ? id : undefined}>
      {title && (
        <header className="panel-head">
          <div className="panel-words">
            <h2 id={id} className="panel-title">
              {title}
            </h2>
            {note && <span className="panel-note">{note}</span>}
          </div>
          {actions && <div className="row panel-actions">{actions}</div>}
        </header>
      )}
      <div className="panel-body">{children}</div>
    </section>
  );
}
