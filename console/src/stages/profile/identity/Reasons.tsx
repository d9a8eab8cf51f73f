import type { Pair } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';

/** What was compared, as bars: to the right what speaks for one person, to the left what speaks against it. */
export function Reasons({ reasons }: { reasons: Pair['reasons'] }) {
  const { t } = useText('identity');
  const { word } = useWords();
  const format = useFormats();
  const longest = Math.max(1, ...reasons.map(({ weight }) => Math.abs(weight)));
  return (
    <ul className="reasons">
      {reasons.map(({ field, level, weight }) => (
        <li key={field} className="reason">
          <span>
            {word('compared', field)} <span className="muted">{word('agreement', level)}</span>
          </span>
          <span className="reason-track" aria-hidden>
            <span className="reason-bar" data-for={weight >= 0} style={{ width: `${(Math.abs(weight) / longest) * 50}%` }} />
          </span>
          <span className="number" title={t(weight >= 0 ? 'review.for' : 'review.against')}>
            {weight > 0 ? '+' : ''}
            {format.number(weight.toFixed(1))}
          </span>
        </li>
      ))}
    </ul>
  );
}
