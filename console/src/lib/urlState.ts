import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';

/** How one value of a screen stands in its address; the initial value does not stand there at all. */
export interface Codec<T> {
  initial: T;
  read(text: string): T | undefined;
  write(value: T): string;
}

export type Schema = Record<string, Codec<unknown>>;
export type State<S extends Schema> = { [K in keyof S]: S[K] extends Codec<infer T> ? T : never };

export const text = (initial = ''): Codec<string> => ({ initial, read: (raw) => raw, write: (value) => value });

export const int = (initial: number): Codec<number> => ({
  initial,
  read: (raw) => (/^-?\d+$/.test(raw) ? Number(raw) : undefined),
  write: String,
});

export const flag = (): Codec<boolean> => ({ initial: false, read: (raw) => raw === '1', write: (value) => (value ? '1' : '0') });

export function oneOf<const T extends string>(options: readonly T[], initial: NoInfer<T>): Codec<T> {
  return { initial, read: (raw) => options.find((option) => option === raw), write: (value) => value };
}

export function readState<S extends Schema>(schema: S, params: URLSearchParams): State<S> {
  const entries = Object.entries(schema).map(([name, codec]) => {
    const raw = params.get(name);
    return [name, (raw === null ? undefined : codec.read(raw)) ?? codec.initial];
  });
  return Object.fromEntries(entries) as State<S>;
}

export function writeState<S extends Schema>(schema: S, params: URLSearchParams, change: Partial<State<S>>): URLSearchParams {
  const next = new URLSearchParams(params);
  for (const [name, value] of Object.entries(change)) {
    const codec = schema[name];
    if (!codec || value === undefined) continue;
    if (value === codec.initial) next.delete(name);
    else next.set(name, codec.write(value));
  }
  return next;
}

interface Options {
  /** Leave no step behind for "back": while somebody types. */
  replace?: boolean;
}

/** The state of a screen that lives in its address: reload, share and back give the same screen. */
export function useUrlState<S extends Schema>(schema: S) {
  const [params, setParams] = useSearchParams();
  const state = useMemo(() => readState(schema, params), [schema, params]);
  const set = useCallback(
    (change: Partial<State<S>>, { replace = false }: Options = {}) =>
      setParams((current) => writeState(schema, current, change), { replace }),
    [schema, setParams],
  );
  return [state, set] as const;
}
