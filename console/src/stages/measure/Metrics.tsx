import { Input, Select, Tag } from 'antd';
import { Link, useNavigate } from 'react-router';
import { useMetrics } from '@/api/queries/metrics';
import type { Metric } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { isFound } from '@/lib/pinyin';
import { oneOf, text, useUrlState } from '@/lib/urlState';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { Freshness } from '@/ui/Freshness/Freshness';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';

const families = ['all', 'sales', 'customers', 'refunds', 'visits', 'funnel', 'retention', 'social', 'marketing'] as const;
type Family = Exclude<(typeof families)[number], 'all'>;
const data = ['all', 'withData', 'withoutData'] as const;
const schema = { q: text(), family: oneOf(families, 'all'), data: oneOf(data, 'all') };

/** The dictionary: what each number means, how it is worked out, and whether the shop's data can tell it. */
export default function Metrics() {
  const { t } = useText('metrics');
  const format = useFormats();
  const navigate = useNavigate();
  const metrics = useMetrics();
  const [{ q, family, data: has }, set] = useUrlState(schema);
  const columns = useColumns();

  function isWanted(metric: Metric): boolean {
    const fits = family === 'all' || metric.family === family;
    const told = has === 'all' || (metric.missing.length === 0) === (has === 'withData');
    return fits && told && (!q.trim() || isFound(q.trim(), metric.title, metric.other_title, metric.name));
  }

  return (
    <>
      <PageHeader
        title={t('title')}
        purpose={metrics.data && t('purpose', { n: format.int(metrics.data.metrics.length) })}
        freshness={<Freshness computed={metrics.data?.computed} call={{ path: '/api/metrics' }} command="qianmian metric list" />}
      />
      <Panel flush>
        <Answer of={metrics} rows={14}>
          {(told) => {
            const rows = told.metrics.filter(isWanted);
            return (
              <>
                <DataTable
                  name="metrics"
                  caption={t('title')}
                  columns={columns}
                  rows={rows}
                  rowKey={(metric) => metric.name}
                  onOpen={(metric) => void navigate(`/measure/metrics/${metric.name}`)}
                  tools={
                    <>
                      <Input
                        className="search-box"
                        allowClear
                        data-filter
                        aria-label={t('search')}
                        placeholder={t('search')}
                        value={q}
                        onChange={(event) => set({ q: event.target.value }, { replace: true })}
                      />
                      <Select
                        aria-label={t('column.family')}
                        value={family}
                        popupMatchSelectWidth={false}
                        onChange={(next) => set({ family: next })}
                        options={families.map((value) => ({ value, label: value === 'all' ? t('allFamilies') : t(`family.${value}`) }))}
                      />
                      <Select
                        aria-label={t('dataLabel')}
                        value={has}
                        popupMatchSelectWidth={false}
                        onChange={(next) => set({ data: next })}
                        options={data.map((value) => ({ value, label: t(value) }))}
                      />
                      <span className="muted number">{t('found', { count: rows.length })}</span>
                    </>
                  }
                />
                {rows.length === 0 && <StateView case="filtered" filter={q} onClear={() => set({ q: '', family: 'all', data: 'all' })} />}
              </>
            );
          }}
        </Answer>
      </Panel>
    </>
  );
}

function useColumns(): Column<Metric>[] {
  const { t } = useText('metrics');
  return [
    {
      key: 'title',
      title: t('column.title'),
      width: 250,
      render: (metric) => (
        <>
          <Link to={`/measure/metrics/${metric.name}`}>{metric.title}</Link> <span className="code muted">{metric.name}</span>{' '}
          {metric.missing.length > 0 && <Tag title={t('collect', { events: metric.missing.join(', ') })}>{t('noData')}</Tag>}
        </>
      ),
    },
    { key: 'family', title: t('column.family'), optional: true, render: (metric) => t(`family.${metric.family as Family}`) },
    { key: 'meaning', title: t('column.meaning'), render: (metric) => metric.meaning },
    { key: 'formula', title: t('column.formula'), render: (metric) => metric.formula },
    { key: 'unit', title: t('column.unit'), render: (metric) => t(`unit.${metric.unit}`) },
    { key: 'better', title: t('column.better'), optional: true, render: (metric) => t(`better.${metric.better}`) },
    { key: 'owner', title: t('column.owner'), optional: true, render: (metric) => metric.owner },
    { key: 'version', title: t('column.version'), numeric: true, optional: true, render: (metric) => metric.version },
    { key: 'used', title: t('column.used'), optional: true, render: (metric) => metric.used_in.map((screen) => t(`usedIn.${screen as 'overview'}`)).join(' · ') },
  ];
}
