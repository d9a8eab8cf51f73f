import { Link, useParams } from 'react-router';
import { usePattern } from '@/api/queries/patterns';
import type { PatternShown } from '@/api/shapes';
import { useFormats, useLanguage } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { NONE } from '@/lib/format';
import { Facts } from '@/ui/Facts/Facts';
import { Freshness } from '@/ui/Freshness/Freshness';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { PeopleCount } from '@/ui/PeopleCount/PeopleCount';
import { Answer } from '@/ui/StateView/Answer';
import { Chain, useStepName } from './Chain';
import { LiftBar } from './LiftBar';
import { PatternActions } from './PatternActions';
import './patterns.css';

/** One pattern: its chain, how far people came, what came after, and what is made of it. */
export default function PatternPage() {
  const { t } = useText('patterns');
  const key = useParams().pattern ?? '';
  const shown = usePattern(key);
  const name = useStepName();
  const spoken = useLanguage() === 'en' ? 'en' : 'zh';
  const one = shown.data?.pattern;
  return (
    <>
      <PageHeader
        above={<Link to="/segment/patterns">{t('title')}</Link>}
        title={one ? one[spoken] || one.steps.map(name).join(' → ') : key}
        purpose={one?.[`use_${spoken}`]}
        actions={one && <PatternActions pattern={one} />}
        freshness={<Freshness computed={shown.data?.computed} call={{ path: `/api/patterns/${key}` }} command={`qianmian pattern show ${key}`} />}
      />
      <Answer of={shown} rows={10}>
        {(told) => (
          <div className="grid">
            <Panel className="span-7" title={t('steps')} note={t('stepsNote')}>
              <Reached of={told} />
            </Panel>
            <Panel className="span-5" title={t('after')} note={told.run && <AfterNote of={told.run} />}>
              <After of={told} />
            </Panel>
            <Panel className="span-12" title={t('facts')}>
              <Definition of={told} />
            </Panel>
          </div>
        )}
      </Answer>
    </>
  );
}

function AfterNote({ of: { asked } }: { of: NonNullable<PatternShown['run']> }) {
  const { t } = useText('patterns');
  const { word } = useWords();
  return t('afterNote', { event: word('event', asked.outcome), n: asked.after_days });
}

function Definition({ of: { pattern, of_people: all } }: { of: PatternShown }) {
  const { t } = useText('patterns');
  const format = useFormats();
  const people = pattern.people;
  return (
    <Facts
      facts={[
        [t('column.steps'), <Chain key="chain" of={pattern} />],
        [t('column.people'), people === null ? NONE : <PeopleCount key="people" people={people} condition={pattern.condition} />],
        [t('column.share'), people === null ? NONE : format.share(people, all)],
        [t('condition'), <code key="condition" className="pattern-condition">{pattern.condition}</code>],
      ]}
    />
  );
}

function Reached({ of: { reached, of_people: all } }: { of: PatternShown }) {
  const { t } = useText('patterns');
  const format = useFormats();
  const name = useStepName();
  const first = reached[0]?.people ?? 0;
  if (!reached.length) return <p className="muted">{t('noSteps')}</p>;
  return (
    <ol className="reached">
      {reached.map(({ step, people, condition }, at) => {
        const next = reached[at + 1]?.people;
        return (
          <li key={condition}>
            <div className="reached-head">
              <bdi>{name(step)}</bdi>
              <span>
                <PeopleCount people={people} condition={condition} label={name(step)} /> <span className="muted">{format.share(people, all)}</span>
              </span>
            </div>
            <div className="reached-bar">
              <span style={{ width: `${first ? (people / first) * 100 : 0}%` }} />
            </div>
            {next !== undefined && people > 0 && <span className="muted">{t('lost', { share: format.percent(1 - next / people) })}</span>}
          </li>
        );
      })}
    </ol>
  );
}

function After({ of: { pattern, run } }: { of: PatternShown }) {
  const { t } = useText('patterns');
  const format = useFormats();
  const effect = pattern.effect;
  if (!effect) return <p className="muted">{t('notCompared')}</p>;
  const leads = pattern.steps.at(-1)?.event === run?.asked.outcome; // then the steps before it are compared
  const isOne = leads && pattern.steps.length === 2;
  const share = (value: number | null) => (value === null ? NONE : format.percent(value));
  const counts = (people: number, of: number) => t('with', { with: format.int(people), people: format.int(of) });
  return (
    <div className="stack">
      {effect.low != null && effect.high != null ? (
        <div className="pattern-lift">
          <LiftBar of={effect} />
          <span className="muted">{t('interval', { low: format.number(effect.low), high: format.number(effect.high) })}</span>
        </div>
      ) : (
        <p className="muted">{t('tooFew')}</p>
      )}
      <Facts
        facts={[
          [t(leads ? 'before' : 'whole'), `${share(effect.share)} · ${counts(effect.people_with, effect.people)}`],
          [t(isOne ? 'never' : 'without'), `${share(effect.others_share)} · ${counts(effect.others_with, effect.others)}`],
          [t('q'), share(effect.q)],
        ]}
      />
      <p className="muted">{t('association')}</p>
    </div>
  );
}
