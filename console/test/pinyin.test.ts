import { expect, test } from 'vitest';
import { isFound, pinyinInitials } from '@/lib/pinyin';

test('a Chinese word has the initials under which it is typed', () => {
  const words = { 上海市: 'shs', 生命周期阶段: 'smzqjd', 美妆: 'mz', 偏好品牌: 'phpp', 阿坝: 'ab', 左岸: 'za', 鹅: 'e', 欧: 'o', 一: 'y', 旺: 'w', 县: 'x' };
  for (const [word, initials] of Object.entries(words)) expect([word, pinyinInitials(word)]).toEqual([word, initials]);
});

test('Latin letters and digits stay, everything else falls away', () => {
  expect(pinyinInitials('RFM 分群（8类）👩‍👩‍👧')).toBe('rfmfq8l');
  expect(pinyinInitials('')).toBe('');
});

test('something is found by a part of any of its words, or by initials', () => {
  for (const typed of ['上海', 'shs', ' SH ', 'Shanghai']) expect(isFound(typed, '上海市', 'Shanghai')).toBe(true);
  expect(isFound('bj', '上海市')).toBe(false);
});
