"""Why two identifiers are one person, or are not: the fewest statements that join them, or where their chain breaks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from enum import StrEnum
from heapq import heappop, heappush

import numpy as np
from numpy.typing import NDArray

from qianmian.unify.identity.by_hand import NO_DECISIONS, Decisions, kept_apart, places
from qianmian.unify.identity.intervals import FROM_THE_BEGINNING, Ints, Vertices, apart, contains, starts, vertices


class Said(StrEnum):
    """What a statement says of two identifiers; a sign-out speaks of one."""

    SIGNED_IN = "signed_in"
    TOGETHER = "together"
    PAID = "paid"
    SIGNED_OUT = "signed_out"
    BY_HAND = "by_hand"


#: What events say, in the order of the numbers by which `Statements.said` names them.
KINDS = (Said.SIGNED_IN, Said.TOGETHER, Said.PAID, Said.SIGNED_OUT)
_SIGNED_IN, _TOGETHER, _PAID, _SIGNED_OUT = range(len(KINDS))


@dataclass(frozen=True)
class Statements:
    """Evidence in its one order: by instant, then by source and event_id.

    Attributes:
        a: node that was signed in, seen or signed out.
        b: the other node; of a payment the order's; 0 in a sign-out.
        at: instant, microseconds.
        said: index into `KINDS`.
    """

    a: Ints
    b: Ints
    at: Ints
    said: NDArray[np.int8]


@dataclass(frozen=True)
class Edge:
    """Statements of one kind about the same two vertices.

    Attributes:
        left: index of a vertex.
        right: index of the other.
        said: what was said.
        joins: whether it makes them one person; else something stronger was said, or a rule holds them apart.
        statements: indexes of the statements, oldest first; none of what was decided by hand.
        by_rule: whether it would join them but for the identity rules.
        decision: number of the decision by hand that joins them, or but for which it would join them.
    """

    left: int
    right: int
    said: Said
    joins: bool
    statements: tuple[int, ...]
    by_rule: bool = False
    decision: int | None = None

    def touches(self, some: Set[int]) -> bool:
        """Whether one of its ends is among some vertices."""
        return self.left in some or self.right in some


@dataclass(frozen=True)
class Step:
    """One step of a chain, from a vertex to the next.

    Attributes:
        start: index of a vertex.
        end: index of the next.
        edge: index of the edge that leads there; None = the same identifier at another time, in other hands.
        joins: whether both are one person by this step; else the chain breaks here.
    """

    start: int
    end: int
    edge: int | None
    joins: bool


#: What a chain costs: breaks, then steps, then those that are no sign-in.
_Cost = tuple[int, int, int]
_HAND_OVER, _REFUSED, _FREE = (1, 1, 0), (1, 1, 1), (0, 0, 0)


@dataclass(frozen=True)
class Graph:
    """Vertices and the edges between them.

    Attributes:
        vertices: intervals of identifiers, sorted by (node, since).
        edges: in the order of their oldest statements.
    """

    vertices: Vertices
    edges: tuple[Edge, ...]
    _beside: list[list[int]] = field(init=False, repr=False, compare=False)
    _hub: Ints = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the edges by vertex, and the vertices by node: a hub stands for each node at any time."""
        beside: list[list[int]] = [[] for _ in self.vertices.node]
        for number, edge in enumerate(self.edges):
            for end in {edge.left, edge.right}:
                beside[end].append(number)
        first = starts(self.vertices.node)
        hub = np.searchsorted(first, np.arange(len(beside)), side="right") - 1
        object.__setattr__(self, "_beside", beside)
        object.__setattr__(self, "_hub", hub.astype(np.int64))

    def chain(self, sources: Sequence[int], targets: Sequence[int]) -> list[Step] | None:
        """The chain from one of some vertices to one of others that breaks least and is shortest.

        Of equally short ones it is the one with most sign-ins. None = nothing leads there.
        """
        came = self._reached(sources, breaks=True, until=frozenset(targets))
        ends = [one for one in targets if one in came]
        if not ends:
            return None
        return self._walked(came, min(ends, key=lambda one: (came[one][0], one)))

    def tree(self, source: int) -> list[Step]:
        """The shortest chains from a vertex to all that are one person with it, each step once, oldest first."""
        came = self._reached([source], breaks=False)
        steps = {step for one in came for step in self._walked(came, one)}
        return sorted(steps, key=lambda step: (self._oldest(step), step.end))

    def _reached(
        self, sources: Sequence[int], *, breaks: bool, until: frozenset[int] = frozenset()
    ) -> dict[int, tuple[_Cost, int, int | None]]:
        """Of each vertex or hub that can be reached: cost, where from, by which edge (Dijkstra 1959)."""
        came: dict[int, tuple[_Cost, int, int | None]] = {}
        waiting: list[tuple[_Cost, int, int, int]] = []
        for source in sources:
            heappush(waiting, (_FREE, source, source, -1))
        while waiting:
            cost, at, last, edge = heappop(waiting)
            if at in came:
                continue
            came[at] = (cost, last, None if edge < 0 else edge)
            if at in until:
                break
            for price, other, by in self._next(at, breaks=breaks):
                if other not in came:
                    total = (cost[0] + price[0], cost[1] + price[1], cost[2] + price[2])
                    heappush(waiting, (total, other, at, by))
        return came

    def _next(self, at: int, *, breaks: bool) -> Iterator[tuple[_Cost, int, int]]:
        count = len(self._beside)
        if at >= count:
            for other in np.flatnonzero(self._hub == at - count).tolist():
                yield _FREE, other, -1
            return
        for number in self._beside[at]:
            edge = self.edges[number]
            if edge.joins or breaks:
                price = (0, 1, int(edge.said is not Said.SIGNED_IN)) if edge.joins else _REFUSED
                yield price, edge.right if edge.left == at else edge.left, number
        if breaks:
            yield _HAND_OVER, count + int(self._hub[at]), -1

    def _oldest(self, step: Step) -> int:
        told = () if step.edge is None else self.edges[step.edge].statements
        return told[0] if told else -1

    def _walked(self, came: dict[int, tuple[_Cost, int, int | None]], end: int) -> list[Step]:
        """The steps that led to a vertex; a way over a hub is one step."""
        steps: list[Step] = []
        while came[end][1] != end:
            _, start, edge = came[end]
            if start >= len(self._beside):
                start = came[start][1]
            steps.append(Step(start, end, edge, edge is not None and self.edges[edge].joins))
            end = start
        return steps[::-1]


