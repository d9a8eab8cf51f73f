import { describe, expect, test } from 'vitest';
import { formats, NONE } from '@/lib/format';

const zh = formats({ language: 'zh-CN', zone: 'Asia/Shanghai', currency: 'CNY' });
const en = formats({ language: 'en', zone: 'Asia/Shanghai', currency: 'CNY' });
const now = Date.parse('2026-11-18T12:00:00Z');

describe('numbers', () => {
  test('integers are grouped, large ones short in the words of the language', () => {
    expect(zh.int(1286543)).toBe('1,286,543');
    expect(zh.compact(1286543)).toBe('128.7万');
    expect(en.compact(1286543)).toBe('1.3M');
    expect(zh.compact(27123)).toBe('27,123');
    expect(zh.axis(27123)).toBe('2.7万');
  });

  test('nothing is a dash, zero is zero', () => {
    expect(zh.int(null)).toBe(NONE);
    expect(zh.int('')).toBe(NONE);
    expect(zh.int(0)).toBe('0');
    expect(zh.money(undefined)).toBe(NONE);
    expect(zh.int('not a number')).toBe(NONE);
  });

  test('money has the same sign in both languages', () => {
    expect(zh.money('1234.5000')).toBe('¥1,234.50');
    expect(en.money('1234.5000')).toBe('¥1,234.50');
    expect(zh.axisMoney(8000)).toBe('¥8,000');
    expect(zh.compactMoney('99623.4000')).toBe('¥99,623');
    expect(zh.compactMoney('1286543.4000')).toBe('¥128.7万');
  });

  test('a share of few people shows the people, not a percentage', () => {
    expect(zh.share(3, 12)).toBe('3 / 12');
    expect(zh.share(100, 300)).toBe('33.3%');
    expect(zh.share(0, 0)).toBe(NONE);
  });

  test('a change carries its sign and an arrow', () => {
    expect(en.signed(0.154)).toBe('▲ +15.4%');
    expect(en.signed(-0.161)).toBe('▼ -16.1%');
    expect(en.signed(0)).toBe('0.0%');
  });
});

describe('time', () => {
  test('an instant is told in the zone of the workspace', () => {
    expect(zh.minute('2026-11-18T16:30:00Z')).toBe('11/19 00:30');
    expect(en.clock('2026-11-18T16:30:00Z')).toBe('00:30');
    expect(zh.localDate(new Date('2026-11-18T16:30:00Z'))).toBe('2026-11-19');
    expect(zh.stamp('2026-11-18T16:30:00Z')).toBe('2026/11/19 00:30:00 GMT+8');
    expect(en.stamp('2026-11-18T16:30:00Z')).toBe('Nov 19, 2026, 00:30:00 GMT+8');
  });

  test('a clock on the wall becomes an instant with the offset of its day, and comes back', () => {
    const west = formats({ language: 'en', zone: 'America/Los_Angeles', currency: 'USD' });
    expect(zh.instantAt('2026-10-01T08:00')).toBe('2026-10-01T08:00:00+08:00');
    expect(west.instantAt('2026-10-31T23:30')).toBe('2026-10-31T23:30:00-07:00');
    expect(west.instantAt('2026-11-01T08:00')).toBe('2026-11-01T08:00:00-08:00');
    expect(formats({ language: 'en', zone: 'UTC', currency: 'USD' }).instantAt('2026-10-01T08:00')).toBe('2026-10-01T08:00:00+00:00');
    expect(zh.wallClock('2026-10-01T00:00:00Z')).toBe('2026-10-01T08:00');
    expect(west.wallClock(west.instantAt('2026-11-01T08:00'))).toBe('2026-11-01T08:00');
    expect(zh.wallClock('yesterday')).toBe('');
  });

  test('a date without an instant stays that date in every zone', () => {
    const west = formats({ language: 'en', zone: 'America/Los_Angeles', currency: 'USD' });
    expect(west.date('2026-11-18')).toBe('Nov 18, 2026');
    expect(zh.date('2026-11-18')).toBe('2026年11月18日');
  });

  test('under a day it is told how long ago, beyond it when', () => {
    expect(en.ago('2026-11-18T11:41:00Z', now)).toBe('19 min. ago');
    expect(zh.ago('2026-11-18T09:00:00Z', now)).toBe('3小时前');
    expect(zh.ago('2026-11-16T09:00:00Z', now)).toBe('11/16 17:00');
  });

  test('the age of a value is told in days, then months', () => {
    expect(zh.age('2026-11-16T12:00:00Z', now)).toBe('前天');
    expect(en.age('2026-11-08T12:00:00Z', now)).toBe('10 days ago');
    expect(en.age('2026-08-18T12:00:00Z', now)).toBe('3 mo. ago');
  });

  test('a duration has at most two units and no empty one', () => {
    expect(en.duration(0.118)).toBe('118 ms');
    expect(en.duration(4.21)).toBe('4.2 sec');
    expect(en.duration(1800)).toBe('30 min');
    expect(en.duration(5400)).toBe('1 hr 30 min');
    expect(en.duration(0)).toBe('0 sec');
  });

  test('an hour of the day is a span', () => {
    expect(zh.hour(23)).toBe('23:00–00:00');
  });
});
