import type { Estimate } from '@/api/shapes';
import './campaigns.css';

/** An interval as a picture: its bar, the number on it, and where there is no difference. */
export function EstimateBar({ of: { low, high, value }, label }: { of: Estimate; label: string }) {
  const from = Math.min(low, 0);
  const span = Math.max(high, 0) - from || 1;
  const at = (number: number) => `${((number - from) / span) * 100}%`;
  const side = low > 0 ? 'more' : high < 0 ? 'less' : 'open';
  return (
    <div className="estimate" role="img" aria-label={label} data-side={side}>
      <span className="estimate-zero" style={{ left: at(0) }} />
      <span className="estimate-range" style={{ left: at(low), width: `${((high - low) / span) * 100}%` }} />
      <span className="estimate-value" style={{ left: at(value) }} />
    </div>
  );
}
