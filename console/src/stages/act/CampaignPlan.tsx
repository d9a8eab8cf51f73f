import { useCampaignPlan } from '@/api/queries/campaigns';
import type { Campaign, CampaignPlan as Told } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { BarList } from '@/ui/BarList/BarList';
import { Panel } from '@/ui/Panel/Panel';
import { Answer } from '@/ui/StateView/Answer';

const ROWS = ['people', 'not_agreed', 'unreachable', 'holdout', 'treatment'] as const;

/** What sending would mean: who is left out and why, and what could be seen of the effect. */
export function CampaignPlan({ campaign }: { campaign: Campaign }) {
  const { t } = useText('campaigns');
  const plan = useCampaignPlan(campaign.campaign);
  return (
    <Panel title={t('plan.title')} note={t('plan.note')}>
      <Answer of={plan} rows={6}>
        {(told) => (
          <>
            <BarList
              of={told.people}
              bars={ROWS.map((row) => ({
                key: row,
                label: t(`plan.${row}`),
                spoken: t(`plan.${row}`),
                people: told[row],
                rest: row !== 'people' && row !== 'treatment',
                ...(row === 'people' && { condition: campaign.condition }),
              }))}
            />
            <Seen plan={told} campaign={campaign} />
          </>
        )}
      </Answer>
    </Panel>
  );
}

function Seen({ plan, campaign }: { plan: Told; campaign: Campaign }) {
  const { t } = useText('campaigns');
  const format = useFormats();
  if (campaign.holdout_share === 0) return <p className="campaign-seen">{t('plan.blind')}</p>;
  if (plan.smallest === null) return <p className="campaign-seen">{t('plan.few')}</p>;
  const points = t('report.points', { n: format.number((plan.smallest * 100).toFixed(1)) });
  return (
    <p className="campaign-seen">
      {t('plan.seen', { days: campaign.window_days, anyway: format.percent(plan.anyway), smallest: points })}
    </p>
  );
}
