import { describe, expect, test } from 'vitest';
import type { ConditionTree } from '@/api/shapes';
import { compared, comparisonsOf } from '@/stages/segment/builder/comparisons';
import { emptyClause, emptyGroup, emptyRow, emptyStep, kinds, moved, type Clause, type DidRow, type FriendsRow, type SequenceRow, type TagRow } from '@/stages/segment/builder/draft';
import { draftOf, treeOf, unfinished } from '@/stages/segment/builder/rows';
import told from './conditions.json';

// As the server tells them; a test of the server holds the file to that.
const conditions = told as unknown as { condition: string; tree: ConditionTree }[];
const [loyal, , , , , , range] = conditions.map(({ tree }) => tree);

function tag(clause: Partial<Clause>): TagRow {
  return { ...(emptyRow('tag') as TagRow), clause: { ...emptyClause(), ...clause } };
}

const isLoyal = () => tag({ name: 'lifecycle', values: [{ type: 'text', text: 'loyal' }] });

describe('a condition and its rows', () => {
  test.each(conditions)('$condition comes back', ({ tree }) => {
    expect(treeOf(draftOf(tree))).toEqual(tree);
    expect(unfinished(draftOf(tree))).toBe(0);
  });

  test.each(['and', 'or'] as const)('any two joined by %s come back, turned round or not', (joint) => {
    for (const { tree } of conditions) {
      for (const { tree: other } of conditions) {
        const both: ConditionTree = { type: joint, terms: [tree, { type: 'not', term: other }] };
        expect(treeOf(draftOf(both))).toEqual(both);
        expect(treeOf(draftOf({ type: 'not', term: both }))).toEqual({ type: 'not', term: both });
      }
    }
  });

  test('every row has an id of its own', () => {
    const ids = conditions.flatMap(({ tree }) => [...JSON.stringify(draftOf(tree)).matchAll(/"id":(\d+)/g)].map(([, id]) => id));
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('what is half-filled', () => {
  test.each(kinds)('a new row of the kind %s says nothing yet', (kind) => {
    const group = emptyGroup([emptyRow(kind)]);
    expect(treeOf(group)).toBeNull();
    expect(unfinished(group)).toBe(1);
  });

  test('nothing at all says nothing, and nothing is missing', () => {
    expect(treeOf(emptyGroup())).toBeNull();
    expect(unfinished(emptyGroup())).toBe(0);
  });

  test('a row is left out until it is whole, and stays', () => {
    const group = emptyGroup([isLoyal(), tag({ name: 'net_90d', comparison: '>=' })]);
    expect(treeOf(group)).toEqual(loyal);
    expect(unfinished(group)).toBe(1);
  });

  test.each(['', '-', '1e3', '.5', '5.', '1,000', '9'.repeat(21)])('%j is no number yet', (number) => {
    expect(treeOf(tag({ name: 'net_90d', comparison: '>=', values: [{ type: 'number', number }] }))).toBeNull();
  });

  test('a range needs both ends', () => {
    const clause = { name: 'orders_30d', comparison: 'between', values: [{ type: 'number', number: '1' }, undefined] } as const;
    expect(treeOf(tag({ ...clause, values: [...clause.values] }))).toBeNull();
    expect(treeOf(tag({ ...clause, values: [clause.values[0], { type: 'number', number: '3' }] }))).toEqual(range);
  });

  test('a filter is left out, and its event stays', () => {
    const row = emptyRow('did') as DidRow;
    const step = { ...row.step, event: 'Order Completed', filters: [{ ...emptyClause(), name: 'category' }] };
    const group = emptyGroup([{ ...row, step }]);
    expect(treeOf(group)).toMatchObject({ event: 'Order Completed', filters: [] });
    expect(unfinished(group)).toBe(1);
  });

  test('a step is left out, and a sequence needs two', () => {
    const row = emptyRow('sequence') as SequenceRow;
    const steps = ['a', '', 'b'].map((event) => ({ ...emptyStep(), event }));
    const group = emptyGroup([{ ...row, steps }]);
    expect(treeOf(group)).toMatchObject({ steps: [{ event: 'a' }, { event: 'b' }], within: null });
    expect(unfinished(group)).toBe(1);
    expect(treeOf({ ...row, steps: steps.slice(0, 2) })).toBeNull();
    expect(treeOf({ ...row, steps, span: { number: '0', unit: 'd' } })).toBeNull();
    expect(treeOf({ ...row, steps, span: { number: '3661', unit: 'd' } })).toBeNull();
  });

  test('friends need a condition, however deep it is', () => {
    const row = emptyRow('friends') as FriendsRow;
    const friends = { ...row, group: emptyGroup([emptyGroup([isLoyal()]), tag({})]) };
    expect(treeOf(friends)).toMatchObject({ type: 'friends', term: loyal, operator: '>=', people: 1 });
    expect(unfinished(emptyGroup([friends]))).toBe(1);
    expect(unfinished(emptyGroup([{ ...friends, count: { operator: '>=', number: '' } }]))).toBe(1);
  });
});

describe('comparisons', () => {
  test('fit the type of the field, and a filter has no opposite and is not searched', () => {
    const names = (type: string, isListed: boolean, isFilter = false) => comparisonsOf({ type, isListed, isFilter });
    expect(names('text', true)).toContain('contains');
    expect(names('text', true, true)).toEqual(['in', '=', '!=', 'null']);
    expect(names('money', false)).not.toContain('in');
    expect(names('integer', true)).toContain('in');
    expect(names('flag', false)).not.toContain('>=');
    expect(names('date', false)).toContain('between');
  });

  test('keep the values that the next one can take', () => {
    const clause: Clause = { id: 1, name: 'r_score', comparison: 'in', values: ['4', '5'].map((number) => ({ type: 'number', number })) };
    expect(compared(clause, 'not in').values).toEqual(clause.values);
    expect(compared(clause, '=').values).toEqual(clause.values.slice(0, 1));
    expect(compared(compared(clause, '='), 'between').values).toEqual([clause.values[0], undefined]);
    expect(compared(clause, 'null').values).toEqual([]);
    expect(compared({ ...clause, values: [undefined] }, 'in').values).toEqual([]);
  });
});

test('a step changes places with the next, or with the one before', () => {
  expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c']);
  expect(moved(['a', 'b', 'c'], 2, -1)).toEqual(['a', 'c', 'b']);
});
