import { describe, expect, test } from 'vitest';
import { sources } from '../sources';

type Tree = { [key: string]: string | Tree };

function flat(tree: Tree, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[path + key, value] as [string, string]] : flat(value, `${path}${key}.`),
  );
}

const files = import.meta.glob<Tree>('../../src/i18n/*/*.json', { eager: true, import: 'default' });

function language(name: string): [string, string][] {
  const parts = Object.entries(files).flatMap(([path, tree]) => {
    const [, part] = new RegExp(`/${name}/(\\w+)\\.json$`).exec(path) ?? [];
    return part ? [[part, tree] as [string, Tree]] : [];
  });
  return flat(Object.fromEntries(parts));
}

const chinese = language('zh-CN');
const english = language('en');
// English has two forms of a counted word, Chinese one.
const kin = (key: string) => key.replace(/_(one|other)$/, '');
const gaps = (text: string) => [...new Set(text.match(/\{\{\w+\}\}/g))].sort();

describe('both languages', () => {
  test('have the same keys', () => {
    const keys = (rows: [string, string][]) => [...new Set(rows.map(([key]) => kin(key)))].sort();
    expect(chinese.length).toBeGreaterThan(500);
    expect(keys(chinese)).toEqual(keys(english));
  });

  test('have the same gaps', () => {
    const others = new Map(chinese.map(([key, text]) => [kin(key), gaps(text)]));
    for (const [key, text] of english) expect([key, gaps(text)]).toEqual([key, others.get(kin(key))]);
  });

  test('leave no text empty', () => {
    for (const [key, text] of [...chinese, ...english]) expect([key, text.trim()]).toEqual([key, text]);
    for (const [key, text] of [...chinese, ...english]) expect([key, text === '']).toEqual([key, false]);
  });
});

// The column "do not use" of docs/concepts/glossary.md, and what reads wrong on a screen.
const wrongChinese =
  '归一 度量 治理 新鲜度 您 (?<![邀申])请 首页 意图 脱敏 构建 接入 客户 访客 用途 注销 睡眠用户 团购 湖 节点 桶'.split(' ');
const wrongEnglish = 'node bucket person_no journal lake customer visitor contact crowd please pipeline dashboard influencer'.split(' ');

describe('words', () => {
  test.each(wrongChinese)('%s is not used', (wrong) => {
    expect(chinese.filter(([, text]) => new RegExp(wrong).test(text))).toEqual([]);
  });

  test.each(wrongEnglish)('%s is not used', (wrong) => {
    const pattern = new RegExp(`\\b${wrong}s?\\b`, 'i');
    expect(english.filter(([, text]) => pattern.test(text))).toEqual([]);
  });

  test('Chinese has no typed space between the scripts, no half-width comma, and no exclamation', () => {
    const spaced = /[\u4e00-\u9fff] [A-Za-z0-9]|[A-Za-z0-9] [\u4e00-\u9fff]/;
    const halved = /[\u4e00-\u9fff],|[\u4e00-\u9fff]\?|[\u4e00-\u9fff]:|\u{ff01}|!/u;
    const kept = /^(states\.|people\.search|audiences\.placeholder|frame\.freshness)/;
    expect(chinese.filter(([key, text]) => !kept.test(key) && (spaced.test(text) || halved.test(text)))).toEqual([]);
  });

  test('labels end without a full stop', () => {
    expect([...chinese, ...english].filter(([, text]) => /[.。]$/.test(text))).toEqual([]);
  });

  test('no Chinese stands in code', () => {
    const cjk = /[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]/;
    expect(sources('src', '.ts', '.tsx').filter(({ text }) => cjk.test(text)).map(({ path }) => path)).toEqual([]);
  });
});
