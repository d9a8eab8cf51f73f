import { expect, test } from 'vitest';
import { flag, int, oneOf, readState, text, writeState } from '@/lib/urlState';

const schema = { q: text(), sort: oneOf(['new', 'old'], 'new'), job: int(0), open: flag() };
const params = (query: string) => new URLSearchParams(query);

test('an empty address is the initial state', () => {
  expect(readState(schema, params(''))).toEqual({ q: '', sort: 'new', job: 0, open: false });
});

test('what does not fit falls back to the initial value', () => {
  expect(readState(schema, params('sort=sideways&job=12x'))).toMatchObject({ sort: 'new', job: 0 });
});

test('reading what was written gives the same state', () => {
  const state = { q: "小梅 & '= '", sort: 'old', job: 7, open: true } as const;
  expect(readState(schema, params(writeState(schema, params(''), state).toString()))).toEqual(state);
});

test('initial values leave the address, foreign parameters stay', () => {
  const next = writeState(schema, params('q=a&range=7d'), { q: '' });
  expect(next.toString()).toBe('range=7d');
});
