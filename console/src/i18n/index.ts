import i18n from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Language } from '@/lib/format';
import type zh from './zh-CN';

export type Catalogue = typeof zh;

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'frame';
    resources: Catalogue;
  }
}

const KEY = 'qianmian.language';

// One chunk a language: only the chosen one is loaded.
const catalogues: Record<Language, () => Promise<{ default: object }>> = {
  'zh-CN': () => import('./zh-CN'),
  en: () => import('./en'),
};

export const languages: Record<Language, string> = { 'zh-CN': '\u4e2d\u6587', en: 'English' };

/** What was chosen on this device, else the first language of the browser that we speak. */
export function preferredLanguage(): Language {
  const stored = localStorage.getItem(KEY);
  if (stored === 'zh-CN' || stored === 'en') return stored;
  return navigator.languages.some((one) => one.toLowerCase().startsWith('zh')) ? 'zh-CN' : 'en';
}

export async function speak(language: Language): Promise<void> {
  await load(language);
  document.documentElement.lang = language; // before anything is asked in it
  await i18n.changeLanguage(language);
  localStorage.setItem(KEY, language);
}

export async function startLanguage(): Promise<void> {
  const language = preferredLanguage();
  await i18n.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    defaultNS: 'frame',
    ns: ['frame'],
    resources: {},
    interpolation: { escapeValue: false }, // React escapes
    returnNull: false,
  });
  await load(language);
  await i18n.changeLanguage(language);
  document.documentElement.lang = language;
}

async function load(language: Language): Promise<void> {
  const { default: catalogue } = await catalogues[language]();
  for (const [namespace, words] of Object.entries(catalogue)) {
    i18n.addResourceBundle(language, namespace, words, true, true);
  }
}
