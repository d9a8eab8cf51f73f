import { Button, Segmented } from 'antd';
import { Link, useNavigate } from 'react-router';
import { useJobs } from '@/api/queries/jobs';
import { usePatterns } from '@/api/queries/patterns';
import type { Pattern, PatternRun } from '@/api/shapes';
import { useFormats, useLanguage } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { NONE } from '@/lib/format';
import { flag, oneOf, useUrlState } from '@/lib/urlState';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { Freshness } from '@/ui/Freshness/Freshness';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { PeopleCount } from '@/ui/PeopleCount/PeopleCount';
import { Stat, Stats } from '@/ui/Stat/Stat';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { When } from '@/ui/Values/Values';
import { Chain, useStepName } from './Chain';
import { LiftBar } from './LiftBar';
import { MineForm } from './MineForm';
import './patterns.css';

const origins = ['all', 'built_in', 'kept', 'mined'] as const;
const schema = { origin: oneOf(origins, 'all'), mine: flag() };

/** The library: what people do one thing after another, and what comes after. */
export default function Patterns() {
  const { t } = useText('patterns');
  const patterns = usePatterns();
  const navigate = useNavigate();
  const [{ origin, mine }, set] = useUrlState(schema);
  const newest = useJobs(5).data?.find((job) => job.kind === 'pattern');
  const isRunning = newest?.status === 'running';
  const columns = useColumns(patterns.data?.of_people ?? 0);
  return (
    <>
      <PageHeader
        title={t('title')}
        purpose={t('purpose')}
        actions={
          <Button type="primary" loading={isRunning} onClick={() => set({ mine: true })}>
            {t(isRunning ? 'mining' : 'mine')}
          </Button>
        }
        freshness={<Freshness computed={patterns.data?.computed} call={{ path: '/api/patterns' }} command="qianmian pattern list" />}
      />
      <div className="stack">
        {newest?.status === 'failed' && <StateView case="stale" words={[t('failed'), newest.reason].filter(Boolean).join(' · ')} />}
        <Answer of={patterns} rows={14}>
          {(told) => {
            const rows = told.patterns.filter((one) => origin === 'all' || one.origin === origin);
            return (
              <>
                {told.run ? <Run run={told.run} /> : <StateView case="stale" words={t('notMined')} />}
                <Panel flush>
                  <DataTable
                    name="patterns"
                    caption={t('title')}
                    columns={columns}
                    rows={rows}
                    rowKey={(one) => one.pattern}
                    onOpen={(one) => void navigate(`/segment/patterns/${one.pattern}`)}
                    tools={
                      <Segmented
                        aria-label={t('originLabel')}
                        value={origin}
                        onChange={(next) => set({ origin: next })}
                        options={origins.map((value) => ({ value, label: t(`origin.${value}`) }))}
                      />
                    }
                  />
                  {rows.length === 0 && <StateView case="new" title={t('none')} words={t(none(origin, told.run))} />}
                </Panel>
                <MineForm key={told.run?.run} open={mine} first={told.run?.asked} onClose={() => set({ mine: false })} />
              </>
            );
          }}
        </Answer>
      </div>
    </>
  );
}

function none(origin: (typeof origins)[number], run: PatternRun | null) {
  if (origin === 'kept') return 'noneKept' as const;
  return run ? ('noneMined' as const) : ('notMined' as const);
}

function Run({ run }: { run: PatternRun }) {
  const { t } = useText('patterns');
  const format = useFormats();
  const { word } = useWords();
  return (
    <>
      <Stats>
        <Stat label={t('outcome')} value={word('event', run.asked.outcome)} note={t('outcomeNote', { n: format.int(run.asked.after_days) })} />
        <Stat label={t('frequent')} value={format.int(run.frequent)} note={t('frequentNote', { n: format.int(run.least_people) })} />
        <Stat label={t('told')} value={format.int(run.told)} note={t('toldNote', { n: format.int(run.tested) })} />
        <Stat label={t('ran')} value={<When at={run.created_at} as="minute" />} note={t('ranNote', { build: run.build })} />
      </Stats>
      {run.stopped && <StateView case="stale" words={t(`stopped.${run.stopped}`, { n: format.int(run.levels) })} />}
    </>
  );
}

function useColumns(all: number): Column<Pattern>[] {
  const { t } = useText('patterns');
  const format = useFormats();
  const name = useStepName();
  const spoken = useLanguage() === 'en' ? 'en' : 'zh';
  const title = (one: Pattern) => one[spoken] || one.pattern;
  return [
    {
      key: 'pattern',
      title: t('column.pattern'),
      width: 220,
      render: (one) => (
        <>
          <Link to={`/segment/patterns/${one.pattern}`} aria-label={one[spoken] || one.steps.map(name).join(' → ')}>
            <bdi>{title(one)}</bdi>
          </Link>{' '}
          <span className="muted">{t(`origin.${one.origin}`)}</span>
        </>
      ),
    },
    { key: 'steps', title: t('column.steps'), render: (one) => <Chain of={one} /> },
    {
      key: 'people',
      title: t('column.people'),
      numeric: true,
      render: (one) => (one.people === null ? NONE : <PeopleCount people={one.people} condition={one.condition} label={title(one)} />),
    },
    { key: 'share', title: t('column.share'), numeric: true, render: (one) => (one.people === null ? NONE : format.share(one.people, all)) },
    {
      key: 'confidence',
      title: t('column.confidence'),
      numeric: true,
      optional: true,
      render: (one) => (one.effect?.share == null ? NONE : format.percent(one.effect.share)),
    },
    { key: 'lift', title: t('column.lift'), width: 190, render: (one) => <LiftBar of={one.effect} /> },
  ];
}
