import type { KeyboardEvent } from 'react';
import type { Connected, Explained, HeldIdentifier } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { HEIGHT, NAMED, placed, thickness, WIDTH, type Place } from './layout';
import './identity.css';

interface Props {
  told: Explained;
  person: string;
  /** Ids of what is picked, at most two. */
  picked: readonly string[];
  onPick(id: string): void;
  /** Place of the edge whose statements are open; null = none. */
  opened: number | null;
  onOpen(edge: number): void;
  /** Ids of the identifiers on the way between the two that are picked. */
  chain: ReadonlySet<string>;
}

/** The identifiers of a person and what was said of them, as a picture; the table beside it says the same. */
export function IdentityGraph({ told, person, picked, onPick, opened, onOpen, chain }: Props) {
  const { t } = useText('identity');
  const { word } = useWords();
  const places = placed(told.identifiers, told.edges, person);
  const shown = [...places.values()];
  const isNamed = shown.filter(({ isMine }) => isMine).length <= NAMED;
  const isAllNamed = shown.length <= NAMED;
  return (
    <figure>
      <svg className="identity-graph" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="group" aria-label={t('graph')}>
        {hands(shown).map(([one, other]) => (
          <line key={`${one.of.id} ${other.of.id}`} className="identity-hands" x1={one.x} y1={one.y} x2={other.x} y2={other.y} />
        ))}
        {told.edges.map((edge, at) => {
          const [one, other] = [places.get(edge.left), places.get(edge.right)];
          if (!one || !other) return null;
          const isOnChain = chain.has(edge.left) && chain.has(edge.right);
          return <Line key={at} edge={edge} one={one} other={other} isOpen={opened === at} isOnChain={isOnChain} onOpen={() => onOpen(at)} />;
        })}
        {shown.map((place) => (
          <Circle
            key={place.of.id}
            place={place}
            isNamed={isAllNamed || (isNamed && place.isMine) || picked.includes(place.of.id)}
            isPicked={picked.includes(place.of.id)}
            isOnChain={chain.has(place.of.id)}
            onPick={() => onPick(place.of.id)}
          />
        ))}
      </svg>
      <figcaption>
        <ul className="row wrap identity-kinds">
          {families.map((kind) => (
            <li key={kind} className="identity-kind" data-kind={kind}>
              {kinds[kind].map((namespace) => word('namespace', namespace)).join(' · ') || t('accounts')}
            </li>
          ))}
          <li className="identity-kind" data-kind="other">{t('others')}</li>
        </ul>
        <p className="muted">{t('legend')}</p>
      </figcaption>
    </figure>
  );
}

interface LineProps {
  edge: Connected;
  one: Place;
  other: Place;
  isOpen: boolean;
  isOnChain: boolean;
  onOpen(): void;
}

function Line({ edge, one, other, isOpen, isOnChain, onOpen }: LineProps) {
  const { t } = useText('identity');
  const name = useName();
  const hasEnded = one.of.until !== null || other.of.until !== null;
  const label = t('edgeOf', { left: name(one.of), right: name(other.of), said: t(`said.${edge.said}`), count: edge.total, n: edge.total });
  const line = { x1: one.x, y1: one.y, x2: other.x, y2: other.y };
  return (
    <g
      className="identity-edge"
      role="button"
      tabIndex={0}
      aria-label={label}
      aria-pressed={isOpen}
      data-joins={edge.joins}
      data-ended={hasEnded}
      data-chain={isOnChain}
      onClick={onOpen}
      onKeyDown={pressed(onOpen)}
    >
      <title>{label}</title>
      <line {...line} className="identity-reach" />
      <line {...line} className="identity-line" strokeWidth={thickness(edge.total)} />
    </g>
  );
}

interface CircleProps {
  place: Place;
  isNamed: boolean;
  isPicked: boolean;
  isOnChain: boolean;
  onPick(): void;
}

function Circle({ place: { x, y, of, isMine }, isNamed, isPicked, isOnChain, onPick }: CircleProps) {
  const { word } = useWords();
  const name = useName();
  return (
    <g
      className="identity-node"
      role="button"
      tabIndex={0}
      aria-label={name(of)}
      aria-pressed={isPicked}
      data-mine={isMine}
      data-chain={isOnChain}
      data-kind={family(of)}
      transform={`translate(${x} ${y})`}
      onClick={onPick}
      onKeyDown={pressed(onPick)}
    >
      <title>{name(of)}</title>
      <circle r={isPicked ? 9 : 7} />
      {isNamed && (
        <text y={22}>
          {word('namespace', of.namespace)} <tspan className="identity-value">{of.value}</tspan>
        </text>
      )}
    </g>
  );
}

/** What an identifier is called in words. */
function useName() {
  const { word } = useWords();
  const { t } = useText('identity');
  const time = useTime();
  return (one: HeldIdentifier) => [word('namespace', one.namespace), one.value ?? t('erased'), time(one)].filter(Boolean).join(' ');
}

/** The time of an identifier that changed hands; empty if it never did. */
export function useTime() {
  const { t } = useText('identity');
  const format = useFormats();
  const at = (instant: string | null) => (instant ? format.minute(instant) : '…');
  return ({ since, until }: HeldIdentifier) => (since || until ? t('times', { since: at(since), until: at(until) }) : '');
}

/** Times of one identifier that follow each other, in pairs. */
function hands(places: readonly Place[]): [Place, Place][] {
  const changed = places.filter(({ of }) => of.since || of.until);
  return changed.flatMap((one) => {
    const next = changed.find(({ of }) => of.namespace === one.of.namespace && of.since !== null && of.since === one.of.until);
    return next ? [[one, next] as [Place, Place]] : [];
  });
}

const families = ['user', 'contact', 'account', 'device'] as const;
/** Whatever is in none of them is an account of a platform. */
const kinds: Record<(typeof families)[number], readonly string[]> = {
  user: ['user_id'],
  contact: ['phone', 'email'],
  account: [],
  device: ['device', 'anonymous_id'],
};

const family = ({ namespace }: HeldIdentifier) => families.find((kind) => kinds[kind].includes(namespace)) ?? 'account';

function pressed(act: () => void) {
  return (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    act();
  };
}
