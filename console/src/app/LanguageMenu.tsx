import { GlobalOutlined } from '@ant-design/icons';
import { Button, Dropdown } from 'antd';
import { useText } from '@/i18n/text';
import { languages, speak } from '@/i18n';
import { useLanguage } from '@/i18n/place';
import type { Language } from '@/lib/format';

export function LanguageMenu() {
  const { t } = useText();
  const language = useLanguage();
  const items = Object.entries(languages).map(([key, label]) => ({ key, label, lang: key }));
  return (
    <Dropdown trigger={['click']} menu={{ items, selectedKeys: [language], onClick: ({ key }) => void speak(key as Language) }}>
      <Button type="text" icon={<GlobalOutlined />} aria-label={t('language')}>
        {languages[language]}
      </Button>
    </Dropdown>
  );
}
