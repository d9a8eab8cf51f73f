import { expect, test } from 'vitest';
import { addDays, datesOf } from '@/lib/range';
import { againstWeek } from '@/stages/overview/againstWeek';
import { curl } from '@/ui/Freshness/call';
import { byFamily, familyOf } from '@/ui/TagFamily/family';
import { strongestFirst } from '@/lib/identifiers';

test('a range ends with today and holds as many dates as it says', () => {
  expect(datesOf('7d', '2026-11-18')).toEqual({ from: '2026-11-12', to: '2026-11-18' });
  expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
});

test('the last value is compared with the mean of the seven before it', () => {
  expect(againstWeek([10, 10, 10, 10, 10, 10, 10, 15])).toEqual({ mean: 10, change: 0.5 });
  expect(againstWeek([0, 0, 0, 0, 0, 0, 0, 5])).toEqual({ mean: 0, change: null });
  expect(againstWeek([1, 2, 3])).toBeNull();
});

test('a call can be pasted into a shell, whatever the condition holds', () => {
  const told = curl({ method: 'POST', path: '/api/audiences/size', body: { condition: "a = 'x'; rm -rf $HOME" } }, 'http://shop');
  expect(told).toContain(`-d '{"condition":"a = '\\''x'\\''; rm -rf $HOME"}'`);
  expect(curl({ path: '/api/overview', query: { from: '2026-11-01', to: undefined } }, 'http://shop')).toMatch(
    /^curl 'http:\/\/shop\/api\/overview\?from=2026-11-01' /,
  );
});

test('tags stand by family, a stranger under its kind or under other', () => {
  const tags = [
    { name: 'my_own', kind: 'rule' },
    { name: 'lifecycle', kind: 'lifecycle' },
    { name: 'net_90d', kind: 'statistic' },
  ];
  expect(byFamily(tags).map(([family, members]) => [family, members.length])).toEqual([
    ['stage', 1],
    ['spending', 1],
    ['other', 1],
  ]);
  expect(familyOf({ name: 'preferred_colour', kind: 'preference' })).toBe('taste');
});

test('the strongest identifier stands first, an order number last', () => {
  const names = strongestFirst([
    { namespace: 'order:shop', value: '1', since: null },
    { namespace: 'device', value: '2', since: null },
    { namespace: 'user_id', value: '3', since: null },
  ]);
  expect(names.map(({ namespace }) => namespace)).toEqual(['user_id', 'device', 'order:shop']);
});
