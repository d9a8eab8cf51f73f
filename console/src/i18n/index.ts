import i18n from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Language } from '@/lib/format';
import { everywhere, type Catalogue } from './catalogue';
import { loadPart, partsInUse } from './parts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'frame';
    resources: Catalogue;
  }
}

const KEY = 'qianmian.language';

export const languages: Record<Language, string> = { 'zh-CN': '\u4e2d\u6587', en: 'English' };

/** What was chosen on this device, else the first language of the browser that we speak. */
export function preferredLanguage(): Language {
  const stored = localStorage.getItem(KEY);
  if (stored === 'zh-CN' || stored === 'en') return stored;
  return navigator.languages.some((one) => one.toLowerCase().startsWith('zh')) ? 'zh-CN' : 'en';
}

export async function speak(language: Language): Promise<void> {
  await Promise.all(partsInUse().map((part) => loadPart(part, language)));
  document.documentElement.lang = language; // before anything is asked in it
  await i18n.changeLanguage(language);
  localStorage.setItem(KEY, language);
}

export async function startLanguage(): Promise<void> {
  const language = preferredLanguage();
  document.documentElement.lang = language;
  const begun = i18n.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    defaultNS: 'frame',
    ns: ['frame'],
    resources: {}, // given as parts
    interpolation: { escapeValue: false }, // React escapes
    returnNull: false,
  });
  await Promise.all([begun, ...everywhere.map((part) => loadPart(part, language))]);
}
