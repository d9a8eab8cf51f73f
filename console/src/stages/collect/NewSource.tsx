import { Button, Checkbox, Form, Input, Radio, type InputRef } from 'antd';
import { useRef } from 'react';
import { useAddSource, type NewSource as Asked } from '@/api/queries/sources';
import { useText } from '@/i18n/text';
import { DetailDrawer } from '@/ui/DetailDrawer/DetailDrawer';
import { Refusal } from '@/ui/Refusal/Refusal';
import { WriteKeyMade } from './WriteKeyMade';

const NAME = /^[a-z0-9][a-z0-9_.-]{0,59}$/;
const FIRST: Asked = { name: '', environment: 'prod', dialects: ['segment', 'sensors'] };

/** Make a source, and hand out its write key. */
export function NewSource({ open, onClose }: { open: boolean; onClose(): void }) {
  const { t } = useText('sources', 'live');
  const [form] = Form.useForm<Asked>();
  const name = useRef<InputRef>(null);
  const add = useAddSource();
  const environment = Form.useWatch('environment', form) ?? 'prod';

  function close() {
    add.reset();
    onClose();
  }

  return (
    <DetailDrawer wide open={open} title={t('new')} onOpened={() => name.current?.focus()} onClose={close}>
      {add.data ? (
        <WriteKeyMade made={add.data} dialects={add.variables?.dialects ?? FIRST.dialects} onKept={close} />
      ) : (
        <Form<Asked> form={form} layout="vertical" requiredMark={false} initialValues={FIRST} onFinish={(asked) => add.mutate(asked)}>
          <Form.Item name="name" label={t('form.name')} extra={t('form.nameRule')} rules={[{ required: true, pattern: NAME, message: t('form.nameRule') }]}>
            <Input ref={name} maxLength={60} placeholder="web" autoComplete="off" />
          </Form.Item>
          <Form.Item name="environment" label={t('form.environment')} extra={environment === 'dev' ? t('form.devNote') : undefined}>
            <Radio.Group
              options={[
                { value: 'prod', label: t('live:environment.prod') },
                { value: 'dev', label: t('live:environment.dev') },
              ]}
            />
          </Form.Item>
          <Form.Item name="dialects" label={t('form.dialects')} rules={[{ required: true, message: t('form.dialects') }]}>
            <Checkbox.Group
              options={[
                { value: 'segment', label: t('live:dialect.segment') },
                { value: 'sensors', label: t('live:dialect.sensors') },
              ]}
            />
          </Form.Item>
          {add.error && <Refusal error={add.error} />}
          <Button type="primary" htmlType="submit" loading={add.isPending}>
            {t('form.make')}
          </Button>
        </Form>
      )}
    </DetailDrawer>
  );
}
