import { createContext, use } from 'react';
import type { TagEntry } from '@/api/shapes';

export interface Draft {
  name: string;
  entry: TagEntry;
  /** Another value at a key of the entry. */
  put(key: string, value: unknown): void;
  /** What the server says is wrong at a key; the empty key is the name. */
  wrongAt(key: string): string | undefined;
}

/** The tag that is being written, for every field of its form. */
export const DraftContext = createContext<Draft | null>(null);

export function useDraftTag(): Draft {
  const draft = use(DraftContext);
  if (!draft) throw new Error('a field stands outside its form');
  return draft;
}
