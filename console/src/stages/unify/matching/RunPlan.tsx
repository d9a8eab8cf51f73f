import { Button, Progress } from 'antd';
import { useJobs } from '@/api/queries/jobs';
import { useMatchPlan, useRunMatching } from '@/api/queries/matching';
import type { Job, MatchPlan } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { DataTable } from '@/ui/DataTable/DataTable';
import { Panel } from '@/ui/Panel/Panel';
import { Refusal } from '@/ui/Refusal/Refusal';
import { Stat, Stats } from '@/ui/Stat/Stat';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { Num } from '@/ui/Values/Values';

/** What a run would compare, and the run itself: a job that is watched here. */
export function RunPlan({ version }: { version: number }) {
  const { t } = useText('matching');
  const plan = useMatchPlan(version);
  const run = useRunMatching();
  const jobs = useJobs(5);
  const newest = jobs.data?.find((job) => job.kind === 'match');
  const isRunning = run.isPending || newest?.status === 'running';
  const start = (
    <Button type="primary" loading={isRunning} disabled={!plan.data?.records} onClick={() => run.mutate()}>
      {t(isRunning ? 'running' : 'run')}
    </Button>
  );
  return (
    <Panel title={t('plan')} note={t('planNote')} actions={start}>
      <div className="stack">
        {run.error && <Refusal error={run.error} />}
        {newest?.status === 'running' && <Going job={newest} />}
        {newest?.status === 'failed' && <StateView case="stale" words={`${t('failed')}${newest.reason ? `: ${newest.reason}` : ''}`} />}
        <Answer of={plan} rows={4}>
          {(told) => (told.records > 0 ? <Planned plan={told} /> : <StateView case="new" title={t('noRecords')} words={t('noRecordsWords')} />)}
        </Answer>
      </div>
    </Panel>
  );
}

function Going({ job }: { job: Job }) {
  const { t } = useText('matching');
  const { word } = useWords();
  return (
    <div role="status">
      {t('step', { stage: word('stage', job.stage), done: job.steps_done, of: job.steps })}
      <Progress percent={job.steps ? Math.round((job.steps_done / job.steps) * 100) : 0} size="small" showInfo={false} />
    </div>
  );
}

function Planned({ plan }: { plan: MatchPlan }) {
  const { t } = useText('matching');
  const { word } = useWords();
  const format = useFormats();
  const fields = (names: readonly string[]) => names.map((name) => word('compared', name)).join(' · ');
  const left = [
    [t('withoutConsent'), plan.without_consent],
    [t('withoutPerson'), plan.without_person],
    [t('withoutFields'), plan.without_fields],
  ] as const;
  const leftOut = left.filter(([, count]) => count > 0).map(([words, count]) => `${words} ${format.int(count)}`);
  return (
    <>
      <Stats>
        <Stat label={t('records')} value={<Num value={plan.records} />} />
        <Stat label={t('people')} value={<Num value={plan.people} />} />
        <Stat label={t('leftOut')} value={<Num value={left.reduce((sum, [, count]) => sum + count, 0)} />} note={leftOut.join(' · ')} />
      </Stats>
      <p>
        <span className="muted">{t('compare')}</span> {fields(plan.compare)}
      </p>
      <DataTable
        name="matching-blocks"
        caption={t('agree')}
        rows={plan.blocks}
        rowKey={(one) => one.fields.join(' ')}
        columns={[
          { key: 'fields', title: t('agree'), render: (one) => fields(one.fields) },
          { key: 'pairs', title: t('pairs'), numeric: true, render: (one) => <Num value={one.pairs} /> },
        ]}
      />
    </>
  );
}
