import { Button, Form, Input, type InputRef } from 'antd';
import { useRef } from 'react';
import { useAcknowledge } from '@/api/queries/quality';
import type { QualityAlert } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { DetailDrawer } from '@/ui/DetailDrawer/DetailDrawer';
import { Failure } from '@/ui/StateView/Answer';

const LONGEST_NAME = 200;
const LONGEST_NOTE = 2000;

/** Who looks after an alert, and what is known of it. */
export function Acknowledge({ alert, onClose }: { alert: QualityAlert | null; onClose(): void }) {
  const { t } = useText('quality');
  const acknowledge = useAcknowledge();
  const name = useRef<InputRef>(null);
  return (
    <DetailDrawer open={alert !== null} title={t('ackTitle')} onOpened={() => name.current?.focus()} onClose={onClose}>
      {alert && (
        <Form<{ by: string; note?: string }>
          layout="vertical"
          requiredMark={false}
          onFinish={({ by, note = '' }) =>
            acknowledge.mutate({ source: alert.source, field: alert.field, kind: alert.kind, by, note }, { onSuccess: onClose })
          }
        >
          <Form.Item name="by" label={t('ackBy')} rules={[{ required: true, whitespace: true, message: t('ackNeeded') }]}>
            <Input ref={name} dir="auto" maxLength={LONGEST_NAME} />
          </Form.Item>
          <Form.Item name="note" label={t('ackNote')}>
            <Input.TextArea dir="auto" rows={4} maxLength={LONGEST_NOTE} placeholder={t('ackNotePlaceholder')} />
          </Form.Item>
          {acknowledge.error && <Failure error={acknowledge.error} />}
          <div className="row">
            <Button type="primary" htmlType="submit" loading={acknowledge.isPending}>
              {t('ackSave')}
            </Button>
            <Button onClick={onClose}>{t('cancel')}</Button>
          </div>
        </Form>
      )}
    </DetailDrawer>
  );
}
