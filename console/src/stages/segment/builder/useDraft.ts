import { useEffect, useMemo, useState } from 'react';
import { useWritten } from '@/api/queries/audiences';
import type { Checked } from '@/api/shapes';
import { useDebounced } from '@/lib/debounced';
import { emptyGroup, type Group } from './draft';
import { draftOf, treeOf } from './rows';

const MOST_UNDONE = 100;

interface State {
  group: Group;
  /** The text that the rows said when they were read or written. */
  said: string;
  /** The rows were changed since. */
  isChanged: boolean;
  /** The rows before each change, the latest last. */
  past: readonly Group[];
}

interface Asked {
  /** The condition; whatever else the draft said is given up for it. */
  text: string;
  /** What the server found in just this text, once it has. */
  checked: Checked | undefined;
  isShown: boolean;
  pause: number;
  onWritten(text: string): void;
}

/**
 * The rows of a builder beside the text that they say. A change of the rows is written as text, and rows that are not whole
 * yet stay; a text from elsewhere is read into new rows as soon as the builder is shown.
 */
export function useDraft({ text, checked, isShown, pause, onWritten }: Asked) {
  const [state, set] = useState<State>(() => ({ group: emptyGroup(), said: '', isChanged: false, past: [] }));
  const { group, said, isChanged, past } = state;
  const isOwn = text === said;
  const tree = useMemo(() => treeOf(group), [group]);
  const settled = useDebounced(tree, pause);
  const isDue = isChanged && isOwn && settled === tree;
  const asked = useWritten(tree, { enabled: isDue });
  const told = tree === null ? '' : asked.data?.text;

  if (isShown && !isOwn && (text.trim() === '' || checked?.tree)) {
    set({ group: checked?.tree && text.trim() !== '' ? draftOf(checked.tree) : emptyGroup(), said: text, isChanged: false, past: [] });
  }

  useEffect(() => {
    if (!isDue || told === undefined) return;
    set({ ...state, said: told, isChanged: false });
    onWritten(told);
    // What the server wrote moves the text, and nothing else.
    // eslint-disable-next-line
  }, [isDue, told]);

  return {
    group,
    /** The rows say what the text says, but for what is half-filled. */
    isOwn,
    failure: isDue ? asked.error : null,
    retry: () => void asked.refetch(),
    change: (next: Group) => set({ group: next, said, isChanged: true, past: [...past, group].slice(-MOST_UNDONE) }),
    /** Takes the last change back; nothing where there is none. */
    undo: past.length === 0 ? undefined : () => set({ group: past.at(-1) ?? group, said, isChanged: true, past: past.slice(0, -1) }),
  };
}

export type Draft = ReturnType<typeof useDraft>;
