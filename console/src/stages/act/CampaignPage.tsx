import { Link, useParams } from 'react-router';
import { useCampaign, useCampaignPlan, useReport } from '@/api/queries/campaigns';
import { useText } from '@/i18n/text';
import { Freshness } from '@/ui/Freshness/Freshness';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Answer } from '@/ui/StateView/Answer';
import { CampaignActions } from './CampaignActions';
import { CampaignFacts } from './CampaignFacts';
import { CampaignPlan } from './CampaignPlan';
import { CampaignReport } from './CampaignReport';
import { Disclosures } from './Disclosures';

/** One campaign: what sending would mean while it is a draft, what it brought once it was sent. */
export default function CampaignPage() {
  const { t } = useText('campaigns');
  const number = Number(useParams().campaign);
  const page = useCampaign(number);
  const campaign = page.data?.campaign;
  const isDraft = campaign?.state === 'draft';
  const plan = useCampaignPlan(number, { enabled: isDraft });
  const report = useReport(number, { enabled: campaign !== undefined && !isDraft });
  return (
    <>
      <PageHeader
        above={<Link to="/act/campaigns">{t('title')}</Link>}
        title={campaign?.name ?? t('one', { n: number })}
        purpose={campaign && t(`state.${campaign.state as 'draft'}`)}
        actions={campaign && <CampaignActions campaign={campaign} />}
        freshness={
          <Freshness
            computed={(isDraft ? plan : report).data?.computed}
            call={{ path: `/api/campaigns/${number}/${isDraft ? 'plan' : 'report'}` }}
            command={`qianmian campaign ${isDraft ? 'plan' : 'report'} ${number}`}
          />
        }
      />
      <Answer of={page} rows={10}>
        {({ campaign: one, disclosures, pieces, delivered }) => (
          <div className="grid">
            <div className="span-8 stack">{one.state === 'draft' ? <CampaignPlan campaign={one} /> : <CampaignReport campaign={one} />}</div>
            <div className="span-4 stack">
              <CampaignFacts campaign={one} />
              {one.state !== 'draft' && <Disclosures disclosures={disclosures} pieces={pieces} delivered={delivered} />}
            </div>
          </div>
        )}
      </Answer>
    </>
  );
}
