import { expect, test } from 'vitest';
import { sources } from '../sources';

const code = sources('src', '.ts', '.tsx').filter(({ path }) => !path.endsWith('schema.d.ts'));
const screens = code.filter(({ path }) => path.startsWith('src/stages/'));
const offenders = (files: typeof code, pattern: RegExp) => files.filter(({ text }) => pattern.test(text)).map(({ path }) => path);

test('screens draw tables and charts with ours only', () => {
  expect(offenders(screens, /\bTable\b[^;]*from 'antd'|from '(echarts|sigma|graphology)/)).toEqual([]);
});

test('only the formats use Intl, and nobody makes locale strings of their own', () => {
  const others = code.filter(({ path }) => path !== 'src/lib/format.ts');
  expect(offenders(others, /\bIntl\.|\.toLocale(Date|Time)?String\(/)).toEqual([]);
});

test('only the client fetches; screens ask through queries', () => {
  expect(offenders(screens, /\bfetch\(|api\/client'/)).toEqual([]);
});

test('nothing is any, nothing is markup from text, nothing is evaluated', () => {
  expect(offenders(code, /:\s*any\b|as any\b|dangerouslySetInnerHTML|\.innerHTML|\beval\(|new Function\(/)).toEqual([]);
});

test('a stage does not import another stage', () => {
  const crossing = screens.filter(({ path, text }) => {
    const own = path.split('/')[2];
    return [...text.matchAll(/@\/stages\/(\w+)\//g)].some(([, stage]) => stage !== own);
  });
  expect(crossing.map(({ path }) => path)).toEqual([]);
});

test('files are short and their names say something', () => {
  expect(code.filter(({ text }) => text.split('\n').length > 250).map(({ path }) => path)).toEqual([]);
  expect(code.filter(({ path }) => /(utils|helpers|common|misc)\b/i.test(path)).map(({ path }) => path)).toEqual([]);
});

test('the lock file names no registry', () => {
  const [lock] = sources('.', 'package-lock.json').filter(({ path }) => path === 'package-lock.json');
  expect(lock?.text).not.toContain('"resolved"');
});
