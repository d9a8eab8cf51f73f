import type { MatchRun } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { barsOf } from './barsOf';

/** How many pairs of records have which weight, and from where on they are proposed. */
export function Weights({ run }: { run: MatchRun }) {
  const { t } = useText('matching');
  const format = useFormats();
  const bars = barsOf(run.weights);
  // Pairs of strangers outnumber the others by far: on a plain scale nothing else could be seen.
  const height = (pairs: number) => (Math.log1p(pairs) / Math.log1p(Math.max(...bars.map((bar) => bar.pairs)))) * 100;
  const first = bars[0]?.weight ?? 0;
  return (
    <figure className="weights" aria-label={t('weights')}>
      <figcaption>
        {t('weights')} <span className="muted">{t('weightsNote')}</span>
      </figcaption>
      <div className="weights-plot">
        <ol className="weights-bars">
          {bars.map(({ weight, pairs }) => {
            const words = t('bar', { count: pairs, weight: format.int(weight), n: format.int(pairs) });
            return (
              <li key={weight} title={words} data-proposed={weight >= Math.floor(run.threshold) || undefined}>
                <span className="visually-hidden">{words}</span>
                <span className="weights-bar" style={{ height: `${height(pairs)}%` }} aria-hidden />
              </li>
            );
          })}
        </ol>
        <div className="weights-threshold" style={{ left: `${((run.threshold - first) / bars.length) * 100}%` }}>
          <span>{t('threshold', { weight: format.number(run.threshold) })}</span>
        </div>
      </div>
      <div className="weights-ends muted" aria-hidden>
        <span>{format.int(first)}</span>
        <span>{t('logarithmic')}</span>
        <span>{format.int(first + bars.length)}</span>
      </div>
    </figure>
  );
}
