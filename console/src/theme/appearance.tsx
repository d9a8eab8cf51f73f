import { createContext, use, useLayoutEffect, useMemo, useState, type ReactNode } from 'react';
import { paint, type Mode } from './tokens';

const KEY = 'qianmian.theme';

export type Choice = Mode | 'system';

interface Appearance {
  mode: Mode;
  choice: Choice;
  choose(choice: Choice): void;
}

const Context = createContext<Appearance | null>(null);

/** Which of the two modes is shown: what was chosen on this device, else what the system wishes. */
export function AppearanceProvider({ children }: { children: ReactNode }) {
  const [choice, setChoice] = useState<Choice>(stored);
  const [wish, setWish] = useState<Mode>(systemMode);
  const mode = choice === 'system' ? wish : choice;

  useLayoutEffect(() => paint(mode), [mode]);
  useLayoutEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const follow = () => setWish(systemMode());
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, []);

  const value = useMemo<Appearance>(
    () => ({
      mode,
      choice,
      choose(next) {
        localStorage.setItem(KEY, next);
        setChoice(next);
      },
    }),
    [mode, choice],
  );
  return <Context value={value}>{children}</Context>;
}

export function useAppearance(): Appearance {
  const value = use(Context);
  if (!value) throw new Error('useAppearance stands outside AppearanceProvider');
  return value;
}

function systemMode(): Mode {
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

function stored(): Choice {
  const value = localStorage.getItem(KEY);
  return value === 'light' || value === 'dark' ? value : 'system';
}
