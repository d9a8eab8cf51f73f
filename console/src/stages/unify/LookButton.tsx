import type { ReactNode } from 'react';
import { useUrlState } from '@/lib/urlState';
import { lookSchema, type Look } from './look';

/** What opens the events behind a number. */
export function LookButton({ look, label, title, children }: { look: Look; label: string; title?: string; children: ReactNode }) {
  const [, set] = useUrlState(lookSchema);
  return (
    <button type="button" className="plain-button quality-look number" aria-label={label} title={title} onClick={() => set({ look: look.kind, of: look.source, at: look.field })}>
      {children}
    </button>
  );
}
