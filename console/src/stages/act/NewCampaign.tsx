import { Alert, Button, Form, Input, InputNumber, Segmented, Select, type InputRef } from 'antd';
import { useRef } from 'react';
import { useAddCampaign, useAllowMarketing, useCampaignChoices } from '@/api/queries/campaigns';
import { useAudiences } from '@/api/queries/savedAudiences';
import type { Campaign, NewCampaign as Asked } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { isFound } from '@/lib/pinyin';
import { DetailDrawer } from '@/ui/DetailDrawer/DetailDrawer';
import { Failure } from '@/ui/StateView/Answer';

const LONGEST_NAME = 200;
const MOST_DAYS = 365;
const PURPOSE = 'marketing';

interface Props {
  open: boolean;
  /** Of the audience that it begins with; empty = it is chosen. */
  condition: string;
  onClose(made?: Campaign): void;
}

interface Typed extends Pick<Asked, 'name' | 'condition' | 'purpose' | 'namespace' | 'sink' | 'window_days'> {
  percent: number;
  spend: number | null;
}

const PERCENTS = [0, 5, 10, 20, 30, 50];
const FIRST = { namespace: 'user_id', sink: 'file', percent: 10, window_days: 14, spend: null };

/** Whom a campaign is for, where it goes, and how many are held out of it. */
export function NewCampaign({ open, condition, onClose }: Props) {
  const { t } = useText('campaigns');
  const name = useRef<InputRef>(null);
  const add = useAddCampaign();
  const choices = useCampaignChoices({ enabled: open });
  const format = useFormats();
  const { word } = useWords();
  const purposes = Object.entries(choices.data?.purposes ?? {}).filter(([one]) => one !== 'analyse');
  const finish = ({ percent, ...typed }: Typed) =>
    add.mutate({ ...typed, holdout_share: percent / 100 }, { onSuccess: (made) => onClose(made) });
  return (
    <DetailDrawer open={open} title={t('new.title')} onOpened={() => name.current?.focus()} onClose={() => onClose()}>
      {choices.data && !(PURPOSE in choices.data.purposes) && <Unregistered />}
      <Form<Typed> layout="vertical" requiredMark={false} initialValues={{ ...FIRST, purpose: PURPOSE, ...(condition && { condition }) }} onFinish={finish}>
        <Form.Item name="name" label={t('new.name')} rules={[{ required: true, whitespace: true, message: t('new.nameNeeded') }]}>
          <Input ref={name} dir="auto" maxLength={LONGEST_NAME} autoComplete="off" />
        </Form.Item>
        <Form.Item name="condition" label={t('new.audience')} rules={[{ required: true, message: t('new.audienceNeeded') }]}>
          <SavedCondition label={t('new.audience')} />
        </Form.Item>
        <Form.Item name="purpose" label={t('new.purpose')}>
          <Select options={purposes.map(([one, basis]) => ({ value: one, label: `${word('purpose', one)} · ${word('basis', basis)}` }))} />
        </Form.Item>
        <Form.Item name="namespace" label={t('new.namespace')}>
          <Select
            options={Object.entries(choices.data?.namespaces ?? {}).map(([one, people]) => ({
              value: one,
              label: `${word('namespace', one)} · ${t('new.people', { n: format.int(people) })}`,
            }))}
          />
        </Form.Item>
        <Form.Item name="sink" label={t('new.sink')} extra={t('new.sinkNote')}>
          <Select options={(choices.data?.sinks ?? []).map((one) => ({ value: one, label: one === 'file' ? t('sinkFile') : one }))} />
        </Form.Item>
        <Form.Item name="percent" label={t('new.holdout')} extra={t('new.holdoutNote')}>
          <Segmented aria-label={t('new.holdout')} options={PERCENTS.map((value) => ({ value, label: `${value}%` }))} />
        </Form.Item>
        <Form.Item name="window_days" label={t('new.days')} extra={t('new.daysNote')}>
          <InputNumber min={1} max={MOST_DAYS} precision={0} />
        </Form.Item>
        <Form.Item name="spend" label={t('new.spend')}>
          <InputNumber min={0} precision={2} prefix={format.currencySign} />
        </Form.Item>
        {add.error && <Failure error={add.error} />}
        <div className="row">
          <Button type="primary" htmlType="submit" loading={add.isPending}>
            {t('new.submit')}
          </Button>
          <Button onClick={() => onClose()}>{t('new.cancel')}</Button>
        </div>
      </Form>
    </DetailDrawer>
  );
}

function Unregistered() {
  const { t } = useText('campaigns');
  const allow = useAllowMarketing();
  return (
    <div className="stack campaign-alert">
      <Alert
        type="warning"
        showIcon
        title={t('new.marketing')}
        description={t('new.marketingWords')}
        action={
          <Button size="small" loading={allow.isPending} onClick={() => allow.mutate(PURPOSE)}>
            {t('new.allow')}
          </Button>
        }
      />
      {allow.error && <Failure error={allow.error} />}
    </div>
  );
}

interface Chosen {
  label: string;
  /** Both come from the form around it. */
  value?: string;
  onChange?(condition: string): void;
}

/** The condition of one of the saved audiences, or the one that was brought along. */
function SavedCondition({ label, value, onChange }: Chosen) {
  const { t } = useText('audiences');
  const format = useFormats();
  const saved = useAudiences().data ?? [];
  const options = saved.map((one) => ({ value: one.lists, label: `${one.name} · ${format.int(one.people)}` }));
  const unsaved = value && !options.some((one) => one.value === value) ? [{ value, label: `${value} (${t('compare.unsaved')})` }] : [];
  return (
    <Select
      aria-label={label}
      placeholder={t('compare.choose')}
      value={value ?? null}
      onChange={(chosen: string) => onChange?.(chosen)}
      options={[...unsaved, ...options.filter((one, at) => options.findIndex((other) => other.value === one.value) === at)]}
      showSearch={{ filterOption: (typed, option) => isFound(typed, option?.label ?? '') }}
    />
  );
}
