import { Button, InputNumber } from 'antd';
import { useState } from 'react';
import { useSpend } from '@/api/queries/campaigns';
import type { Campaign } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { Facts } from '@/ui/Facts/Facts';
import { Panel } from '@/ui/Panel/Panel';
import { Failure } from '@/ui/StateView/Answer';
import { When } from '@/ui/Values/Values';

/** What a campaign was made of, and what it cost. */
export function CampaignFacts({ campaign }: { campaign: Campaign }) {
  const { t } = useText('campaigns');
  const { word } = useWords();
  const format = useFormats();
  return (
    <Panel title={t('facts.title')}>
      <Facts
        facts={[
          [t('facts.condition'), <code key="condition">{campaign.condition}</code>],
          [t('facts.purpose'), word('purpose', campaign.purpose)],
          [t('facts.namespace'), word('namespace', campaign.namespace)],
          [t('facts.sink'), campaign.sink === 'file' ? t('sinkFile') : <code key="sink">{campaign.sink}</code>],
          [t('facts.holdout'), format.percent(campaign.holdout_share)],
          [t('facts.days'), t('facts.daysValue', { n: campaign.window_days })],
          [t('facts.created'), <When key="created" at={campaign.created_at} as="minute" />],
          ...(campaign.assigned_at ? [[t('facts.assigned'), <When key="assigned" at={campaign.assigned_at} as="minute" />] as const] : []),
          [t('facts.spend'), <Spend key={`spend ${campaign.spend}`} campaign={campaign} />],
        ]}
      />
    </Panel>
  );
}

function Spend({ campaign }: { campaign: Campaign }) {
  const { t } = useText('campaigns');
  const format = useFormats();
  const spend = useSpend(campaign.campaign);
  const before = campaign.spend === null ? null : Number(campaign.spend);
  const [typed, setTyped] = useState(before);
  return (
    <span className="row">
      <InputNumber
        aria-label={t('facts.spend')}
        size="small"
        min={0}
        precision={2}
        prefix={format.currencySign}
        placeholder={t('facts.noSpend')}
        value={typed}
        onChange={setTyped}
      />
      {typed !== before && (
        <Button size="small" loading={spend.isPending} onClick={() => spend.mutate(typed)}>
          {t('facts.spendSave')}
        </Button>
      )}
      {spend.error && <Failure error={spend.error} />}
    </span>
  );
}
