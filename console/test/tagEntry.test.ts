import { expect, test } from 'vitest';
import { fault } from '@/stages/profile/editor/fault';
import { asKind, daysOf, finished, kinds, layersOf, listOf, missing, textOf, titlesOf, withKey } from '@/stages/profile/editor/entry';

const RULE = {
  title: { zh: 'z', en: 'e' },
  kind: 'rule',
  layers: [{ value: 'a', when: 'orders_total > 0' }],
  otherwise: 'b',
  unheard_of: [1, { two: 3 }],
};

test('what a form does not touch stays as its author wrote it, in its place', () => {
  const changed = withKey(RULE, 'otherwise', 'c');
  expect(changed).toEqual({ ...RULE, otherwise: 'c' });
  expect(Object.keys(changed)).toEqual(Object.keys(RULE));
  expect(finished(RULE)).toEqual(RULE);
  expect(Object.keys(withKey(RULE, 'otherwise', ''))).toEqual(['title', 'kind', 'layers', 'unheard_of']);
  expect(withKey(RULE, 'falling', false)).toEqual(RULE);
});

test('a title in one language is that of both', () => {
  expect(titlesOf({ title: 'x' })).toEqual({ zh: 'x', en: 'x' });
  expect(finished({ title: { zh: '', en: ' x ' }, kind: 'rule' })).toEqual({ title: 'x', kind: 'rule' });
  expect(finished({ title: { zh: '', en: '' }, kind: 'rule' })).toEqual({ kind: 'rule' });
  expect(finished({ title: 'x' })).toEqual({ title: 'x' });
});

test('one text stands for a list of one, and what is no text is none', () => {
  expect(listOf({ events: 'Order Completed' }, 'events')).toEqual(['Order Completed']);
  expect(listOf({ about: ['a', 'b'] }, 'about')).toEqual(['a', 'b']);
  expect(listOf({}, 'events')).toEqual([]);
  expect(textOf({ where: { a: 1 } }, 'where')).toBe('');
  expect(layersOf({ layers: [{ value: true, when: 'x' }, 'odd'] })).toEqual([
    { value: 'true', when: 'x' },
    { value: '', when: '' },
  ]);
});

test('windows are read in days and weeks', () => {
  expect(daysOf({ last: '90d' }, 'last')).toBe(90);
  expect(daysOf({ last: '2w' }, 'last')).toBe(14);
  expect(daysOf({ last: 'soon' }, 'last')).toBeNull();
  expect(daysOf({}, 'last')).toBeNull();
});

test('another kind keeps what both kinds have, and begins with what it needs', () => {
  const counted = { title: 't', kind: 'statistic', of: 'distinct', by: 'brand', events: ['Order Completed'], last: '7d', note: 'n' };
  expect(asKind(counted, 'preference')).toEqual({
    title: 't',
    kind: 'preference',
    by: 'category',
    half_life: '90d',
    events: ['Order Completed'],
    last: '7d',
    note: 'n',
  });
  expect(asKind(RULE, 'lifecycle')).toEqual({ title: RULE.title, kind: 'lifecycle', layers: RULE.layers, otherwise: 'b' });
  expect(asKind(counted, 'combination')).toEqual({ title: 't', kind: 'combination', note: 'n' });
  expect(asKind(RULE, 'rule')).toBe(RULE);
});

test('what is still missing is named before a tag is tried', () => {
  expect(missing({})).toEqual(['kind']);
  expect(kinds.map((kind) => [kind, missing(asKind({}, kind))])).toEqual([
    ['statistic', []],
    ['first_last', []],
    ['preference', []],
    ['rule', [1]],
    ['lifecycle', [1]],
    ['combination', ['value']],
    ['ranking', ['of']],
    ['rfm', ['recent', 'frequent', 'spending']],
    ['import', ['trait']],
    ['sql', ['select']],
  ]);
  expect(missing({ kind: 'statistic', of: 'distinct' })).toEqual(['by']);
  expect(missing({ ...RULE, layers: [...RULE.layers, { value: 'c', when: ' ' }] })).toEqual([2]);
});

test('an error is told where it stands, without the document around it', () => {
  const told = (key: string | null, what: string, hint = '') => fault(Object.assign(new Error(what), { code: 'rules', what, hint, key }), 'x');
  expect(told('tags.x.layers.0.when', 'tags, line 3: tags.x.layers.0.when: unknown tag a\n\n  a > 0\n  ^.', 'did you mean b?')).toEqual({
    code: 'rules',
    at: 'layers.0.when',
    words: 'unknown tag a did you mean b?',
  });
  expect(told('tags.x', 'tags: tags.x: is taken.')).toEqual({ code: 'rules', at: '', words: 'is taken.' });
  expect(told('tags.xy.of', 'tags: tags.xy.of: no.').at).toBeNull();
  expect(told(null, 'no.')).toEqual({ code: 'rules', at: null, words: 'no.' });
});