def graph(nodes: Ints, users: Ints, told: Statements, cuts: tuple[Ints, Ints] | None = None) -> Graph:
    """The graph of some evidence, joined and kept apart as `qianmian.unify.identity.resolve` does without rules.

    Args:
        nodes: every node that the evidence names, sorted and unique.
        users: those of them that are user_ids, sorted.
        told: the evidence.
        cuts: nodes and instants at which an interval begins for another reason than a sign-in or sign-out, sorted.
    """
    out = (told.said == _SIGNED_OUT) & ~contains(users, told.a)
    signed = np.flatnonzero((told.said == _SIGNED_IN) | out)
    is_in = told.said[signed] == _SIGNED_IN
    node, user = np.where(is_in, told.b[signed], told.a[signed]), np.where(is_in, told.a[signed], 0)
    cut, since = cuts or (np.empty(0, np.int64),) * 2
    node, at = np.concatenate([cut, node]), np.concatenate([since, told.at[signed]])
    user = np.concatenate([np.full(len(cut), -1), user])
    order = np.lexsort((at, node))  # stable: what is said of one instant stays in order, behind a cut there
    found = vertices(nodes, node[order], at[order], user[order])
    return Graph(found, tuple(_edges(found, told)))


def ruled(seen: Graph, persons: Ints, by_hand: Decisions = NO_DECISIONS) -> Graph:
    """The graph as identity rules and people left it: what would join two whom the build holds apart joins nobody.

    Args:
        seen: without rules and decisions.
        persons: person_id of each vertex by the build; 0 = it knows no such interval.
        by_hand: decisions that the build heard; its merges are edges too.
    """
    held = np.unique(seen.vertices.node[persons != 0])
    is_nobody = (persons == 0) & ~contains(held, seen.vertices.node)  # its value is blocked
    split = _split(seen.vertices, persons, by_hand)

    def judged(edge: Edge) -> Edge:
        ends = [edge.left, edge.right]
        one, other = persons[ends]
        if not edge.joins or not (is_nobody[ends].any() or (one and other and one != other)):
            return edge
        decision = split.get(frozenset((int(one), int(other))))
        return replace(edge, joins=False, by_rule=decision is None, decision=decision)

    edges = (*(judged(edge) for edge in seen.edges), *_merged(seen.vertices, persons, by_hand))
    return Graph(seen.vertices, edges)


def _split(found: Vertices, persons: Ints, by_hand: Decisions) -> dict[frozenset[int], int]:
    """The decision that holds two people apart."""
    told: dict[frozenset[int], int] = {}
    for one in by_hand.splits:
        pairs = kept_apart(found, [one])
        for left, right in zip(persons[pairs.left].tolist(), persons[pairs.right].tolist(), strict=True):
            told.setdefault(frozenset((left, right)), one.decision)
    return told


def _merged(found: Vertices, persons: Ints, by_hand: Decisions) -> Iterator[Edge]:
    for one in by_hand.merges:
        left, right = sorted(places(found, [one.one, one.other]))
        if left >= 0:
            joins = bool(persons[left] == persons[right] != 0)
            yield Edge(left, right, Said.BY_HAND, joins, (), decision=one.decision)


def _edges(found: Vertices, told: Statements) -> list[Edge]:
    pairs = np.flatnonzero(told.said != _SIGNED_OUT)
    said, at = told.said[pairs], told.at[pairs]
    left, right = found.at(told.a[pairs], at), found.at(told.b[pairs], at)
    first_in = np.flatnonzero(_first(told.b[pairs], said == _SIGNED_IN))
    before = found.at(told.b[pairs][first_in], np.full(len(first_in), FROM_THE_BEGINNING))
    own = found.owner[before] == told.a[pairs][first_in]  # what precedes the first sign-in is that person's
    right[first_in[own]] = before[own]
    joins = np.select(
        [said == _SIGNED_IN, said == _PAID],
        [found.owner[right] == told.a[pairs], _first(told.b[pairs], said == _PAID)],
        ~apart(found, left, right),
    )
    edges: dict[tuple[int, int, int, bool], list[int]] = {}
    ends = np.sort(np.stack([left, right]), axis=0)
    for low, high, kind, is_joined, number in zip(*ends.tolist(), *map(list, (said, joins, pairs)), strict=True):
        edges.setdefault((low, high, int(kind), bool(is_joined)), []).append(int(number))
    return [
        Edge(low, high, KINDS[kind], is_joined, tuple(some)) for (low, high, kind, is_joined), some in edges.items()
    ]


def _first(node: Ints, among: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether a statement is the first of some about its node: an order belongs to whoever paid it first."""
    told = np.zeros(len(node), bool)
    places = np.flatnonzero(among)
    told[places[np.unique(node[places], return_index=True)[1]]] = True
    return told
