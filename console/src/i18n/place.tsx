import { createContext, use, useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formats, type Formats, type Language } from '@/lib/format';

const Context = createContext<Formats | null>(null);

/** Numbers and times of everything below are told in the workspace's zone and currency. */
export function PlaceProvider({ zone, currency, children }: { zone: string; currency: string; children: ReactNode }) {
  const language = useLanguage();
  const value = useMemo(() => formats({ language, zone, currency }), [language, zone, currency]);
  return <Context value={value}>{children}</Context>;
}

export function useFormats(): Formats {
  const value = use(Context);
  if (!value) throw new Error('useFormats stands outside PlaceProvider');
  return value;
}

export function useLanguage(): Language {
  return useTranslation().i18n.language === 'en' ? 'en' : 'zh-CN';
}
