import { Button } from 'antd';
import { Link, useNavigate } from 'react-router';
import { useCampaigns } from '@/api/queries/campaigns';
import type { Campaign } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { flag, text, useUrlState } from '@/lib/urlState';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { Freshness } from '@/ui/Freshness/Freshness';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { Num, When } from '@/ui/Values/Values';
import { NewCampaign } from './NewCampaign';
import './campaigns.css';

const schema = { make: flag(), condition: text() };

/** What was sent to whom, and what waits to be sent. */
export default function Campaigns() {
  const { t } = useText('campaigns');
  const navigate = useNavigate();
  const [{ make, condition }, set] = useUrlState(schema);
  const campaigns = useCampaigns();
  const columns = useColumns();
  const start = (
    <Button type="primary" onClick={() => set({ make: true })}>
      {t('new.open')}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={t('title')}
        purpose={t('purpose')}
        actions={start}
        freshness={<Freshness call={{ path: '/api/campaigns' }} command="qianmian campaign list" />}
      />
      <Panel flush>
        <Answer of={campaigns} rows={6}>
          {(rows) =>
            rows.length === 0 ? (
              <StateView case="new" title={t('none')} words={t('noneWords')} action={start} />
            ) : (
              <DataTable
                name="campaigns"
                caption={t('title')}
                columns={columns}
                rows={rows}
                rowKey={({ campaign }) => String(campaign)}
                onOpen={({ campaign }) => void navigate(`/act/campaigns/${campaign}`)}
              />
            )
          }
        </Answer>
      </Panel>
      <NewCampaign
        key={condition}
        open={make}
        condition={condition}
        onClose={(made) => (made ? void navigate(`/act/campaigns/${made.campaign}`) : set({ make: false, condition: '' }))}
      />
    </>
  );
}

function useColumns(): Column<Campaign>[] {
  const { t } = useText('campaigns');
  return [
    {
      key: 'name',
      title: t('column.name'),
      render: ({ campaign, name }) => (
        <Link to={`/act/campaigns/${campaign}`}>
          <bdi>{name}</bdi>
        </Link>
      ),
    },
    { key: 'state', title: t('column.state'), render: ({ state }) => t(`state.${state as 'draft'}`) },
    { key: 'treatment', title: t('column.treatment'), numeric: true, render: ({ treatment }) => <Num value={treatment} /> },
    { key: 'holdout', title: t('column.holdout'), numeric: true, render: ({ holdout }) => <Num value={holdout} /> },
    { key: 'sink', title: t('column.sink'), render: ({ sink }) => (sink === 'file' ? t('sinkFile') : <code>{sink}</code>) },
    { key: 'sentAt', title: t('column.sentAt'), render: ({ assigned_at }) => <When at={assigned_at} as="minute" /> },
    { key: 'endsAt', title: t('column.endsAt'), render: ({ ends_at }) => <When at={ends_at} as="minute" /> },
  ];
}
