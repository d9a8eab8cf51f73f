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

test('tags stand under what they speak of; the shop’s own apart, unless they say', () => {
  const tags = [
    { name: 'my_own', kind: 'rule', is_own: true, about: [] },
    { name: 'lifecycle', kind: 'lifecycle', is_own: false, about: [] },
    { name: 'net_90d', kind: 'statistic' },
    { name: 'night_share_90d', kind: 'combination', is_own: false, about: ['activity'] },
    { name: 'our_coupons', kind: 'statistic', is_own: true, about: ['marketing', 'coupons'] },
    { name: 'our_words', kind: 'statistic', is_own: true, about: ['words of our own'] },
    { name: 'stranger', kind: 'statistic' },
  ];
  expect(byFamily(tags).map(([family, members]) => [family, members.map(({ name }) => name)])).toEqual([
    ['value', ['lifecycle']],
    ['purchase', ['net_90d']],
    ['activity', ['night_share_90d']],
    ['marketing', ['our_coupons']],
    ['own', ['my_own', 'our_words']],
    ['other', ['stranger']],
  ]);
  expect(familyOf({ name: 'preferred_colour', kind: 'preference' })).toBe('preference');
});

test('the strongest identifier stands first, an order number last', () => {
  const names = strongestFirst([
    { namespace: 'order:shop', value: '1', since: null },
    { namespace: 'device', value: '2', since: null },
    { namespace: 'user_id', value: '3', since: null },
  ]);
  expect(names.map(({ namespace }) => namespace)).toEqual(['user_id', 'device', 'order:shop']);
});
