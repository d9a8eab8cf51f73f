import type { Journeys } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';

/** Who went from which stage to which: rows are where they were, columns where they are. */
export function Moves({ journeys }: { journeys: Journeys }) {
  const { t } = useText('journey');
  const format = useFormats();
  const { word } = useWords();
  const stages = [null, ...journeys.stages.map(({ stage }) => stage)];
  const name = (stage: (typeof stages)[number]) => (stage === null ? t('nowhere') : word('journey', stage));
  const people = (before: string | null, after: string | null) =>
    journeys.moves.find((move) => move.before === before && move.after === after)?.people ?? 0;
  const most = Math.max(1, ...journeys.moves.map((move) => (move.before === move.after ? 0 : move.people)));
  return (
    <div className="moves-scroll">
      <table className="table moves">
        <caption className="visually-hidden">{t('movesTable')}</caption>
        <thead>
          <tr>
            <th scope="col">
              <span className="muted">
                {t('from')} ↓ · {t('to')} →
              </span>
            </th>
            {stages.map((after) => (
              <th key={after ?? ''} scope="col" className="table-numeric">
                {name(after)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {stages.map((before) => (
            <tr key={before ?? ''}>
              <th scope="row">{name(before)}</th>
              {stages.map((after) => {
                const number = people(before, after);
                const isSame = before === after;
                const shade = isSame ? 0 : Math.round((number / most) * 40);
                const style = shade ? { background: `color-mix(in srgb, var(--q-primary) ${shade}%, transparent)` } : undefined;
                return (
                  <td key={after ?? ''} className={isSame ? 'table-numeric moves-same' : 'table-numeric'} style={style}>
                    {number > 0 ? format.int(number) : <span className="muted">·</span>}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
