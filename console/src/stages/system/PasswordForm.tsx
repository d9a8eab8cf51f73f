import { Alert, Button, Form, Input } from 'antd';
import { useChangePassword } from '@/api/queries/access';
import { useSession } from '@/api/queries/session';
import { useText } from '@/i18n/text';
import { Refusal } from '@/ui/Refusal/Refusal';
import './account.css';

interface Passwords {
  current: string;
  new: string;
  again: string;
}

const SHORTEST = 10;

/** Another password for the account; the server checks the current one first. */
export function PasswordForm() {
  const { t } = useText('account');
  const [form] = Form.useForm<Passwords>();
  const { data: session } = useSession();
  const change = useChangePassword();

  function submit({ current, new: chosen }: Passwords) {
    change.mutate({ current, new: chosen }, { onSuccess: () => form.resetFields() });
  }

  return (
    <Form<Passwords> form={form} layout="vertical" requiredMark={false} onFinish={submit} className="password-form">
      <input className="visually-hidden" type="text" autoComplete="username" readOnly tabIndex={-1} aria-hidden value={session?.user ?? ''} />
      <Form.Item name="current" label={t('password.current')} rules={[{ required: true, message: t('password.needed') }]}>
        <Input.Password autoComplete="current-password" maxLength={200} />
      </Form.Item>
      <Form.Item
        name="new"
        label={t('password.new')}
        extra={t('password.rule', { count: SHORTEST })}
        rules={[
          { required: true, message: t('password.needed') },
          { min: SHORTEST, message: t('password.rule', { count: SHORTEST }) },
        ]}
      >
        <Input.Password autoComplete="new-password" maxLength={200} />
      </Form.Item>
      <Form.Item
        name="again"
        label={t('password.again')}
        dependencies={['new']}
        rules={[
          {
            validator: (_, again) =>
              again === form.getFieldValue('new') ? Promise.resolve() : Promise.reject(new Error(t('password.differs'))),
          },
        ]}
      >
        <Input.Password autoComplete="new-password" maxLength={200} />
      </Form.Item>
      {change.error && <Refusal error={change.error} instead={{ sign_in: t('password.wrong') }} />}
      {change.isSuccess && <Alert type="success" role="status" showIcon title={t('password.done')} />}
      <Button type="primary" htmlType="submit" loading={change.isPending}>
        {t('password.submit')}
      </Button>
    </Form>
  );
}
