import { useFormats } from '@/i18n/place';
import { NONE } from '@/lib/format';
import './coverageBar.css';

/** A share as a bar with its number. */
export function CoverageBar({ part, all }: { part: number | undefined; all: number | undefined }) {
  const format = useFormats();
  if (part === undefined || !all) return <span className="muted">{NONE}</span>;
  return (
    <span className="coverage">
      <span className="coverage-track" aria-hidden>
        <span className="coverage-fill" style={{ width: `${(part / all) * 100}%` }} />
      </span>
      <span className="number">{format.share(part, all)}</span>
    </span>
  );
}
