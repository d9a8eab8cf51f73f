import { Link } from 'react-router';
import { usePlanEvent } from '@/api/queries/plan';
import type { PlanEventLine, PlanProperty } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { NONE } from '@/lib/format';
import { text, useUrlState } from '@/lib/urlState';
import { CoverageBar } from '@/ui/CoverageBar/CoverageBar';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { Freshness } from '@/ui/Freshness/Freshness';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { Stat, Stats } from '@/ui/Stat/Stat';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { Num, When } from '@/ui/Values/Values';
import { Promote } from './Promote';
import { Violations } from './Violations';
import './plan.css';

const schema = { event: text() };

/** One event: its properties as they are planned beside how they come, and how it deviates. */
export default function PlanEvent() {
  const { t } = useText('plan');
  const { title } = useWords();
  const [{ event }] = useUrlState(schema);
  const found = usePlanEvent(event);
  const line = found.data?.event;
  return (
    <>
      <PageHeader
        above={<Link to="/collect/plan">{t('title')}</Link>}
        title={event}
        purpose={line && (title(line.title) || undefined)}
        actions={line && !line.planned && event !== '*' && <Promote event={event} property="" />}
        freshness={
          <Freshness call={{ path: '/api/plan/event', query: { event } }} command={`qianmian plan show ${JSON.stringify(event)}`} />
        }
      />
      <Answer of={found} rows={10}>
        {({ event: one, properties, violations }) => (
          <div className="stack">
            <Stats>
              <Stat label={t('column.planned')} value={<span className="head-value">{one.planned ? t('planned') : t('unplanned')}</span>} />
              <Stat label={t('column.events')} value={<Num value={one.events} />} />
              <Stat label={t('column.deviations')} value={<Num value={one.deviations} />} />
              <Stat label={t('column.sources')} value={<span className="head-value">{one.sources.join(', ') || NONE}</span>} />
              <Stat label={t('column.first')} value={<span className="head-value">{<When at={one.first_at} />}</span>} />
              <Stat label={t('column.last')} value={<span className="head-value">{<When at={one.last_at} />}</span>} />
            </Stats>
            <Properties event={one} rows={properties} />
            {(one.planned || violations.length > 0) && (
              <Panel flush title={t('violations.title')} note={t('violations.note')}>
                <Violations rows={violations} isOfOne />
              </Panel>
            )}
          </div>
        )}
      </Answer>
    </>
  );
}

function Properties({ event, rows }: { event: PlanEventLine; rows: readonly PlanProperty[] }) {
  const { t } = useText('plan');
  const { title, word } = useWords();
  const columns: Column<PlanProperty>[] = [
    {
      key: 'name',
      title: t('property.name'),
      render: (one) => (
        <>
          <code>{one.name}</code> <span className="muted">{one.planned && title(one.planned.title)}</span>
        </>
      ),
    },
    { key: 'planned', title: t('property.planned'), render: (one) => <Planned property={one} /> },
    {
      key: 'seen',
      title: t('property.seen'),
      render: (one) => one.types.map(({ type }) => word('propertyType', type)).join(' / ') || NONE,
    },
    { key: 'share', title: t('property.share'), render: (one) => <CoverageBar part={one.events} all={event.events} /> },
    { key: 'form', title: t('property.form'), render: (one) => <code className="plan-form">{one.sample || NONE}</code> },
    {
      key: 'deviations',
      title: t('column.deviations'),
      numeric: true,
      render: (one) => <span className={one.deviations ? 'plan-deviates' : undefined}>{<Num value={one.deviations} />}</span>,
    },
    { key: 'last', title: t('column.last'), render: (one) => <When at={one.last_at} /> },
    {
      key: 'act',
      title: t('column.act'),
      render: (one) => !one.planned && one.name !== '*' && event.name !== '*' && <Promote event={event.name} property={one.name} />,
    },
  ];
  return (
    <Panel flush title={t('property.title')} note={t('property.note')}>
      {rows.length === 0 ? (
        <StateView case="new" title={t('property.none')} words={t('property.noneWords')} />
      ) : (
        <DataTable name="plan-properties" caption={t('property.title')} columns={columns} rows={rows} rowKey={(one) => one.name} />
      )}
    </Panel>
  );
}

function Planned({ property: { planned, shared } }: { property: PlanProperty }) {
  const { t } = useText('plan');
  const { word } = useWords();
  if (!planned) return <span className="muted">{t('unplanned')}</span>;
  const more = [
    planned.unit,
    planned.required ? t('property.required') : '',
    planned.personal && t('property.personal', { kind: word('personal', planned.personal) }),
    shared ? t('property.shared') : '',
    planned.values.length > 0 ? planned.values.join(' | ') : '',
  ].filter(Boolean);
  return (
    <>
      {word('propertyType', planned.type)} <span className="muted">{more.join(' · ')}</span>
    </>
  );
}
