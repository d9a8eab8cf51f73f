import { CaretRightOutlined, PauseOutlined } from '@ant-design/icons';
import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { useLive } from '@/api/queries/live';
import { useSources } from '@/api/queries/sources';
import type { LiveEvent } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { useDebounced } from '@/lib/debounced';
import { oneOf, text, useUrlState } from '@/lib/urlState';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { Freshness } from '@/ui/Freshness/Freshness';
import { LinkButton } from '@/ui/LinkButton/LinkButton';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { Answer, Failure } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { When } from '@/ui/Values/Values';
import { Environment } from './Environment';
import { Fate } from './Fate';
import { LiveDrawer, Name } from './LiveDrawer';
import { snippet } from './snippets';
import './live.css';

const schema = { source: text(), environment: oneOf(['', 'prod', 'dev'], ''), name: text(), traffic: text() };

/** Events as they arrive, and what becomes of each. */
export default function Live() {
  const { t } = useText('live');
  const format = useFormats();
  const [wanted, set] = useUrlState(schema);
  const [paused, setPaused] = useState(false);
  const [opened, setOpened] = useState<LiveEvent>();
  const name = useDebounced(wanted.name, 300);
  const live = useLive({ ...wanted, name }, paused);
  const columns = useColumns();
  const filtered = Boolean(wanted.source || wanted.environment || wanted.name || wanted.traffic);
  return (
    <>
      <PageHeader
        title={t('title')}
        purpose={t('purpose')}
        actions={
          <Button icon={paused ? <CaretRightOutlined /> : <PauseOutlined />} aria-pressed={paused} onClick={() => setPaused(!paused)}>
            {paused ? t('resume') : t('pause')}
          </Button>
        }
        freshness={<Freshness call={{ path: '/api/live', query: { ...wanted } }} command="qianmian live --follow" />}
      />
      <div className="stack">
        {paused && <StateView case="stale" words={t('paused')} />}
        {live.passed > 0 && <StateView case="stale" words={t('passed', { count: live.passed, n: format.int(live.passed) })} />}
        {live.error && live.ready && <Failure error={live.error} />}
        <Panel flush>
          <Answer of={{ data: live.ready ? live.events : undefined, error: live.ready ? null : live.error, refetch: () => undefined }} rows={8}>
            {(rows) => (
              <>
                <DataTable
                  name="live"
                  caption={t('title')}
                  columns={columns}
                  rows={rows}
                  rowKey={(one) => String(one.number)}
                  onOpen={(one) => setOpened(one)}
                  selected={String(opened?.number)}
                  tools={<Filters wanted={wanted} onChange={set} />}
                />
                {rows.length === 0 && (filtered ? <StateView case="filtered" filter={t('noneFit')} onClear={() => set({ source: '', environment: '', name: '', traffic: '' })} /> : <None />)}
              </>
            )}
          </Answer>
        </Panel>
      </div>
      <LiveDrawer event={opened} onClose={() => setOpened(undefined)} />
    </>
  );
}

type Filtered = { source: string; environment: '' | 'prod' | 'dev'; name: string; traffic: string };

/** The reasons of the rules that come with the product; a rule of the shop's own may have others. */
const REASONS = ['bot', 'preview', 'monitor', 'headless', 'script'];

function Filters({ wanted, onChange }: { wanted: Filtered; onChange(change: Partial<Filtered>, how?: { replace: boolean }): void }) {
  const { t } = useText('live');
  const { word } = useWords();
  const sources = useSources();
  const reasons = wanted.traffic && !['flagged', 'ordinary', ...REASONS].includes(wanted.traffic) ? [...REASONS, wanted.traffic] : REASONS;
  return (
    <>
      <Select
        aria-label={t('column.source')}
        value={wanted.source}
        onChange={(source) => onChange({ source })}
        popupMatchSelectWidth={false}
        options={[{ value: '', label: t('filter.source') }, ...(sources.data ?? []).map((one) => ({ value: one.name, label: one.name }))]}
      />
      <Select
        aria-label={t('one.environment')}
        value={wanted.environment}
        onChange={(environment) => onChange({ environment })}
        popupMatchSelectWidth={false}
        options={[
          { value: '', label: t('filter.environment') },
          { value: 'prod', label: t('environment.prod') },
          { value: 'dev', label: t('environment.dev') },
        ]}
      />
      <Select
        aria-label={t('column.traffic')}
        value={wanted.traffic}
        onChange={(traffic) => onChange({ traffic })}
        popupMatchSelectWidth={false}
        options={[
          { value: '', label: t('filter.traffic') },
          { value: 'ordinary', label: t('filter.ordinary') },
          { value: 'flagged', label: t('filter.flagged') },
          ...reasons.map((value) => ({ value, label: word('traffic', value) })),
        ]}
      />
      <Input.Search
        className="live-name"
        aria-label={t('filter.name')}
        placeholder={t('filter.name')}
        allowClear
        value={wanted.name}
        onChange={(event) => onChange({ name: event.target.value }, { replace: true })}
      />
    </>
  );
}

function None() {
  const { t } = useText('live');
  return (
    <StateView
      case="new"
      title={t('none')}
      words={
        <>
          {t('noneWords')}
          <pre className="send-first">{snippet('curl', location.origin, 'KEY')}</pre>
        </>
      }
      action={<LinkButton to="/collect/sources">{t('nav:page.sources')}</LinkButton>}
    />
  );
}

function useColumns(): Column<LiveEvent>[] {
  const { t } = useText('live');
  const { word } = useWords();
  return [
    { key: 'received', title: t('column.received'), width: 92, render: (one) => <When at={one.received_at} as="second" /> },
    {
      key: 'source',
      title: t('column.source'),
      render: (one) => (
        <>
          {one.source}
          <Environment of={one.environment} />
        </>
      ),
    },
    { key: 'event', title: t('column.event'), render: (one) => <Name event={one} /> },
    { key: 'traffic', title: t('column.traffic'), render: (one) => one.traffic && word('traffic', one.traffic) },
    { key: 'fate', title: t('column.fate'), render: (one) => <Fate fate={one.fate} /> },
    {
      key: 'why',
      title: t('column.why'),
      render: (one) => (
        <span className="live-why" title={one.why}>
          {one.why}
        </span>
      ),
    },
    { key: 'library', title: t('column.library'), optional: true, render: (one) => <span className="muted">{one.library}</span> },
  ];
}
