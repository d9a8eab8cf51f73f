import { Button, Popconfirm } from 'antd';
import { useSession, useSignOut } from '@/api/queries/session';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { Facts } from '@/ui/Facts/Facts';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { PasswordForm } from './PasswordForm';
import { Tokens } from './Tokens';

/** The account that is signed in: its password, its browsers, and the tokens of programs. */
export default function Account() {
  const { t } = useText('account');
  return (
    <>
      <PageHeader title={t('title')} purpose={t('purpose')} />
      <div className="grid">
        <div className="stack span-5">
          <Panel title={t('password.title')} note={t('password.note')}>
            <PasswordForm />
          </Panel>
          <Browsers />
        </div>
        <div className="span-7">
          <Tokens />
        </div>
      </div>
    </>
  );
}

function Browsers() {
  const { t } = useText('account');
  const format = useFormats();
  const { data } = useSession();
  const signOut = useSignOut();
  if (!data) return null;
  return (
    <Panel title={t('browsers.title')} note={t('browsers.note')}>
      <div className="stack">
        <Facts
          facts={[
            [t('browsers.user'), data.user],
            [t('browsers.since'), format.stamp(data.signed_in_at)],
            [t('browsers.until'), format.stamp(data.expires_at)],
          ]}
        />
        <div>
          <Popconfirm
            title={t('browsers.sure')}
            description={t('browsers.words')}
            okText={t('browsers.out')}
            onConfirm={() => signOut.mutate({ everywhere: true })}
          >
            <Button danger loading={signOut.isPending}>
              {t('browsers.out')}
            </Button>
          </Popconfirm>
        </div>
      </div>
    </Panel>
  );
}
