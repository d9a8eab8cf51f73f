import i18n from 'i18next';
import type { Language } from '@/lib/format';
import { everywhere, type Catalogue, type Everywhere, type Part } from './catalogue';

const together: Record<Language, () => Promise<{ default: Pick<Catalogue, Everywhere> }>> = {
  'zh-CN': () => import('./zh-CN'),
  en: () => import('./en'),
};
const files = import.meta.glob<object>(['./*/*.json', '!./*/{frame,nav,states,words}.json'], { import: 'default' });
const begun = new Map<string, Promise<void>>();

/** Begin to load a part in a language, once; fails if it cannot be had. */
export function loadPart(part: Part, language: Language = spoken()): Promise<void> {
  const path = `./${language}/${part}.json`;
  const loading = begun.get(path) ?? read(part, language, path);
  begun.set(path, loading);
  return loading;
}

/** The parts that are loaded in the language that is spoken. */
export function partsInUse(): Part[] {
  return Object.keys(i18n.getDataByLanguage(spoken()) ?? {}) as Part[];
}

function spoken(): Language {
  return i18n.language === 'en' ? 'en' : 'zh-CN';
}

async function read(part: Part, language: Language, path: string): Promise<void> {
  const stands = everywhere.find((one) => one === part);
  const texts = stands ? (await together[language]()).default[stands] : await files[path]?.();
  if (!texts) throw new Error(`there is no text ${path}`);
  i18n.addResourceBundle(language, part, texts);
}
