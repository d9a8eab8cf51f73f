import { DesktopOutlined, MoonOutlined, SunOutlined } from '@ant-design/icons';
import { Button, Dropdown } from 'antd';
import { useText } from '@/i18n/text';
import { useAppearance, type Choice } from '@/theme/appearance';

export function AppearanceMenu() {
  const { t } = useText();
  const { mode, choice, choose } = useAppearance();
  const items = [
    { key: 'light', label: t('theme.light'), icon: <SunOutlined /> },
    { key: 'dark', label: t('theme.dark'), icon: <MoonOutlined /> },
    { key: 'system', label: t('theme.system'), icon: <DesktopOutlined /> },
  ];
  return (
    <Dropdown trigger={['click']} menu={{ items, selectedKeys: [choice], onClick: ({ key }) => choose(key as Choice) }}>
      <Button type="text" icon={mode === 'dark' ? <MoonOutlined /> : <SunOutlined />} aria-label={t('theme.label')} />
    </Dropdown>
  );
}
