import type { PatternEffect } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { NONE } from '@/lib/format';

/** A doubling takes as much room as a halving; what is further out stands at the edge. */
const DOUBLINGS = 5;

/** How many times as often the outcome came, as a number and as its interval around 1. */
export function LiftBar({ of: effect }: { of: PatternEffect | null }) {
  const { t } = useText('patterns');
  const format = useFormats();
  if (effect?.lift == null || effect.low == null || effect.high == null) {
    return <span className="muted" title={t(effect ? 'tooFew' : 'notCompared')}>{NONE}</span>;
  }
  const { lift, low, high } = effect;
  const at = (value: number) => (Math.max(-1, Math.min(1, Math.log2(value) / DOUBLINGS)) + 1) * 50;
  const side = low > 1 ? 'more' : high < 1 ? 'less' : 'open';
  const said = t('lift', { value: format.number(lift), low: format.number(low), high: format.number(high) });
  return (
    <span className="lift">
      <span className="number">{format.number(lift)}</span>
      <span className="lift-bar" role="img" aria-label={said} title={said} data-side={side}>
        <span className="lift-range" style={{ left: `${at(low)}%`, width: `${Math.max(at(high) - at(low), 1)}%` }} />
        <span className="lift-value" style={{ left: `${at(lift)}%` }} />
      </span>
    </span>
  );
}
