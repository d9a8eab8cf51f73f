import { Alert, Button, Form, Input } from 'antd';
import { useEffect } from 'react';
import { useText } from '@/i18n/text';
import { ApiError } from '@/api/client';
import { useSignIn } from '@/api/queries/session';
import { AppearanceMenu } from './AppearanceMenu';
import { LanguageMenu } from './LanguageMenu';
import { Mark } from './Mark';
import './signIn.css';

interface Credentials {
  user: string;
  password: string;
}

export default function SignIn() {
  const { t } = useText('signIn');
  const signIn = useSignIn();
  useEffect(() => {
    document.title = `${t('title')} · ${t('frame:product')}`;
  }, [t]);

  return (
    <main className="sign-in">
      <div className="sign-in-corner row">
        <LanguageMenu />
        <AppearanceMenu />
      </div>
      <div className="sign-in-card">
        <div className="row">
          <Mark />
          <span className="sign-in-product">{t('frame:product')}</span>
        </div>
        <h1>{t('title')}</h1>
        <p className="muted">{t('purpose')}</p>
        <Form<Credentials> layout="vertical" size="large" requiredMark={false} onFinish={(body) => signIn.mutate(body)}>
          <Form.Item name="user" label={t('user')} rules={[{ required: true, message: t('userNeeded') }]}>
            <Input autoFocus autoComplete="username" maxLength={100} />
          </Form.Item>
          <Form.Item name="password" label={t('password')} rules={[{ required: true, message: t('passwordNeeded') }]}>
            <Input.Password autoComplete="current-password" maxLength={1000} />
          </Form.Item>
          {signIn.error && <Refusal error={signIn.error} />}
          <Button type="primary" htmlType="submit" block loading={signIn.isPending}>
            {t('submit')}
          </Button>
        </Form>
        <p className="muted sign-in-lost">{t('lost')}</p>
      </div>
    </main>
  );
}

function Refusal({ error }: { error: Error }) {
  const { t } = useText('signIn');
  return <Alert type="error" role="alert" showIcon className="sign-in-refusal" title={words()} />;

  function words(): string {
    if (!(error instanceof ApiError) || error.status === 0) return t('states:error.unreachable');
    if (error.status === 429) return t('tooMany', { count: error.retryAfterSeconds ?? 60 });
    if (error.status === 401) return t('wrong');
    return error.what || t('states:error.unexpected');
  }
}
