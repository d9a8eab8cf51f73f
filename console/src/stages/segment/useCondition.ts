import { useEffect, useRef, useState } from 'react';
import { useCheck } from '@/api/queries/audiences';
import { useDebounced } from '@/lib/debounced';
import { useDraft } from './builder/useDraft';

const PAUSE_MS = 300;

export const forms = ['build', 'text'] as const;
export type Form = (typeof forms)[number];

interface Asked {
  /** The condition in the address. */
  condition: string;
  form: Form;
  /** Told once a change has stood still for a moment. */
  onSettled(condition: string): void;
  onForm(form: Form): void;
}

/** A condition while it is edited, as text or in parts; the text is what holds. */
export function useCondition({ condition, form, onSettled, onForm }: Asked) {
  const [typed, setTyped] = useState(condition);
  const settled = useDebounced(typed, form === 'text' ? PAUSE_MS : 0); // a builder has paused already
  const check = useCheck(settled);
  const isEmpty = typed.trim() === '';
  const checked = settled === typed && !check.isPlaceholderData && !isEmpty ? check.data : undefined;
  const draft = useDraft({ text: typed, checked, isShown: form === 'build', pause: PAUSE_MS, onWritten: setTyped });

  // The address comes back with what was told it; anything else comes from a link, or from going back.
  const toldAddress = useRef<string[]>([]);
  useEffect(() => {
    const at = toldAddress.current.indexOf(condition);
    toldAddress.current.splice(0, at < 0 ? Infinity : at + 1);
    if (at < 0) setTyped(condition);
  }, [condition]);
  useEffect(() => {
    if (settled === (toldAddress.current.at(-1) ?? condition) || settled !== typed) return;
    toldAddress.current.push(settled);
    onSettled(settled);
    // Only what was typed moves the address; the address itself is followed above.
    // eslint-disable-next-line
  }, [settled]);

  const isForeign = !isEmpty && !draft.isOwn;
  const isRefused = isForeign && (check.error !== null || checked?.tree === null);
  useEffect(() => {
    if (form === 'build' && isRefused) onForm('text');
    // eslint-disable-next-line
  }, [form, isRefused]);

  return {
    typed,
    settled,
    isEmpty,
    setTyped,
    draft,
    /** It can be shown as text alone, for it is not understood. */
    isText: isForeign && check.data?.tree === null,
    /** What it says, in words. */
    sentence: isEmpty ? '' : (check.data?.sentence ?? ''),
    problems: isEmpty ? [] : (check.data?.problems ?? []),
    isSound: check.data?.condition != null && !check.isPlaceholderData && !(form === 'build' && draft.failure),
  };
}

export type EditedCondition = ReturnType<typeof useCondition>;
