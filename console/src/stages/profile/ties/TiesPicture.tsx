import type { KeyboardEvent } from 'react';
import type { TiedPerson } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { strongestFirst } from '@/lib/identifiers';
import { useTieWords } from './tieWords';

const WIDTH = 664;
const HEIGHT = 340;
/** More circles than this are no picture any more; the table has them all. */
const MOST = 24;
/** Up to so many, each has its name beside it. */
const NAMED = 12;

interface Props {
  ties: readonly TiedPerson[];
  /** Id of whose evidence is open; empty = nobody's. */
  opened: string;
  onOpen(person: string): void;
}

/** A person in the middle, and around the people who are closest: the closer and the thicker, the stronger. */
export function TiesPicture({ ties, opened, onOpen }: Props) {
  const { t } = useText('ties');
  const shown = ties.slice(0, MOST);
  const drawn = families.filter((family) => shown.some((tied) => familyOf(tied) === family[0]));
  const { word } = useWords();
  return (
    <figure>
      <svg className="ties-picture" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="group" aria-label={t('picture')}>
        {shown.map((tied, at) => (
          <Tied
            key={tied.person}
            tied={tied}
            place={placed(tied, at, shown.length)}
            isNamed={shown.length <= NAMED || tied.person === opened}
            isOpen={tied.person === opened}
            onOpen={() => onOpen(tied.person)}
          />
        ))}
        <circle className="ties-self" cx={WIDTH / 2} cy={HEIGHT / 2} r={10} />
      </svg>
      <figcaption>
        <ul className="row wrap ties-legend">
          {drawn.map((family) => (
            <li key={family[0]} data-kind={family[0]}>
              {family.map((kind) => word('tie', kind)).join(' · ')}
            </li>
          ))}
        </ul>
        <p className="muted">{t('legend')}</p>
      </figcaption>
    </figure>
  );
}

interface TiedProps {
  tied: TiedPerson;
  place: { x: number; y: number };
  isNamed: boolean;
  isOpen: boolean;
  onOpen(): void;
}

function Tied({ tied, place: { x, y }, isNamed, isOpen, onOpen }: TiedProps) {
  const { t } = useText('ties');
  const { word } = useWords();
  const format = useFormats();
  const told = useTieWords();
  const [name] = strongestFirst(tied.identifiers);
  const called = name ? `${word('namespace', name.namespace)} ${name.value}` : tied.person;
  const label = t('tied', { name: called, strength: format.number(tied.strength), kinds: tied.kinds.map(told).join(' · ') });
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    onOpen();
  };
  return (
    <g className="ties-one" data-kind={familyOf(tied)} role="button" tabIndex={0} aria-label={label} aria-pressed={isOpen} onClick={onOpen} onKeyDown={press}>
      <title>{label}</title>
      <line x1={WIDTH / 2} y1={HEIGHT / 2} x2={x} y2={y} strokeWidth={1 + tied.strength * 6} />
      <circle cx={x} cy={y} r={isOpen ? 9 : 7} />
      {isNamed && (
        <text x={x} y={y < HEIGHT / 2 ? y - 14 : y + 20}>
          {called}
        </text>
      )}
    </g>
  );
}

/** Kinds that share a colour; the first names it. */
const families = [['follow'], ['like', 'comment', 'share'], ['invite', 'gift'], ['group_buy', 'chat'], ['household']];

/** The colour of the kind that ties most strongly, which stands first. */
const familyOf = ({ kinds }: TiedPerson) => families.find((family) => family.includes(kinds[0]?.kind ?? ''))?.[0];

/** Around the middle in turn, the closer the stronger. */
function placed({ strength }: TiedPerson, at: number, all: number) {
  const angle = (at / all) * 2 * Math.PI - Math.PI / 2;
  const away = 0.92 - 0.55 * strength;
  return {
    x: WIDTH / 2 + Math.cos(angle) * (WIDTH / 2 - 56) * away,
    y: HEIGHT / 2 + Math.sin(angle) * (HEIGHT / 2 - 26) * away,
  };
}
