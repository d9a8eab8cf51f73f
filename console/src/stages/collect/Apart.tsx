import { Button, Checkbox, Select } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { useKeptApart, usePlan, useReplayPlan } from '@/api/queries/plan';
import type { KeptApart, Plan } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { NONE } from '@/lib/format';
import { text, useUrlState } from '@/lib/urlState';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { Freshness } from '@/ui/Freshness/Freshness';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { Refusal } from '@/ui/Refusal/Refusal';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { When } from '@/ui/Values/Values';
import { ApartDrawer } from './ApartDrawer';
import './plan.css';

const MOST = 200;
const schema = { source: text(), reason: text() };

/** Events that are kept apart, one by one: why each is, what it holds, and the way back. */
export default function Apart() {
  const { t } = useText('plan');
  const format = useFormats();
  const [wanted, set] = useUrlState(schema);
  const [picked, setPicked] = useState<readonly string[]>([]);
  const [opened, setOpened] = useState<KeptApart>();
  const plan = usePlan();
  const apart = useKeptApart({ ...wanted, limit: MOST });
  const replay = useReplayPlan();
  const rows = apart.data ?? [];
  const chosen = picked.filter((id) => rows.some((one) => one.id === id));
  const columns = useColumns(chosen, setPicked);
  const done = replay.data;
  const waiting = plan.data?.waiting ?? [];
  const isFiltered = Boolean(wanted.source || wanted.reason);
  return (
    <>
      <PageHeader
        above={<Link to="/collect/plan">{t('title')}</Link>}
        title={t('apart.title')}
        purpose={t('apart.purpose')}
        actions={
          <>
            <Button disabled={waiting.length === 0} loading={replay.isPending} onClick={() => replay.mutate([])}>
              {t('apart.replayAll')}
            </Button>
            <Button type="primary" disabled={chosen.length === 0} loading={replay.isPending} onClick={() => replay.mutate([...chosen])}>
              {t('apart.replayPicked', { n: format.int(chosen.length) })}
            </Button>
          </>
        }
        freshness={<Freshness call={{ path: '/api/plan/quarantine', query: { ...wanted } }} command="qianmian plan quarantine" />}
      />
      <div className="stack">
        {done && (
          <p role="status">
            {t('replay.done', { read: format.int(done.read), stored: format.int(done.stored + done.duplicates), waiting: format.int(done.waiting) })}
          </p>
        )}
        {replay.error && <Refusal error={replay.error} />}
        <Panel flush>
          <Answer of={apart} rows={8}>
            {(found) =>
              found.length === 0 && !isFiltered ? (
                <StateView case="new" title={t('apart.none')} words={t('apart.noneWords')} />
              ) : (
                <>
                  <DataTable
                    name="plan-apart"
                    caption={t('apart.title')}
                    columns={columns}
                    rows={found}
                    rowKey={(one) => one.id}
                    onOpen={(one) => setOpened(one)}
                    selected={opened?.id}
                    tools={
                      <>
                        <Checkbox
                          checked={chosen.length > 0 && chosen.length === found.length}
                          indeterminate={chosen.length > 0 && chosen.length < found.length}
                          onChange={({ target }) => setPicked(target.checked ? found.map((one) => one.id) : [])}
                        >
                          {t('apart.pickAll')}
                        </Checkbox>
                        <Filters wanted={wanted} waiting={waiting} onChange={set} />
                      </>
                    }
                    foot={found.length === MOST && <p className="table-foot muted">{t('apart.first', { n: format.int(MOST) })}</p>}
                  />
                  {found.length === 0 && (
                    <StateView case="filtered" filter={t('apart.noneFit')} onClear={() => set({ source: '', reason: '' })} />
                  )}
                </>
              )
            }
          </Answer>
        </Panel>
      </div>
      <ApartDrawer of={opened} onClose={() => setOpened(undefined)} />
    </>
  );
}

interface Wanted {
  source: string;
  reason: string;
}

function Filters({ wanted, waiting, onChange }: { wanted: Wanted; waiting: Plan['waiting']; onChange(change: Partial<Wanted>): void }) {
  const { t } = useText('plan');
  const { word } = useWords();
  const sources = [...new Set([wanted.source, ...waiting.map((one) => one.source)])].filter(Boolean);
  const reasons = [...new Set([wanted.reason, ...waiting.map((one) => one.reason)])].filter(Boolean);
  return (
    <>
      <Select
        aria-label={t('apart.source')}
        value={wanted.source}
        onChange={(source) => onChange({ source })}
        popupMatchSelectWidth={false}
        options={[{ value: '', label: t('apart.allSources') }, ...sources.map((value) => ({ value, label: value }))]}
      />
      <Select
        aria-label={t('apart.why')}
        value={wanted.reason}
        onChange={(reason) => onChange({ reason })}
        popupMatchSelectWidth={false}
        options={[{ value: '', label: t('apart.allReasons') }, ...reasons.map((value) => ({ value, label: word('reason', value) }))]}
      />
    </>
  );
}

function useColumns(picked: readonly string[], onPick: (ids: readonly string[]) => void): Column<KeptApart>[] {
  const { t } = useText('plan');
  const { word } = useWords();
  const pick = (id: string, is: boolean) => onPick(is ? [...picked, id] : picked.filter((one) => one !== id));
  return [
    {
      key: 'pick',
      title: '',
      width: 40,
      render: (one) => (
        <Checkbox
          aria-label={t('apart.pick', { event: one.event })}
          checked={picked.includes(one.id)}
          onChange={({ target }) => pick(one.id, target.checked)}
        />
      ),
    },
    { key: 'at', title: t('apart.at'), render: (one) => <When at={one.refused_at} /> },
    { key: 'source', title: t('apart.source'), render: (one) => one.source },
    { key: 'event', title: t('column.event'), render: (one) => <bdi>{one.event || NONE}</bdi> },
    { key: 'why', title: t('apart.why'), render: (one) => word('reason', one.reason) },
    { key: 'property', title: t('property.name'), render: (one) => <code>{one.property || NONE}</code> },
    { key: 'detail', title: t('apart.detail'), render: (one) => <span className="apart-detail" title={one.detail}>{one.detail}</span> },
  ];
}
