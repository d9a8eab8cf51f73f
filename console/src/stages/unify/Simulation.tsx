import { ArrowRightOutlined } from '@ant-design/icons';
import { Link } from 'react-router';
import type { ChangedPerson, Simulation } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { strongestFirst } from '@/lib/identifiers';
import { DataTable } from '@/ui/DataTable/DataTable';
import { Stat, Stats } from '@/ui/Stat/Stat';
import { Num, Pct } from '@/ui/Values/Values';

/** People whom somebody becomes, in one row. */
const MOST_SHOWN = 3;

interface Props {
  /** Sections that say something else than the rules that hold. */
  differences: readonly string[];
  found: Simulation;
}

/** What other rules would make of the past, beside those that hold. */
export function SimulationOf({ differences, found }: Props) {
  const { t } = useText('identityRules');
  const sections = differences.map((one) => t(`section.${one as 'limits'}`)).join(' · ');
  return (
    <div className="stack" role="status">
      <p>{differences.length > 0 ? t('differ', { sections }) : t('same')}</p>
      <Stats>
        <Stat label={t('changed')} value={<Num value={found.changed} />} note={<Pct part={found.changed} all={found.people_before} />} />
        <Stat label={t('merges')} value={<Num value={found.merges} />} note={t('mergesNote')} />
        <Stat label={t('splits')} value={<Num value={found.splits} />} note={t('splitsNote')} />
        <Stat label={t('nobody')} value={<Num value={found.nobody} />} note={t('nobodyNote')} />
      </Stats>
      <NowAndThen found={found} />
      {found.audiences.length > 0 && <Audiences found={found} />}
      {found.examples.length > 0 && <Examples found={found} />}
    </div>
  );
}

function NowAndThen({ found }: { found: Simulation }) {
  const { t } = useText('identityRules');
  const largest = (of: Simulation['largest_before']) => of[0]?.identifiers ?? 0;
  return (
    <div className="rules-pairs">
      <Pair title={t('people')} now={found.people_before} then={found.people_after} />
      <Pair title={t('largest')} now={largest(found.largest_before)} then={largest(found.largest_after)} />
    </div>
  );
}

/** A number by the rules that hold and by the others, as bars of one scale. */
function Pair({ title, now, then }: { title: string; now: number; then: number }) {
  const { t } = useText('identityRules');
  const longest = Math.max(now, then, 1);
  const bars = [
    ['now', now],
    ['then', then],
  ] as const;
  return (
    <dl className="rules-pair" aria-label={title}>
      <div className="rules-pair-title">{title}</div>
      {bars.map(([side, value]) => (
        <div key={side} className="rules-bar" data-side={side}>
          <dt>{t(side)}</dt>
          <dd>
            <span className="rules-bar-fill" style={{ width: `${(value / longest) * 100}%` }} aria-hidden />
            <Num value={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Audiences({ found }: { found: Simulation }) {
  const { t } = useText('identityRules');
  return (
    <DataTable
      name="rules-audiences"
      caption={t('audiences')}
      rows={found.audiences}
      rowKey={(one) => String(one.audience)}
      columns={[
        {
          key: 'name',
          title: t('audience'),
          render: (one) => (
            <Link to={`/segment/audiences/${one.audience}`}>
              <bdi>{one.name}</bdi>
            </Link>
          ),
        },
        { key: 'people', title: t('people'), numeric: true, render: (one) => <Num value={one.people} /> },
        { key: 'changed', title: t('changed'), numeric: true, render: (one) => <Num value={one.changed} /> },
        { key: 'share', title: t('share'), numeric: true, render: (one) => <Pct part={one.changed} all={one.people} /> },
      ]}
    />
  );
}

function Examples({ found }: { found: Simulation }) {
  const { t } = useText('identityRules');
  return (
    <section aria-label={t('examples')}>
      <h3>{t('examples')}</h3>
      <ul>
        {found.examples.map((one) => (
          <Changed key={one.person_id} one={one} />
        ))}
      </ul>
    </section>
  );
}

function Changed({ one }: { one: ChangedPerson }) {
  const { t } = useText('identityRules');
  const { word } = useWords();
  const format = useFormats();
  const becomes = one.becomes.toSorted((person) => (person === one.person_id ? -1 : 0));
  const rest = becomes.length - MOST_SHOWN;
  return (
    <li className="rules-change">
      <div>
        <Link className="code" to={`/profile/people/${one.person_id}?identity=1`}>
          {one.person_id}
        </Link>
        <div className="rules-names">
          {strongestFirst(one.names).map(({ namespace, value }) => (
            <span key={`${namespace}:${value}`}>
              <span className="muted">{word('namespace', namespace)}</span> <span className="code">{value}</span>
            </span>
          ))}
          {one.identifiers > one.names.length && <span className="muted">{t('identifiers', { count: one.identifiers, n: format.int(one.identifiers) })}</span>}
        </div>
      </div>
      <ArrowRightOutlined className="muted" aria-label={t('becomes')} />
      <div>
        {becomes.slice(0, MOST_SHOWN).map((person) => (
          <div key={person} className={person === one.person_id ? 'code' : 'code rules-new'}>
            {person}
          </div>
        ))}
        {rest > 0 && <div className="muted">{t('rest', { n: format.int(rest) })}</div>}
        {becomes.length === 0 && <div className="muted">{t('becomesNobody')}</div>}
        {one.joined_by > 0 && <div className="muted">{t('joinedBy', { count: one.joined_by, n: format.int(one.joined_by) })}</div>}
      </div>
    </li>
  );
}
