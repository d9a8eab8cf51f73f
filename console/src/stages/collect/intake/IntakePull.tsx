import { Link, useParams } from 'react-router';
import { usePullRuns, usePulls } from '@/api/queries/intake';
import type { Pull, PullRun } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { NONE } from '@/lib/format';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { Facts } from '@/ui/Facts/Facts';
import { Freshness } from '@/ui/Freshness/Freshness';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { Stat, Stats } from '@/ui/Stat/Stat';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { Num, When } from '@/ui/Values/Values';
import { IntakeActions } from './IntakeActions';
import { pullState, StateWord } from './state';
import './intake.css';

/** One pull: how far it has come, when it runs, and what each run brought. */
export default function IntakePull() {
  const { t } = useText('intake');
  const { name = '' } = useParams();
  const pulls = usePulls();
  const pull = pulls.data?.find((one) => one.name === name);
  return (
    <>
      <PageHeader
        above={<Link to="/collect/intake">{t('title')}</Link>}
        title={name}
        purpose={pull && `${t('kind.pulls')} · ${pull.source}`}
        actions={pull && <IntakeActions kind="pulls" name={name} paused={pull.paused_at !== null} />}
        freshness={<Freshness call={{ path: `/api/pulls/${name}/runs` }} command={`qianmian pull history ${name}`} />}
      />
      <Answer of={pulls} rows={8}>
        {() =>
          pull ? (
            <div className="stack">
              {pull.problem && <StateView case="stale" words={pull.problem} />}
              <Head pull={pull} />
              <Panel title={t('pull.reads')} note={t('pull.secret')}>
                <Facts
                  facts={[
                    [t('pull.relation'), <code key="relation">{pull.relation}</code>],
                    [t('pull.variable'), <code key="variable">{pull.url_variable}</code>],
                    [t('pull.cursor'), pull.cursor_col ? <code key="cursor">{pull.cursor_col}</code> : t('pull.noCursor')],
                    [t('pull.overlap'), pull.overlap ? t('pull.overlapOf', { n: pull.overlap }) : NONE],
                  ]}
                />
              </Panel>
              <Runs pull={name} />
            </div>
          ) : (
            <StateView case="error" what={t('unknown', { name })} />
          )
        }
      </Answer>
    </>
  );
}

function Head({ pull }: { pull: Pull }) {
  const { t } = useText('intake');
  const format = useFormats();
  const every = pull.every_minutes ? t('pull.every', { count: pull.every_minutes, n: format.int(pull.every_minutes) }) : t('pull.byHand');
  return (
    <Stats>
      <Stat label={t('column.state')} value={<StateWord state={pullState(pull)} />} note={every} />
      <Stat label={t('pull.mark')} value={<span className="head-value">{pull.mark || NONE}</span>} note={t('pull.markNote')} />
      <Stat label={t('pull.ran')} value={<span className="head-value"><When at={pull.ran_at} /></span>} note={t('pull.ranNote')} />
      <Stat label={t('column.next')} value={<span className="head-value"><When at={pull.next_at} as="minute" /></span>} />
      <Stat label={t('rows.accepted')} value={<Num value={pull.last?.accepted ?? 0} />} note={t('pull.lastNote')} />
      <Stat label={t('rows.refused')} value={<Num value={pull.last?.refused_rows ?? 0} />} note={t('pull.lastNote')} />
    </Stats>
  );
}

function Runs({ pull }: { pull: string }) {
  const { t } = useText('intake');
  const runs = usePullRuns(pull);
  const columns: Column<PullRun>[] = [
    { key: 'began', title: t('runs.began'), render: (run) => <When at={run.started_at} as="minute" /> },
    { key: 'batches', title: t('rows.batch'), render: (run) => <Batches numbers={run.batches} /> },
    { key: 'read', title: t('rows.read'), numeric: true, render: (run) => <Num value={run.read} /> },
    { key: 'accepted', title: t('rows.accepted'), numeric: true, render: (run) => <Num value={run.accepted} /> },
    { key: 'duplicates', title: t('rows.duplicates'), numeric: true, render: (run) => <Num value={run.duplicates} /> },
    { key: 'refused', title: t('rows.refused'), numeric: true, render: (run) => <Num value={run.refused_rows} /> },
    { key: 'problem', title: t('column.problem'), render: (run) => <span className="intake-problem">{run.problem}</span> },
  ];
  return (
    <Panel flush title={t('runs.title')} note={t('runs.note')}>
      <Answer of={runs}>
        {(rows) =>
          rows.length === 0 ? (
            <StateView case="new" title={t('runs.none')} words={t('runs.noneWords')} />
          ) : (
            <DataTable name="pull-runs" caption={t('runs.title')} columns={columns} rows={rows} rowKey={(run) => String(run.number)} />
          )
        }
      </Answer>
    </Panel>
  );
}

function Batches({ numbers }: { numbers: readonly number[] }) {
  if (numbers.length === 0) return <span className="muted">{NONE}</span>;
  return (
    <span className="row wrap">
      {numbers.map((batch) => (
        <Link key={batch} to={`/collect/imports/${batch}`}>
          {batch}
        </Link>
      ))}
    </span>
  );
}
