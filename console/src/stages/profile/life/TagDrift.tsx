import type { TagHistory } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { VerdictMark, type Verdict } from './VerdictMark';

const drifts = { steady: 'good', few: 'unknown', moved: 'look', drifted: 'bad' } as const satisfies Record<string, Verdict>;

function driftOf(told: string): keyof typeof drifts {
  return told === 'steady' || told === 'moved' || told === 'drifted' ? told : 'few';
}

/** The last build beside earlier ones. */
export function TagDrift({ history: { comparisons } }: { history: TagHistory }) {
  const { t } = useText('tagLife');
  const format = useFormats();
  if (comparisons.length === 0) return <p className="muted">{t('drift.none')}</p>;
  return (
    <table className="table drift-table">
      <caption className="visually-hidden">{t('drift.title')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('drift.title')}</th>
          <th scope="col" className="table-numeric">{t('drift.psi')}</th>
          <th scope="col" className="table-numeric">{t('drift.noise')}</th>
          <th scope="col" className="table-numeric">{t('drift.coverage')}</th>
          <th scope="col">{t('drift.state')}</th>
        </tr>
      </thead>
      <tbody>
        {comparisons.map(({ days, psi, noise, coverage_change, drift }) => (
          <tr key={days}>
            <th scope="row">{t('drift.base', { n: format.int(days) })}</th>
            <td className="table-numeric">{format.number(psi)}</td>
            <td className="table-numeric">{format.number(noise)}</td>
            <td className="table-numeric">{t('drift.points', { n: format.number(coverage_change * 100) })}</td>
            <td>
              <VerdictMark verdict={drifts[driftOf(drift)]}>{t(`drift.${driftOf(drift)}`)}</VerdictMark>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
