import { Input, Segmented } from 'antd';
import { Link } from 'react-router';
import { usePlan, useViolations } from '@/api/queries/plan';
import type { Plan as PlanTold, PlanEventLine } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { oneOf, text, useUrlState } from '@/lib/urlState';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { Freshness } from '@/ui/Freshness/Freshness';
import { LinkButton } from '@/ui/LinkButton/LinkButton';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { Num, When } from '@/ui/Values/Values';
import { KeptApart } from './KeptApart';
import { planEventPath } from './planEventPath';
import { PlanMode } from './PlanMode';
import { PlanStarters } from './PlanStarters';
import { Promote } from './Promote';
import { Violations } from './Violations';
import './plan.css';

const schema = { q: text(), which: oneOf(['all', 'planned', 'unplanned'], 'all') };

/** The tracking plan beside what arrives: which events are allowed, how many come, and how they deviate. */
export default function Plan() {
  const { t } = useText('plan');
  const plan = usePlan();
  const version = plan.data?.version;
  return (
    <>
      <PageHeader
        title={t('title')}
        purpose={t('purpose')}
        actions={
          <>
            {version && <span className="muted">{t('version', { version: version.version })}</span>}
            <LinkButton to="/collect/plan/edit">{t('edit.open')}</LinkButton>
          </>
        }
        freshness={<Freshness call={{ path: '/api/plan' }} command="qianmian plan show" />}
      />
      <Answer of={plan} rows={12}>
        {(told) => (
          <div className="stack">
            {told.version ? (
              <>
                <KeptApart waiting={told.waiting} />
                <PlanMode plan={told} />
                <AllViolations />
              </>
            ) : (
              <PlanStarters />
            )}
            <Events plan={told} />
          </div>
        )}
      </Answer>
    </>
  );
}

function Events({ plan }: { plan: PlanTold }) {
  const { t } = useText('plan');
  const { title } = useWords();
  const [{ q, which }, set] = useUrlState(schema);
  const columns: Column<PlanEventLine>[] = [
    {
      key: 'event',
      title: t('column.event'),
      render: (one) => (
        <>
          <Link to={planEventPath(one.name)}>
            <bdi>{one.name}</bdi>
          </Link>{' '}
          <span className="muted">{title(one.title)}</span>
        </>
      ),
    },
    { key: 'planned', title: t('column.planned'), render: (one) => (one.planned ? t('planned') : <span className="muted">{t('unplanned')}</span>) },
    { key: 'events', title: t('column.events'), numeric: true, render: (one) => <Num value={one.events} /> },
    { key: 'recent', title: t('column.recent', { days: plan.days }), numeric: true, render: (one) => <Num value={one.recent} /> },
    {
      key: 'deviations',
      title: t('column.deviations'),
      numeric: true,
      render: (one) => <span className={one.deviations ? 'plan-deviates' : undefined}>{<Num value={one.deviations} />}</span>,
    },
    { key: 'sources', title: t('column.sources'), optional: true, render: (one) => one.sources.join(', ') },
    { key: 'last', title: t('column.last'), render: (one) => <When at={one.last_at} /> },
    { key: 'act', title: t('column.act'), render: (one) => !one.planned && one.name !== '*' && <Promote event={one.name} property="" /> },
  ];
  const typed = q.toLowerCase();
  const rows = plan.events
    .filter((one) => which === 'all' || one.planned === (which === 'planned'))
    .filter((one) => `${one.name} ${one.title.en} ${one.title.zh}`.toLowerCase().includes(typed));
  const tools = (
    <>
      <Input.Search
        className="search-box"
        allowClear
        data-filter
        defaultValue={q}
        maxLength={200}
        aria-label={t('search')}
        placeholder={t('search')}
        onSearch={(value) => set({ q: value.trim() })}
      />
      <Segmented
        aria-label={t('which')}
        value={which}
        onChange={(value: 'all' | 'planned' | 'unplanned') => set({ which: value })}
        options={[
          { value: 'all', label: t('all') },
          { value: 'planned', label: t('planned') },
          { value: 'unplanned', label: t('unplanned') },
        ]}
      />
    </>
  );
  if (plan.events.length === 0) {
    return (
      <Panel title={t('events')}>
        <StateView case="new" title={t('noEvents')} words={t('noEventsWords')} />
      </Panel>
    );
  }
  return (
    <Panel flush title={t('events')} note={plan.version ? t('eventsNote') : t('seenNote')}>
      <DataTable name="plan" caption={t('events')} columns={columns} rows={rows} rowKey={(one) => one.name} tools={tools} />
      {rows.length === 0 && <StateView case="filtered" filter={q || t(which)} onClear={() => set({ q: '', which: 'all' })} />}
    </Panel>
  );
}

function AllViolations() {
  const { t } = useText('plan');
  const violations = useViolations();
  return (
    <Panel flush title={t('violations.title')} note={t('violations.note')}>
      <Answer of={violations}>{(rows) => <Violations rows={rows} isOfOne={false} />}</Answer>
    </Panel>
  );
}
