import { Button, Form, InputNumber } from 'antd';
import { useLimitSource } from '@/api/queries/sources';
import type { Limits, SourceHealth } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { Panel } from '@/ui/Panel/Panel';
import { Refusal } from '@/ui/Refusal/Refusal';
import './sources.css';

/** How much a source may send. */
export function LimitsForm({ of }: { of: SourceHealth }) {
  const { t } = useText('sources');
  const limit = useLimitSource(of.name);
  const format = useFormats();
  const { source, allowance } = of;
  if (!source || !allowance) return null;
  const held = (value: number) => (value === 0 ? t('limits.unlimited') : format.int(value));
  const fields = [
    { name: 'events_per_second', label: t('limits.per_second'), holds: allowance.events_per_second },
    { name: 'burst_events', label: t('limits.burst'), holds: allowance.burst_events },
    { name: 'events_per_day', label: t('limits.per_day'), holds: allowance.events_per_day },
  ] as const;
  return (
    <Panel title={t('limits.title')} note={t('limits.note')}>
      <Form<Limits> layout="vertical" requiredMark={false} initialValues={source.limits} onFinish={(asked) => limit.mutate(asked)}>
        <div className="limit-fields">
          {fields.map(({ name, label, holds }) => (
            <Form.Item key={name} name={name} label={label}>
              <InputNumber className="limit-number" min={0} max={2_000_000_000} precision={0} placeholder={t('limits.inherit', { n: held(holds) })} />
            </Form.Item>
          ))}
        </div>
        {limit.error && <Refusal error={limit.error} />}
        <div className="row">
          <Button htmlType="submit" loading={limit.isPending}>
            {t('limits.save')}
          </Button>
          <span className="muted" role="status">
            {limit.isSuccess ? t('limits.saved') : t('limits.zero')}
          </span>
        </div>
      </Form>
    </Panel>
  );
}
