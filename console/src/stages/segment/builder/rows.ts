import type { ConditionAtom, ConditionStep, ConditionTies, ConditionTree, ConditionValue, ConditionWindow } from '@/api/shapes';
import { emptyGroup, isSpan, MIN_STEPS, newId, patterns } from './draft';
import type { Clause, Comparison, DateWindow, Group, Row, Span, Step, Ties, Unit } from './draft';

/** The rows that say what a condition says; there is always a group around them. */
export function draftOf(tree: ConditionTree): Group {
  const row = rowOf(tree);
  return row.kind === 'group' ? row : emptyGroup([row]);
}

/** The condition that rows say; what is half-filled is left out, and null is left if that is everything. */
export function treeOf(row: Row): ConditionTree | null {
  const term = termOf(row);
  return term && (row.not ? { type: 'not', term } : term);
}

/** How many parts are left out because something is not filled in yet. */
export function unfinished(group: Group): number {
  return group.rows.reduce((sum, row) => sum + missing(row), 0);
}

function rowOf(tree: ConditionTree): Row {
  const row = { id: newId(), not: false };
  switch (tree.type) {
    case 'and':
    case 'or':
      return { ...row, kind: 'group', joint: tree.type, rows: tree.terms.map(rowOf) };
    case 'not':
      return opposite(tree.term);
    case 'did':
      return { ...row, kind: 'did', step: stepOf(tree), window: windowOf(tree.window), count: { operator: tree.operator, number: String(tree.times) } };
    case 'sequence':
      return { ...row, kind: 'sequence', steps: tree.steps.map(stepOf), span: spanOf(tree.within), window: windowOf(tree.window) };
    case 'friends':
      return { ...row, kind: 'friends', group: draftOf(tree.term), ties: tiesOf(tree.tied), count: { operator: tree.operator, number: String(tree.people) } };
    case 'within':
      return { ...row, kind: 'within', group: draftOf(tree.term), ties: tiesOf(tree.tied), hops: tree.hops };
    case 'audience': {
      const { audience, moved = null, build, cause = null } = tree;
      return { ...row, kind: 'audience', audience, moved, build: build ? String(build) : '', cause };
    }
    case 'journey':
      return { ...row, kind: 'journey', category: tree.category, stages: tree.stages, days: tree.days ? String(tree.days) : '' };
    default:
      return { ...row, kind: 'tag', clause: clauseOf(tree) };
  }
}

function opposite(term: ConditionTree): Row {
  if (term.type === 'in' || term.type === 'between' || term.type === 'contains' || term.type === 'null') {
    const clause: Clause = { ...clauseOf(term), comparison: `not ${term.type}` };
    return { id: newId(), not: false, kind: 'tag', clause };
  }
  const row = rowOf(term);
  return row.not ? { ...emptyGroup([row]), not: true } : { ...row, not: true };
}

function clauseOf(atom: ConditionAtom): Clause {
  const clause = { id: newId(), name: atom.name };
  switch (atom.type) {
    case 'compare':
      return { ...clause, comparison: atom.operator, values: [atom.value] };
    case 'in':
      return { ...clause, comparison: 'in', values: atom.values };
    case 'between':
      return { ...clause, comparison: 'between', values: [atom.low, atom.high] };
    case 'contains':
      return { ...clause, comparison: 'contains', values: [{ type: 'text', text: atom.text }] };
    case 'null':
      return { ...clause, comparison: 'null', values: [] };
  }
}

function stepOf({ event, filters }: ConditionStep): Step {
  return { id: newId(), event, filters: filters.map(clauseOf) };
}

function windowOf({ last_days, from_on, to_on }: ConditionWindow): DateWindow {
  if (last_days) return { kind: 'last', days: String(last_days) };
  return from_on || to_on ? { kind: 'dates', from: from_on ?? '', to: to_on ?? '' } : { kind: 'ever' };
}

function spanOf(within: string | null | undefined): Span | null {
  return within ? { number: within.slice(0, -1), unit: within.slice(-1) as Unit } : null;
}

function tiesOf({ kinds, direction, strength }: ConditionTies): Ties {
  return { kinds, direction: direction ?? null, strength: strength?.number ?? '' };
}

