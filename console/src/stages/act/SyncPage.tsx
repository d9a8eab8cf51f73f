import { Alert } from 'antd';
import { Link, useParams } from 'react-router';
import { useSync } from '@/api/queries/syncs';
import type { Sync, SyncDelivery } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { Facts } from '@/ui/Facts/Facts';
import { Freshness } from '@/ui/Freshness/Freshness';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { Answer } from '@/ui/StateView/Answer';
import { Num, When } from '@/ui/Values/Values';
import { Disclosures } from './Disclosures';
import { SyncActions } from './SyncActions';
import { SyncState } from './SyncState';
import { SyncWhat } from './SyncWhat';

/** One sync: what its receiver was told, how far it is, why it failed, and who allowed it. */
export default function SyncPage() {
  const { t } = useText('syncs');
  const number = Number(useParams().sync);
  const page = useSync(number);
  const sync = page.data?.sync;
  return (
    <>
      <PageHeader
        above={<Link to="/act/syncs">{t('title')}</Link>}
        title={sync?.name ?? t('one', { n: number })}
        purpose={sync && <SyncState state={sync.state} />}
        actions={sync && <SyncActions sync={sync} />}
        freshness={<Freshness call={{ path: `/api/syncs/${number}` }} command={`qianmian sync show ${number}`} />}
      />
      <Answer of={page} rows={10}>
        {({ sync: one, deliveries, disclosures }) => (
          <div className="grid">
            {one.problem && (
              <div className="span-12">
                <Alert type="error" showIcon title={t(one.state === 'failed' ? 'failed' : 'stopped')} description={one.problem} />
              </div>
            )}
            <div className="span-8 stack">
              <Deliveries deliveries={deliveries} />
            </div>
            <div className="span-4 stack">
              <SyncFacts sync={one} />
              <Disclosures disclosures={disclosures} pieces={0} delivered={0} />
            </div>
          </div>
        )}
      </Answer>
    </>
  );
}

function Deliveries({ deliveries }: { deliveries: SyncDelivery[] }) {
  const { t } = useText('syncs');
  const columns: Column<SyncDelivery>[] = [
    { key: 'delivery', title: t('delivery.number'), numeric: true, render: ({ delivery }) => <Num value={delivery} /> },
    { key: 'build', title: t('column.build'), numeric: true, render: ({ build }) => <Num value={build} /> },
    { key: 'entered', title: t('delivery.entered'), numeric: true, render: ({ entered_people }) => <Num value={entered_people} /> },
    { key: 'changed', title: t('delivery.changed'), numeric: true, render: ({ changed_people }) => <Num value={changed_people} /> },
    { key: 'left', title: t('delivery.left'), numeric: true, render: ({ left_people }) => <Num value={left_people} /> },
    { key: 'pieces', title: t('delivery.pieces'), numeric: true, render: ({ done, pieces }) => `${done} / ${pieces}` },
    { key: 'at', title: t('delivery.at'), render: ({ ended_at }) => (ended_at ? <When at={ended_at} as="minute" /> : t('delivery.going')) },
  ];
  return (
    <Panel title={t('delivery.title')} note={t('delivery.note')}>
      {deliveries.length === 0 ? (
        <p className="muted">{t('delivery.none')}</p>
      ) : (
        <DataTable
          name="sync deliveries"
          caption={t('delivery.title')}
          columns={columns}
          rows={deliveries}
          rowKey={({ delivery }) => String(delivery)}
        />
      )}
    </Panel>
  );
}

function SyncFacts({ sync }: { sync: Sync }) {
  const { t } = useText('syncs', 'members');
  const { word } = useWords();
  const causes = sync.causes.map((one) => t(`members:cause.${one as 'behaviour'}`)).join(' · ');
  return (
    <Panel title={t('facts.title')}>
      <Facts
        facts={[
          [t('column.what'), <SyncWhat key="what" sync={sync} />],
          ...(sync.audience !== null && sync.tags.length > 0 ? [[t('facts.tags'), sync.tags.join(', ')] as const] : []),
          [t('column.held'), <Num key="held" value={sync.held} />],
          [t('column.sink'), <code key="sink">{sync.relation ? `${sync.sink}:${sync.relation}` : sync.sink}</code>],
          [t('facts.way'), t(`way.${sync.way as 'webhook'}`)],
          [t('facts.namespace'), word('namespace', sync.namespace)],
          [t('facts.purpose'), word('purpose', sync.purpose)],
          ...(sync.audience !== null ? [[t('facts.causes'), causes || t('new.all')] as const] : []),
          [t('facts.runs'), sync.daily_at === null ? t('afterBuild') : t('facts.daily', { hour: sync.daily_at })],
          [t('facts.created'), <Who key="created" by={sync.created_by} at={sync.created_at} />],
          ...(sync.decided_at
            ? [[t(sync.is_approved ? 'facts.approved' : 'facts.refused'), <Who key="decided" by={sync.decided_by} at={sync.decided_at} />] as const]
            : []),
        ]}
      />
    </Panel>
  );
}

function Who({ by, at }: { by: string; at: string }) {
  const { t } = useText('syncs');
  return (
    <>
      <bdi>{by || t('facts.byToken')}</bdi> · <When at={at} as="minute" />
    </>
  );
}
