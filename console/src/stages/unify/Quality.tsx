import { Input, Select } from 'antd';
import { Link } from 'react-router';
import { useQuality } from '@/api/queries/quality';
import type { FieldQuality, Quality as QualityTold } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { NONE } from '@/lib/format';
import { text, useUrlState } from '@/lib/urlState';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { Freshness } from '@/ui/Freshness/Freshness';
import { LinkButton } from '@/ui/LinkButton/LinkButton';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { Num, When } from '@/ui/Values/Values';
import { Alerts } from './Alerts';
import { BadShare } from './BadShare';
import { CheckButton } from './CheckButton';
import { Examples } from './Examples';
import { Fills } from './Fills';
import { Flags } from './Flags';
import { COUNTED, fieldPath, useFieldName } from './fields';
import { Words } from './Words';
import './quality.css';

const schema = { q: text(), source: text() };

/** How good the data of every source are, what is worse than it should be, and since when. */
export default function Quality() {
  const { t } = useText('quality');
  const quality = useQuality();
  return (
    <>
      <PageHeader
        title={t('title')}
        purpose={t('purpose')}
        actions={
          <>
            <LinkButton to="/unify/quality/rules">{t('rules')}</LinkButton>
            {quality.data?.checked_at && <CheckButton />}
          </>
        }
        freshness={
          <div className="row">
            {quality.data?.checked_at && (
              <span className="muted">
                {t('checked')} <When at={quality.data.checked_at} />
              </span>
            )}
            <Freshness call={{ path: '/api/quality' }} command="qianmian quality show" />
          </div>
        }
      />
      <Answer of={quality} rows={12}>
        {(told) =>
          told.checked_at ? (
            <Checked told={told} />
          ) : (
            <Panel>
              <StateView case="new" title={t('newTitle')} words={t('newWords')} action={<CheckButton />} />
            </Panel>
          )
        }
      </Answer>
      <Examples />
    </>
  );
}

function Checked({ told }: { told: QualityTold }) {
  const { t } = useText('quality');
  if (told.fields.length === 0) {
    return (
      <Panel>
        <StateView case="new" title={t('emptyTitle')} words={t('emptyWords')} />
      </Panel>
    );
  }
  return (
    <div className="stack">
      {!told.is_current && <StateView case="stale" words={t('stale')} />}
      <Alerts alerts={told.alerts} />
      <Flags />
      <Fields fields={told.fields} />
      <Fills />
      <Words />
    </div>
  );
}

function Fields({ fields }: { fields: readonly FieldQuality[] }) {
  const { t } = useText('quality');
  const [{ q, source }, set] = useUrlState(schema);
  const name = useFieldName();
  const columns = useColumns();
  const typed = q.toLowerCase();
  const rows = fields
    .filter((one) => source === '' || one.source === source)
    .filter((one) => `${one.field} ${name(one.field)}`.toLowerCase().includes(typed));
  const sources = [...new Set(fields.map((one) => one.source))];
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
      {sources.length > 1 && (
        <Select
          className="quality-source"
          aria-label={t('source')}
          value={source}
          onChange={(value) => set({ source: value })}
          options={[{ value: '', label: t('allSources') }, ...sources.map((value) => ({ value, label: value }))]}
        />
      )}
      <span className="muted">
        {t('plan')} <Link to="/collect/plan">{t('planLink')}</Link>
      </span>
    </>
  );
  return (
    <Panel flush title={t('fields')} note={t('fieldsNote')}>
      <DataTable
        name="quality"
        caption={t('fields')}
        columns={columns}
        rows={rows}
        rowKey={(one) => `${one.source} ${one.field}`}
        tools={tools}
      />
      {rows.length === 0 && (
        <StateView case="filtered" filter={[q, source].filter(Boolean).join(' · ')} onClear={() => set({ q: '', source: '' })} />
      )}
    </Panel>
  );
}

function useColumns(): Column<FieldQuality>[] {
  const { t } = useText('quality');
  const format = useFormats();
  const name = useFieldName();
  return [
    {
      key: 'field',
      title: t('column.field'),
      render: (one) => (
        <>
          <Link to={fieldPath(one.source, one.field)}>{name(one.field)}</Link>{' '}
          {name(one.field) !== one.field && <span className="code muted">{one.field}</span>}
        </>
      ),
    },
    { key: 'source', title: t('column.source'), optional: true, render: (one) => one.source },
    { key: 'last', title: t('column.last'), optional: true, render: (one) => format.date(one.last_on) },
    { key: 'events', title: t('column.events'), numeric: true, render: (one) => <Num value={one.events} /> },
    ...COUNTED.map((kind) => ({
      key: kind,
      title: t(`column.${kind}`),
      numeric: true,
      render: (one: FieldQuality) => <BadShare counts={one} kind={kind} source={one.source} field={one.field} />,
    })),
    { key: 'drift', title: t('column.drift'), numeric: true, render: (one) => (one.drift === null ? NONE : format.number(one.drift)) },
    {
      key: 'alerts',
      title: t('column.alerts'),
      numeric: true,
      render: (one) => (one.alerts ? <span className="quality-bad">{format.int(one.alerts)}</span> : NONE),
    },
  ];
}
