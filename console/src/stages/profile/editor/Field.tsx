import type { ReactNode } from 'react';
import { useDraftTag } from './draft';

interface Props {
  /** Key of the entry: what is wrong there is told here. */
  at: string;
  label: ReactNode;
  note?: ReactNode;
  children: ReactNode;
}

/** A field of a tag with its title, what belongs in it, and what is wrong with what is. */
export function Field({ at, label, note, children }: Props) {
  const wrong = useDraftTag().wrongAt(at);
  return (
    <div className="tag-field" data-at={at}>
      <div className="tag-field-label">{label}</div>
      {children}
      {wrong ? (
        <p role="alert" className="tag-field-wrong">
          {wrong}
        </p>
      ) : (
        note && <p className="muted tag-field-note">{note}</p>
      )}
    </div>
  );
}
