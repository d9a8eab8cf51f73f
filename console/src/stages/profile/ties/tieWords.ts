import type { TieOfKind } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useWords } from '@/i18n/words';

const arrows: Record<string, string> = { out: '→', in: '←', both: '↔' };

/** A tie in words: an arrow away from the person, towards the person, or both ways; what it is; how often. */
export function useTieWords() {
  const { word } = useWords();
  const format = useFormats();
  return ({ kind, direction, count }: TieOfKind) =>
    `${arrows[direction] ?? ''} ${word('tie', kind)}${count > 1 ? ` × ${format.int(count)}` : ''}`;
}

/** When the last event of any of some ties happened. */
export const lastOf = (kinds: readonly TieOfKind[]) => kinds.map(({ last_at }) => last_at).reduce((one, other) => (one > other ? one : other));
