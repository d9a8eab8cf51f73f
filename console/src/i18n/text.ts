import i18n, { type TFunction } from 'i18next';
import { use } from 'react';
import { useTranslation } from 'react-i18next';
import type { Everywhere, Part } from './catalogue';
import { loadPart } from './parts';
import { useLanguage } from './place';

type Text<N extends Part, Others extends Part> = TFunction<[N, ...(Others | Everywhere)[]]>;

/**
 * The words of a part of the console; those of the `others`, and of what stands everywhere, by the name of their part, such
 * as `states:loading`. Waits, in the nearest Suspense, for a part that is not there yet: a screen's route begins to load its
 * parts together with its code.
 */
export function useText<N extends Part = 'frame', Others extends Part = never>(
  part?: N,
  ...others: Others[]
): { t: Text<N, Others> } {
  const language = useLanguage();
  const first = part ?? 'frame';
  const told: Part[] = [first, ...others];
  for (const one of told) if (!i18n.hasResourceBundle(language, one)) use(loadPart(one, language));
  const { t } = useTranslation(first);
  return { t: t as unknown as Text<N, Others> }; // every part is loaded, which the library's type cannot know
}
