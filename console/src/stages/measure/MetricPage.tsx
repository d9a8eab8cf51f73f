import { Input, Segmented, Select } from 'antd';
import { Link, useParams } from 'react-router';
import { useMetric, useMetricValues } from '@/api/queries/metrics';
import { useAudiences } from '@/api/queries/savedAudiences';
import type { Metric } from '@/api/shapes';
import { useSignedIn } from '@/app/SessionGate';
import { useText } from '@/i18n/text';
import { addDays, datesOf, rangeSchema } from '@/lib/range';
import { oneOf, text, useUrlState } from '@/lib/urlState';
import { Freshness } from '@/ui/Freshness/Freshness';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { MetricBreakdown } from './MetricBreakdown';
import { MetricDefinition } from './MetricDefinition';
import { MetricSums } from './MetricSums';
import { MetricTrend } from './MetricTrend';
import '@/ui/Metric/metric.css';

const grains = ['day', 'week', 'month'] as const;
const compared = ['previous', 'week', 'none'] as const;
const schema = { ...rangeSchema, grain: oneOf(grains, 'day'), compare: oneOf(compared, 'previous'), who: text(), by: text() };

export interface Asked {
  names: string[];
  from_on?: string;
  to_on?: string;
  condition?: string;
}

/** One metric: its course, beside what it was before, broken down, of everybody or an audience. */
export default function MetricPage() {
  const { t } = useText('metrics');
  const { metric: name = '' } = useParams();
  const metric = useMetric(name);
  const told = metric.data?.metric;
  return (
    <>
      <PageHeader
        above={<Link to="/measure/metrics">{t('title')}</Link>}
        title={told?.title ?? name}
        purpose={told?.meaning}
        freshness={
          <Freshness
            computed={metric.data?.computed}
            call={{ method: 'POST', path: '/api/metrics/values', body: { names: [name] } }}
            command={`qianmian metric values ${name}`}
          />
        }
      />
      <Answer of={metric} rows={12}>
        {({ metric: one }) => (one.missing.length > 0 ? <NoData metric={one} /> : <Told key={one.name} metric={one} />)}
      </Answer>
    </>
  );
}

function NoData({ metric }: { metric: Metric }) {
  const { t } = useText('metrics');
  return (
    <div className="grid">
      <Panel className="span-8">
        <StateView case="new" title={t('collectTitle')} words={t('collectWords', { events: metric.missing.join(', ') })} />
      </Panel>
      <MetricDefinition metric={metric} className="span-4" />
    </div>
  );
}

function Told({ metric }: { metric: Metric }) {
  const { computed } = useSignedIn();
  const [{ range, grain, compare, who, by }, set] = useUrlState(schema);
  const dates = computed ? datesOf(range, computed.today) : undefined;
  const asked: Asked = {
    names: [metric.name],
    ...(dates && { from_on: dates.from, to_on: dates.to }),
    ...(who && { condition: who }),
  };
  const days = Number.parseInt(range, 10);
  const back = compare === 'week' ? 7 : days;
  const before: Asked | null = dates && compare !== 'none' ? { ...asked, from_on: addDays(dates.from, -back), to_on: addDays(dates.to, -back) } : null;
  const now = useMetricValues({ ...asked, grain });
  const then = useMetricValues({ ...(before ?? asked), grain }, { enabled: before !== null });
  return (
    <div className="stack">
      <Filters grain={grain} compare={compare} who={who} set={set} />
      <Answer of={now} rows={12}>
        {(told) => (
          <>
            <MetricSums metric={metric} asked={asked} before={before} compare={compare} />
            <div className="grid">
              <MetricTrend metric={metric} told={told} before={before ? then.data : undefined} compare={compare} className="span-8" />
              <MetricDefinition metric={metric} className="span-4" />
            </div>
            <MetricBreakdown metric={metric} asked={asked} before={before} by={metric.by.includes(by) ? by : (metric.by[0] ?? '')} onBy={(next) => set({ by: next })} />
          </>
        )}
      </Answer>
    </div>
  );
}

interface FiltersProps {
  grain: (typeof grains)[number];
  compare: (typeof compared)[number];
  who: string;
  set(change: { grain?: (typeof grains)[number]; compare?: (typeof compared)[number]; who?: string }): void;
}

function Filters({ grain, compare, who, set }: FiltersProps) {
  const { t } = useText('metrics');
  const saved = useAudiences();
  const known = (saved.data ?? []).map(({ name, condition }) => ({ value: condition, label: name }));
  const options = [
    { value: '', label: t('everybody') },
    ...(who && !known.some(({ value }) => value === who) ? [{ value: who, label: t('unsaved') }] : []),
    ...known.filter((one, at) => known.findIndex(({ value }) => value === one.value) === at),
  ];
  return (
    <Panel>
      <div className="metric-filters">
        <div className="metric-field">
          <span className="muted">{t('grain.label')}</span>
          <Segmented
            block
            aria-label={t('grain.label')}
            value={grain}
            onChange={(next) => set({ grain: next })}
            options={grains.map((value) => ({ value, label: t(`grain.${value}`) }))}
          />
        </div>
        <label className="metric-field">
          <span className="muted">{t('compare.label')}</span>
          <Select
            aria-label={t('compare.label')}
            value={compare}
            onChange={(next) => set({ compare: next })}
            options={compared.map((value) => ({ value, label: t(`compare.${value}`) }))}
          />
        </label>
        <label className="metric-field">
          <span className="muted">{t('who')}</span>
          <Select aria-label={t('who')} value={who} onChange={(next) => set({ who: next })} options={options} showSearch={{ optionFilterProp: 'label' }} />
        </label>
        <label className="metric-field">
          <span className="muted">{t('condition')}</span>
          <Input.Search
            key={who}
            allowClear
            defaultValue={who}
            maxLength={20_000}
            aria-label={t('condition')}
            placeholder={t('conditionHint')}
            onSearch={(value) => set({ who: value.trim() })}
          />
        </label>
      </div>
    </Panel>
  );
}
