import type { Connected, HeldIdentifier } from '@/api/shapes';
import { strengthOf } from '@/lib/identifiers';

export const WIDTH = 664;
export const HEIGHT = 420;
/** More circles than this are no picture any more; the table has them all. */
export const MOST = 60;
/** Up to so many, each has its name beside it. */
export const NAMED = 20;

export interface Place {
  x: number;
  y: number;
  of: HeldIdentifier;
  isMine: boolean;
}

/**
 * Where each identifier of a graph stands: the person's own on the inner ring, the strongest in the middle,
 * those of others on the outer ring, next to what they were seen with.
 */
export function placed(identifiers: readonly HeldIdentifier[], edges: readonly Connected[], person: string): Map<string, Place> {
  const strongest = identifiers.toSorted((one, other) => strengthOf(one) - strengthOf(other));
  const mine = strongest.filter((one) => one.person === person);
  const others = strongest.filter((one) => one.person !== person).slice(0, Math.max(0, MOST - mine.length));
  const [head, ...rest] = mine.slice(0, MOST);
  const places = new Map<string, Place>();
  if (head) places.set(head.id, { x: WIDTH / 2, y: HEIGHT / 2, of: head, isMine: true });
  ring(rest, others.length > 0 ? 0.6 : 0.8, -Math.PI / 2).forEach((place) => places.set(place.of.id, { ...place, isMine: true }));
  const near = others.toSorted((one, other) => angleOf(one, places, edges) - angleOf(other, places, edges));
  ring(near, 0.9, near[0] ? angleOf(near[0], places, edges) : 0).forEach((place) => places.set(place.of.id, { ...place, isMine: false }));
  return places;
}

function ring(some: readonly HeldIdentifier[], share: number, start: number) {
  return some.map((of, at) => {
    const angle = start + (at / some.length) * 2 * Math.PI;
    return { x: WIDTH / 2 + Math.cos(angle) * (WIDTH / 2 - 32) * share, y: HEIGHT / 2 + Math.sin(angle) * (HEIGHT / 2 - 24) * share, of };
  });
}

/** Towards what it was seen with, or its own other time. */
function angleOf(one: HeldIdentifier, places: Map<string, Place>, edges: readonly Connected[]): number {
  const edge = edges.find(({ left, right }) => (left === one.id && places.has(right)) || (right === one.id && places.has(left)));
  const beside = edge ? places.get(edge.left === one.id ? edge.right : edge.left) : undefined;
  const own = [...places.values()].find(({ of }) => of.namespace === one.namespace && of.value === one.value);
  const to = beside ?? own;
  return to ? Math.atan2(to.y - HEIGHT / 2, to.x - WIDTH / 2) : 0;
}

/** Thicker with more statements, by ten. */
export const thickness = (total: number) => 1.5 + Math.min(4, Math.log10(total) * 2);
