"""Who is who: vertices joined by evidence become people, and a person is named by its first vertex."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from qianmian.unify.identity.by_hand import NO_DECISIONS, Apart, Decisions, kept_apart, united
from qianmian.unify.identity.intervals import FROM_THE_BEGINNING, Ints, Vertices, apart, contains, starts
from qianmian.unify.identity.limits import JOINED, NOTHING_SPLIT, Edges, Statements, exceeding, judged
from qianmian.unify.identity.rules import Rules


@dataclass(frozen=True)
class Together:
    """Pairs of nodes seen on one event.

    Attributes:
        a: node_id.
        b: node_id.
        at: instant of the event, microseconds.
    """

    a: Ints
    b: Ints
    at: Ints


@dataclass(frozen=True)
class Resolution:
    """Whose each interval is; sorted by (node, since).

    Attributes:
        node: node_id.
        since: first microsecond; `FROM_THE_BEGINNING` if none.
        person: person_id.
    """

    node: Ints
    since: Ints
    person: Ints

    def __len__(self) -> int:
        return len(self.node)

    def only(self, nodes: Ints) -> Resolution:
        """The rows of some nodes, ascending; so without the ids of intervals, which are nobody's identifiers."""
        keep = contains(nodes, self.node)
        return Resolution(self.node[keep], self.since[keep], self.person[keep])


def vertex_id(node: Ints, since: Ints) -> Ints:
    """The id of a vertex: the node's own when it has no start, else a 63-bit hash of (node, since).

    The hash is the finaliser of SplitMix64 (Steele, Lea, Flood 2014) over both numbers.
    """
    named, late = node.copy(), np.flatnonzero(since != FROM_THE_BEGINNING)
    mixed = _mix(node[late].view(np.uint64) + _mix(since[late].view(np.uint64))) >> np.uint64(1)
    named[late] = mixed.view(np.int64)
    return named


def _mix(number: NDArray[np.uint64]) -> NDArray[np.uint64]:
    number = (number + np.uint64(0x9E3779B97F4A7C15)).astype(np.uint64)
    number = (number ^ (number >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    number = (number ^ (number >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return number ^ (number >> np.uint64(31))


def resolve(
    found: Vertices,
    priority: NDArray[np.int8],
    together: Together,
    rules: Rules,
    in_order: Callable[[Ints], Statements],
    by_hand: Decisions = NO_DECISIONS,
) -> Ints:
    """The person of every vertex.

    A vertex with an owner joins the owner. Two vertices seen together join, unless each is signed in to a
    different user: then the sign-ins, which say more, stand. Where somebody would have too many identifiers,
    evidence is taken in the order of time, and what would bring a person above a limit joins nobody. Likewise where
    somebody was split by hand. What is merged by hand is joined at last, whatever limits say.

    Args:
        found: the vertices, sorted by (node, since).
        priority: namespace priority of each vertex; 0 is the strongest.
        together: pairs seen on one event, without shared identifiers.
        rules: whose limits hold.
        in_order: gives all statements about some nodes, which are ascending, in order.
        by_hand: what people decided.

    Returns:
        person_id of each vertex: the id of the first vertex of its component by (priority, node, since).
    """
    split = kept_apart(found, by_hand.splits)
    component, _ = joined(found, priority, together, rules, in_order, split)
    if by_hand.merges:
        component = united(component, found, priority, by_hand.merges, split)
    return _named(component, found, priority)


def joined(
    found: Vertices,
    priority: NDArray[np.int8],
    together: Together,
    rules: Rules,
    in_order: Callable[[Ints], Statements],
    split: Apart,
) -> tuple[Ints, list[Edges]]:
    """Which vertices evidence makes one person's, and what was judged statement by statement for it.

    What limits hold apart already needs no split: the evidence of whoever is near it is taken as if nothing was said.
    Arguments are those of `resolve`, and pairs of vertices that must not be one person's.
    """
    whole = components(found, together)
    component, judgements = whole.copy(), list[Edges]()

    def take(vertices: Ints, split: Apart, cut: NDArray[np.bool_] | None) -> None:
        nodes = found.node[vertices]
        edges = judged(found, priority, in_order(nodes[starts(nodes)]), rules, split, cut)
        component[vertices] = len(component) + _limited(edges, len(found.node))[vertices]
        judgements.append(edges)

    beyond = np.flatnonzero(exceeding(whole, priority, rules))
    if len(beyond):
        take(beyond, NOTHING_SPLIT, None)
    cut = split.cut(component)
    if cut.any():
        around = contains(np.unique(whole[cut]), whole)
        judgements = [edges.only(~around[edges.left]) for edges in judgements]
        take(np.flatnonzero(around), split, cut)
    return component, judgements


def components(found: Vertices, together: Together) -> Ints:
    """Which vertices all evidence joins, whatever the limits."""
    owned = np.flatnonzero(found.owner)
    owner = found.at(found.owner[owned], np.zeros(len(owned), np.int64))
    left, right = found.at(together.a, together.at), found.at(together.b, together.at)
    known = (left >= 0) & (right >= 0)
    left, right = left[known], right[known]
    joins = ~apart(found, left, right)
    rows = np.concatenate([owned[owner >= 0], left[joins]])
    component: Ints = _connected(len(found.node), rows, np.concatenate([owner[owner >= 0], right[joins]]))
    return component


def _limited(edges: Edges, count: int) -> Ints:
    """Which of so many vertices statements join when limits and splits hold."""
    joins = edges.refused == JOINED
    component: Ints = _connected(count, edges.left[joins], edges.right[joins])
    return component


@numba.njit(cache=True)
def _connected(count: Any, left: Any, right: Any) -> Any:
    """The component of every vertex, named by its first: a union-find whose roots are the lowest vertices."""
    parent = np.arange(count)
    for edge in range(len(left)):
        one, other = left[edge], right[edge]
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        while parent[other] != other:
            parent[other] = parent[parent[other]]
            other = parent[other]
        parent[max(one, other)] = min(one, other)
    for vertex in range(count):
        parent[vertex] = parent[parent[vertex]]
    return parent


def _named(component: Ints, found: Vertices, priority: NDArray[np.int8]) -> Ints:
    """Name each component by its first vertex; the order of evidence plays no part."""
    head = _heads(component, component.max(initial=-1) + 1, priority)
    return vertex_id(found.node[head], found.since[head])


@numba.njit(cache=True)
def _heads(component: Any, components: Any, priority: Any) -> Any:
    """For each vertex the first of its component by (priority, node, since); they are sorted by the last two."""
    head = np.full(components, -1)
    for vertex in range(len(component)):
        first = head[component[vertex]]
        if first < 0 or priority[vertex] < priority[first]:
            head[component[vertex]] = vertex
    return head[component]


def listed(found: Vertices, person: Ints) -> Resolution:
    """The resolution as it is published: every vertex, and every hashed vertex id as a node of its own.

    The extra rows let an old person_id be looked up like any node after its person moved.
    """
    extra = np.flatnonzero(found.since != FROM_THE_BEGINNING)
    named = vertex_id(found.node[extra], found.since[extra])
    order = np.argsort(named)
    place = np.searchsorted(found.node, named[order])  # a hashed id is a node of its own: it stands between two others
    return Resolution(
        np.insert(found.node, place, named[order]),
        np.insert(found.since, place, FROM_THE_BEGINNING),
        np.insert(person, place, person[extra[order]]),
    )
