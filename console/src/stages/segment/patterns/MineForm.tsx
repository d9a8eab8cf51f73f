import { Button, Checkbox, Form, InputNumber, Segmented, Select } from 'antd';
import { useVocabulary } from '@/api/queries/audiences';
import { useMine } from '@/api/queries/patterns';
import type { Mining } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { isFound } from '@/lib/pinyin';
import { DetailDrawer } from '@/ui/DetailDrawer/DetailDrawer';
import { Failure } from '@/ui/StateView/Answer';

const FIRST: Mining = {
  outcome: 'Order Completed', days: 90, within_days: 7, after_days: 7, least_share: 0.02, longest: 4, by_category: false, leave_out: [],
};
const MOST_DAYS = 366;
const STEPS = [2, 3, 4, 5];

interface Props {
  open: boolean;
  /** As it was asked last. */
  first?: Mining;
  onClose(): void;
}

/** What is asked of history. */
export function MineForm({ open, first = FIRST, onClose }: Props) {
  const { t } = useText('patterns');
  const mine = useMine();
  const finish = ({ percent, ...typed }: Mining & { percent: number }) =>
    mine.mutate({ ...typed, least_share: percent / 100 }, { onSuccess: onClose });
  const days = (name: 'days' | 'within_days' | 'after_days', label: string) => (
    <Form.Item name={name} label={label} rules={[{ required: true, message: label }]}>
      <InputNumber min={1} max={MOST_DAYS} precision={0} />
    </Form.Item>
  );
  return (
    <DetailDrawer open={open} title={t('form.title')} onClose={onClose}>
      <Form layout="vertical" requiredMark={false} initialValues={{ ...first, percent: first.least_share * 100 }} onFinish={finish}>
        <Form.Item name="outcome" label={t('form.outcome')}>
          <Events label={t('form.outcome')} />
        </Form.Item>
        {days('days', t('form.days'))}
        {days('within_days', t('form.within'))}
        {days('after_days', t('form.after'))}
        <Form.Item name="percent" label={t('form.least')} rules={[{ required: true, message: t('form.least') }]}>
          <InputNumber min={0.1} max={100} precision={1} />
        </Form.Item>
        <Form.Item name="longest" label={t('form.longest')}>
          <Segmented aria-label={t('form.longest')} options={STEPS} />
        </Form.Item>
        <Form.Item name="by_category" valuePropName="checked">
          <Checkbox>{t('form.category')}</Checkbox>
        </Form.Item>
        <Form.Item name="leave_out" label={t('form.leaveOut')}>
          <Events label={t('form.leaveOut')} several />
        </Form.Item>
        {mine.error && <Failure error={mine.error} />}
        <div className="row">
          <Button type="primary" htmlType="submit" loading={mine.isPending}>
            {t('form.submit')}
          </Button>
          <Button onClick={onClose}>{t('cancel')}</Button>
        </div>
      </Form>
    </DetailDrawer>
  );
}

function Events({ label, several, ...held }: { label: string; several?: boolean; value?: never; onChange?: never }) {
  const { word } = useWords();
  const { data } = useVocabulary();
  const options = (data?.events ?? []).map((event) => ({ value: event, label: word('event', event) }));
  return (
    <Select
      {...held}
      aria-label={label}
      mode={several ? 'multiple' : undefined}
      showSearch={{ filterOption: (typed, option) => isFound(typed, option?.label ?? '', option?.value ?? '') }}
      options={options}
    />
  );
}
