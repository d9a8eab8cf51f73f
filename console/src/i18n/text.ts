import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type zh from './zh-CN';

type Namespace = keyof typeof zh;
type Text<N extends Namespace> = TFunction<[N, ...Namespace[]]>;

/** The words of a part of the console; those of another part by its name, such as `states:loading`. */
export function useText<N extends Namespace = 'frame'>(part?: N): { t: Text<N> } {
  const { t } = useTranslation(part ?? 'frame');
  return { t: t as unknown as Text<N> }; // every part is loaded, which the library's type cannot know
}