function termOf(row: Row): ConditionTree | null {
  switch (row.kind) {
    case 'group':
      return groupTerm(row);
    case 'tag':
      return clauseTerm(row.clause);
    case 'did': {
      const step = stepTerm(row.step);
      const window = windowTerm(row.window);
      return step && window && patterns.count.test(row.count.number)
        ? { type: 'did', ...step, window, operator: row.count.operator, times: Number(row.count.number) }
        : null;
    }
    case 'sequence': {
      const steps = row.steps.flatMap((step) => stepTerm(step) ?? []);
      const window = windowTerm(row.window);
      if (!window || steps.length < MIN_STEPS || (row.span && !isSpan(row.span))) return null;
      return { type: 'sequence', steps, within: row.span && `${row.span.number}${row.span.unit}`, window };
    }
    case 'friends': {
      const [term, tied] = [treeOf(row.group), tiesTerm(row.ties)];
      if (!term || !tied || !patterns.count.test(row.count.number)) return null;
      return { type: 'friends', term, tied, operator: row.count.operator, people: Number(row.count.number) };
    }
    case 'within': {
      const [term, tied] = [treeOf(row.group), tiesTerm(row.ties)];
      return term && tied && { type: 'within', term, hops: row.hops, tied };
    }
    case 'audience': {
      const { audience, moved, cause } = row;
      if (audience === null || (moved && !/^[1-9]\d{0,8}$/.test(row.build))) return null;
      return moved
        ? { type: 'audience', audience, moved, build: Number(row.build), cause }
        : { type: 'audience', audience, moved: null, build: null, cause: null };
    }
    case 'journey': {
      const { category, stages, days } = row;
      if (!category || stages.length === 0 || (days && !patterns.days.test(days))) return null;
      return { type: 'journey', category, stages, days: days ? Number(days) : null };
    }
  }
}

function groupTerm({ joint, rows }: Group): ConditionTree | null {
  const terms = rows.flatMap((row) => treeOf(row) ?? []);
  return terms.length > 1 ? { type: joint, terms } : (terms[0] ?? null);
}

function clauseTerm(clause: Clause): ConditionTree | null {
  const atom = atomOf(clause);
  return atom && (isNegated(clause.comparison) ? { type: 'not', term: atom } : atom);
}

function isNegated(comparison: Comparison): boolean {
  return comparison.startsWith('not ');
}

function atomOf({ name, comparison, values }: Clause): ConditionAtom | null {
  const known = values.flatMap((value) => (isValue(value) ? [value] : []));
  const [first, second] = known;
  if (!name || known.length < values.length) return null;
  switch (comparison) {
    case 'null':
    case 'not null':
      return { type: 'null', name };
    case 'in':
    case 'not in':
      return first ? { type: 'in', name, values: known } : null;
    case 'between':
    case 'not between':
      return first && second ? { type: 'between', name, low: first, high: second } : null;
    case 'contains':
    case 'not contains':
      return first?.type === 'text' ? { type: 'contains', name, text: first.text } : null;
    default:
      return first ? { type: 'compare', name, operator: comparison, value: first } : null;
  }
}

function isValue(value: ConditionValue | undefined): value is ConditionValue {
  return value !== undefined && (value.type !== 'number' || patterns.number.test(value.number));
}

// A filter has no opposite: its word for one is not offered, and says nothing here.
function stepTerm({ event, filters }: Step): ConditionStep | null {
  return event ? { event, filters: filters.flatMap((filter) => (isNegated(filter.comparison) ? [] : (atomOf(filter) ?? []))) } : null;
}

function windowTerm(window: DateWindow): ConditionWindow | null {
  const ever = { last_days: null, from_on: null, to_on: null };
  switch (window.kind) {
    case 'ever':
      return ever;
    case 'last':
      return patterns.days.test(window.days) ? { ...ever, last_days: Number(window.days) } : null;
    case 'dates':
      return window.from || window.to ? { ...ever, from_on: window.from || null, to_on: window.to || null } : null;
  }
}

function tiesTerm({ kinds, direction, strength }: Ties): ConditionTies | null {
  if (strength && !patterns.number.test(strength)) return null;
  return { kinds, direction, strength: strength ? { type: 'number', number: strength } : null };
}

function missing(row: Row): number {
  switch (row.kind) {
    case 'group':
      return row.rows.length === 0 ? 1 : unfinished(row);
    case 'friends':
    case 'within': {
      const inside = missing(row.group);
      return inside > 0 || termOf(row) ? inside : 1;
    }
    case 'did':
      return termOf(row) ? unfilled(row.step) : 1;
    case 'sequence':
      return termOf(row) ? row.steps.reduce((sum, step) => sum + (step.event ? unfilled(step) : 1), 0) : 1;
    case 'tag':
    case 'audience':
    case 'journey':
      return termOf(row) ? 0 : 1;
  }
}

function unfilled({ filters }: Step): number {
  return filters.filter((filter) => !atomOf(filter)).length;
}
