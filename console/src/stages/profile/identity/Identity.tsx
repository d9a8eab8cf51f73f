import { useState } from 'react';
import { useExplained } from '@/api/queries/identity';
import type { Connected, Explained, HeldIdentifier } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { useFormats } from '@/i18n/place';
import { useWords } from '@/i18n/words';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { DetailDrawer } from '@/ui/DetailDrawer/DetailDrawer';
import { Freshness } from '@/ui/Freshness/Freshness';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { Num, When } from '@/ui/Values/Values';
import { ByHand } from './ByHand';
import { Chain } from './Chain';
import { Decisions } from './Decisions';
import { IdentityGraph, useTime } from './IdentityGraph';
import './identity.css';

interface Props {
  person: string;
  open: boolean;
  /** Whether somebody came to split the person. */
  splits?: boolean;
  onClose(): void;
}

/** Why the identifiers of a person are one person: picture, table, and the way between any two. */
export function Identity({ person, open, splits, onClose }: Props) {
  const { t } = useText('identity');
  const name = `person:${person}`;
  const explained = useExplained(name, undefined, { enabled: open });
  return (
    <DetailDrawer open={open} wide title={t('title')} onClose={onClose}>
      <Answer of={explained} rows={12}>
        {(told) => (
          <div className="stack">
            <Whole told={told} person={person} splits={splits} />
            <Freshness
              computed={told.computed}
              call={{ path: '/api/identity/explain', query: { a: name } }}
              command={`qianmian identity explain ${name}`}
            />
          </div>
        )}
      </Answer>
    </DetailDrawer>
  );
}

function Whole({ told, person, splits }: { told: Explained; person: string; splits?: boolean }) {
  const { t } = useText('identity');
  const [picked, setPicked] = useState<readonly string[]>([]);
  const [opened, setOpened] = useState<number | null>(null);
  const [a, b] = picked;
  const between = useExplained(`id:${a}`, `id:${b}`, { enabled: a !== undefined && b !== undefined });
  const chain = new Set(b === undefined ? [] : between.data?.steps.flatMap(({ start, end }) => [start, end]));
  const pick = (id: string) =>
    setPicked((now) => (now.includes(id) ? now.filter((one) => one !== id) : [...now, id].slice(-2)));
  const statements = opened === null ? undefined : told.edges[opened];
  if (told.edges.length === 0 && told.identifiers.length <= 1)
    return (
      <>
        <StateView case="new" title={t('alone')} words={t('aloneWords')} />
        <ByHand told={told} person={person} picked={picked} />
        <Decisions ids={new Set(told.identifiers.map(({ id }) => id))} />
      </>
    );
  return (
    <>
      {told.is_cut && <StateView case="stale" words={t('cut')} />}
      {told.is_outdated && <StateView case="stale" words={t('outdated')} />}
      <IdentityGraph told={told} person={person} picked={picked} onPick={pick} opened={opened} onOpen={setOpened} chain={chain} />
      <section className="stack" aria-live="polite" aria-label={t('between')}>
        {a === undefined || b === undefined ? (
          <p>{t(a === undefined ? 'pick' : 'pickOther')}</p>
        ) : (
          <Answer of={between} rows={3}>
            {(found) => <Chain told={found} />}
          </Answer>
        )}
      </section>
      <ByHand told={told} person={person} picked={picked} splits={splits} />
      {statements && <Statements edge={statements} />}
      <Edges told={told} opened={opened} onOpen={setOpened} />
      <Decisions ids={new Set(told.identifiers.map(({ id }) => id))} />
    </>
  );
}

interface EdgesProps {
  told: Explained;
  opened: number | null;
  onOpen(edge: number): void;
}

function Edges({ told: { edges, identifiers }, opened, onOpen }: EdgesProps) {
  const { t } = useText('identity');
  const known = new Map(identifiers.map((one) => [one.id, one]));
  const named = (id: string) => {
    const one = known.get(id);
    return one && <Called one={one} />;
  };
  const columns: Column<Connected>[] = [
    { key: 'left', title: t('column.left'), render: ({ left }) => named(left) },
    { key: 'said', title: t('column.said'), render: ({ said, joins }) => joins ? t(`said.${said}`) : `${t(`said.${said}`)} · ${t('refused')}` },
    { key: 'right', title: t('column.right'), render: ({ right }) => named(right) },
    { key: 'total', title: t('column.total'), numeric: true, render: ({ total }) => <Num value={total} /> },
    { key: 'first', title: t('column.first'), render: ({ first }) => <When at={first.at} as="minute" /> },
    { key: 'last', title: t('column.last'), render: ({ last }) => <When at={last.at} as="minute" /> },
  ];
  const keyOf = (edge: Connected) => String(edges.indexOf(edge));
  return (
    <DataTable
      name="identity-edges"
      caption={t('edges')}
      columns={columns}
      rows={edges}
      rowKey={keyOf}
      selected={opened === null ? undefined : String(opened)}
      onOpen={(edge) => onOpen(edges.indexOf(edge))}
    />
  );
}

function Called({ one }: { one: HeldIdentifier }) {
  const { t } = useText('identity');
  const { word } = useWords();
  const time = useTime()(one);
  return (
    <>
      {word('namespace', one.namespace)} <span className="code">{one.value ?? t('erased')}</span>
      {time && <div className="muted identity-time">{time}</div>}
    </>
  );
}

function Statements({ edge }: { edge: Connected }) {
  const { t } = useText('identity');
  const format = useFormats();
  return (
    <section className="identity-statements" aria-live="polite" aria-label={t('statements')}>
      <h3>{t('statements')}</h3>
      <ol>
        {edge.statements.map(({ at, source, event_id }) => (
          <li key={`${source}/${event_id}`}>
            <span className="number">{format.stamp(at)}</span> <span className="code muted">{source} / {event_id}</span>
          </li>
        ))}
      </ol>
      {edge.total > edge.statements.length && <p className="muted">{t('more', { n: format.int(edge.total - edge.statements.length) })}</p>}
    </section>
  );
}
