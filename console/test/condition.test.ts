import { expect, test } from 'vitest';
import { isOneOf, sameValue } from '@/rules/condition';
import { marked } from '@/stages/segment/marked';

test('a quote inside a text is doubled', () => {
  expect(sameValue({ name: 'city', type: 'text' }, "O'Neil")).toBe("city = 'O''Neil'");
});

test('numbers and money stand without quotes, dates with', () => {
  expect(sameValue({ name: 'orders_total', type: 'integer' }, 3)).toBe('orders_total = 3');
  expect(sameValue({ name: 'net_90d', type: 'money' }, '9.9000')).toBe('net_90d = 9.9000');
  expect(sameValue({ name: 'first_order_on', type: 'date' }, '2026-08-21')).toBe("first_order_on = '2026-08-21'");
});

test('equality says nothing of an instant or of an empty value', () => {
  expect(sameValue({ name: 'last_seen_at', type: 'instant' }, '2026-08-21T00:00:00Z')).toBeNull();
  expect(sameValue({ name: 'city', type: 'text' }, null)).toBeNull();
});

test('a problem is marked where it stands', () => {
  expect(marked('a = loyal', [{ at: 4, length: 5 }])).toEqual([
    { words: 'a = ', wrong: false },
    { words: 'loyal', wrong: true },
  ]);
});

test('places count characters, so an emoji is one', () => {
  expect(marked('😀😀 x', [{ at: 3, length: 1 }]).at(-1)).toEqual({ words: 'x', wrong: true });
});

test('what is missing at the end is marked behind it', () => {
  expect(marked('a =', [{ at: 3, length: 1 }])).toEqual([
    { words: 'a =', wrong: false },
    { words: '', wrong: true },
  ]);
});

test('one value is an equality, several are a list, numbers stand without quotes', () => {
  const city = { name: 'city', type: 'text' };
  expect(isOneOf(city, ["O'Neil"])).toBe("city = 'O''Neil'");
  expect(isOneOf(city, ['a', 'b'])).toBe("city in ('a', 'b')");
  expect(isOneOf({ name: 'r_score', type: 'integer' }, ['4', '5'])).toBe('r_score in (4, 5)');
});
