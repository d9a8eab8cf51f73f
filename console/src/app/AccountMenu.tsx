import { KeyOutlined, LogoutOutlined, UserOutlined } from '@ant-design/icons';
import { Button, Dropdown } from 'antd';
import { useText } from '@/i18n/text';
import { useNavigate } from 'react-router';
import { useSignOut } from '@/api/queries/session';
import { useFormats } from '@/i18n/place';
import { useSignedIn } from './SessionGate';

export function AccountMenu() {
  const { t } = useText();
  const format = useFormats();
  const { user, signed_in_at, version } = useSignedIn();
  const signOut = useSignOut();
  const navigate = useNavigate();
  const items = [
    { key: 'who', disabled: true, label: t('account.since', { user, at: format.minute(signed_in_at) }) },
    { type: 'divider' as const },
    { key: 'account', icon: <KeyOutlined />, label: t('account.open') },
    { key: 'here', icon: <LogoutOutlined />, label: t('account.signOut') },
    { key: 'everywhere', icon: <LogoutOutlined />, label: t('account.signOutEverywhere') },
    { type: 'divider' as const },
    { key: 'version', disabled: true, label: t('account.version', { version }) },
  ];
  return (
    <Dropdown
      trigger={['click']}
      placement="bottomRight"
      menu={{
        items,
        onClick: ({ key }) => (key === 'account' ? void navigate('/system/account') : signOut.mutate({ everywhere: key === 'everywhere' })),
      }}
    >
      <Button type="text" icon={<UserOutlined />} aria-label={t('account.label', { user })}>
        {user}
      </Button>
    </Dropdown>
  );
}
