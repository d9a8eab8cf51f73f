import { App as Messages, ConfigProvider } from 'antd';
import type { Locale } from 'antd/es/locale';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { nonce } from '@/csp';
import { preferredLanguage } from '@/i18n';
import { useLanguage } from '@/i18n/place';
import type { Language } from '@/lib/format';
import { antdTheme } from '@/theme/antd';
import { useAppearance } from '@/theme/appearance';

const locales: Record<Language, () => Promise<{ default: Locale }>> = {
  'zh-CN': () => import('antd/es/locale/zh_CN'),
  en: () => import('antd/es/locale/en_US'),
};

// Asked for at once, beside our own words.
const first = locales[preferredLanguage()]();

/** The component library in our theme and language, under the policy of the page. */
export function ComponentProvider({ children }: { children: ReactNode }) {
  const { mode } = useAppearance();
  const language = useLanguage();
  const [locale, setLocale] = useState<Locale>();
  const theme = useMemo(() => antdTheme(mode), [mode]);

  useEffect(() => {
    let wanted = true;
    void (language === preferredLanguage() ? first : locales[language]()).then((loaded) => wanted && setLocale(loaded.default));
    return () => {
      wanted = false;
    };
  }, [language]);

  // With a locale the library wraps its children anew: whoever had begun to type would lose it.
  if (!locale) return null;
  return (
    <ConfigProvider theme={theme} locale={locale} csp={nonce ? { nonce } : undefined} button={{ autoInsertSpace: false }}>
      <Messages component={false}>{children}</Messages>
    </ConfigProvider>
  );
}
