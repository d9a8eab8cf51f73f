import { Segmented } from 'antd';
import { useState } from 'react';
import { useTieEvidence, useTies } from '@/api/queries/ties';
import type { EvidencedTie, PersonTies, TiedPerson, TieEvent } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { MoreRows } from '@/ui/DataTable/MoreRows';
import { DetailDrawer } from '@/ui/DetailDrawer/DetailDrawer';
import { Freshness } from '@/ui/Freshness/Freshness';
import { PersonLink } from '@/ui/PersonLink/PersonLink';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { When } from '@/ui/Values/Values';
import { TiesPicture } from './TiesPicture';
import { lastOf, useTieWords } from './tieWords';
import './ties.css';

interface Props {
  person: string;
  open: boolean;
  onClose(): void;
}

/** The people to whom somebody is tied: picture, table, and the events behind each tie. */
export function Ties({ person, open, onClose }: Props) {
  const { t } = useText('ties');
  const [kind, setKind] = useState('');
  const ties = useTies(person, kind, { enabled: open });
  return (
    <DetailDrawer open={open} wide title={t('title')} onClose={onClose}>
      <Answer of={ties} rows={12}>
        {({ pages }) => {
          const [first] = pages;
          if (!first || first.by_kind.length === 0) return <StateView case="new" title={t('none')} words={t('noneWords')} />;
          return (
            <div className="stack">
              <Kinds told={first} kind={kind} onKind={setKind} />
              <Tied
                key={`${person} ${kind}`}
                person={person}
                total={first.total}
                ties={pages.flatMap((page) => page.ties)}
                query={ties}
              />
              <Freshness
                computed={first.computed}
                call={{ path: `/api/people/${person}/ties` }}
                command={`qianmian profile ties person:${person}`}
              />
            </div>
          );
        }}
      </Answer>
    </DetailDrawer>
  );
}

function Kinds({ told, kind, onKind }: { told: PersonTies; kind: string; onKind(kind: string): void }) {
  const { t } = useText('ties');
  const { word } = useWords();
  const format = useFormats();
  const options = told.by_kind.map((one) => ({ value: one.kind, label: `${word('tie', one.kind)} ${format.int(one.people)}` }));
  return (
    <div className="ties-kinds">
      <Segmented aria-label={t('kinds')} value={kind} onChange={onKind} options={[{ value: '', label: t('all') }, ...options]} />
    </div>
  );
}

interface TiedProps {
  person: string;
  total: number;
  ties: readonly TiedPerson[];
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage(): unknown };
}

function Tied({ person, total, ties, query }: TiedProps) {
  const { t } = useText('ties');
  const told = useTieWords();
  const [opened, setOpened] = useState('');
  const columns: Column<TiedPerson>[] = [
    { key: 'person', title: t('column.person'), render: (one) => <PersonLink person={one.person} identifiers={one.identifiers} /> },
    { key: 'strength', title: t('column.strength'), numeric: true, render: ({ strength }) => <Strength value={strength} /> },
    { key: 'kinds', title: t('column.kinds'), render: ({ kinds }) => kinds.map(told).join(' · ') },
    { key: 'last', title: t('column.last'), render: ({ kinds }) => <When at={lastOf(kinds)} as="minute" /> },
  ];
  return (
    <>
      <TiesPicture ties={ties} opened={opened} onOpen={setOpened} />
      {opened ? <Evidence person={person} other={opened} /> : <p className="muted">{t('pick')}</p>}
      <DataTable
        name="ties"
        caption={t('title')}
        columns={columns}
        rows={ties}
        rowKey={(one) => one.person}
        selected={opened || undefined}
        onOpen={(one) => setOpened(one.person)}
        foot={<MoreRows shown={ties.length} total={total} query={query} />}
      />
    </>
  );
}

function Strength({ value }: { value: number }) {
  const format = useFormats();
  return (
    <span className="ties-strength">
      <span className="ties-track">
        <span className="ties-fill" style={{ width: `${value * 100}%` }} />
      </span>
      <span className="number">{format.number(value)}</span>
    </span>
  );
}

function Evidence({ person, other }: { person: string; other: string }) {
  const { t } = useText('ties');
  const told = useTieWords();
  const evidence = useTieEvidence(person, other);
  return (
    <section className="ties-evidence" aria-live="polite" aria-label={t('evidence')}>
      <h3>
        {t('evidence')} <span className="code muted">{other}</span>
      </h3>
      <Answer of={evidence} rows={3}>
        {({ kinds }) => (
          <ul>
            {kinds.map((tie) => (
              <li key={`${tie.kind} ${tie.direction}`}>
                {told(tie)}
                <Events tie={tie} />
              </li>
            ))}
          </ul>
        )}
      </Answer>
    </section>
  );
}

function Events({ tie: { first, last } }: { tie: EvidencedTie }) {
  const { t } = useText('ties');
  const { word } = useWords();
  const format = useFormats();
  const events = [first, last].filter((event): event is TieEvent => event !== null);
  const distinct = events.filter((event, at) => at === 0 || event.event_id !== events[0]?.event_id);
  if (distinct.length === 0) return <p className="muted">{t('takenBack')}</p>;
  return (
    <ol>
      {distinct.map(({ occurred_at, name, source, event_id }) => (
        <li key={event_id}>
          <span className="number">{format.stamp(occurred_at)}</span> {word('event', name)}{' '}
          <span className="code muted">
            {source} / {event_id}
          </span>
        </li>
      ))}
    </ol>
  );
}
