import { Link } from 'react-router';
import type { KindSummary, TieSummary } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { NONE } from '@/lib/format';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { Panel } from '@/ui/Panel/Panel';
import { StateView } from '@/ui/StateView/StateView';
import { Num, When } from '@/ui/Values/Values';
import './foundTies.css';

/** What the last build found of each kind of tie; the closest pairs open one of their people. */
export function FoundTies({ found }: { found: TieSummary }) {
  const { t } = useText('tieKinds');
  const format = useFormats();
  const columns = useColumns();
  const note = t('foundNote', { count: found.people, n: format.int(found.people) });
  return (
    <Panel flush title={t('found')} note={found.people > 0 && note}>
      {found.people === 0 ? (
        <StateView case="new" title={t('none')} words={t('noneWords')} />
      ) : (
        <DataTable name="tie-kinds" caption={t('found')} columns={columns} rows={found.kinds} rowKey={(one) => one.kind} />
      )}
    </Panel>
  );
}

function useColumns(): Column<KindSummary>[] {
  const { t } = useText('tieKinds');
  const { word } = useWords();
  const format = useFormats();
  return [
    { key: 'kind', title: t('column.kind'), render: (one) => word('tie', one.kind) },
    { key: 'pairs', title: t('column.pairs'), numeric: true, render: (one) => <Num value={one.pairs} /> },
    { key: 'people', title: t('column.people'), numeric: true, render: (one) => <Num value={one.people} /> },
    { key: 'events', title: t('column.events'), numeric: true, render: (one) => <Num value={one.events} /> },
    {
      key: 'median',
      title: t('column.median'),
      numeric: true,
      render: (one) => (one.median_strength === null ? NONE : <span className="number">{format.number(one.median_strength)}</span>),
    },
    { key: 'last', title: t('column.last'), optional: true, render: (one) => (one.last_at ? <When at={one.last_at} as="minute" /> : NONE) },
    { key: 'strongest', title: t('column.strongest'), render: (one) => <Strongest kind={one} /> },
  ];
}

function Strongest({ kind }: { kind: KindSummary }) {
  const { t } = useText('tieKinds');
  const format = useFormats();
  if (kind.strongest.length === 0) return <span className="muted">{t('noTies')}</span>;
  return (
    <ul className="found-ties">
      {kind.strongest.map(({ person, other, strength }) => (
        <li key={`${person} ${other}`}>
          <Link
            to={`/profile/people/${person}?ties=1`}
            className="code"
            aria-label={t('pair', { one: person, other, strength: format.number(strength) })}
          >
            {person.slice(0, SHOWN)} – {other.slice(0, SHOWN)}
          </Link>{' '}
          <span className="number muted">{format.number(strength)}</span>
        </li>
      ))}
    </ul>
  );
}

/** Letters of an id by which a pair is recognised here; its name for the ear has them all. */
const SHOWN = 6;
