"""Who is who, told again from the documentation in plain Python: slow, obvious, and without the product's code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

#: Before all instants.
BEGINNING = -(2**63)
_64 = 2**64 - 1


@dataclass(frozen=True)
class Sign:
    """Somebody signed in on a node (user > 0), signed out (user = 0), or came to hold it unseen (user < 0)."""

    node: int
    at: int
    user: int


@dataclass(frozen=True)
class Seen:
    """Two nodes on one event."""

    a: int
    b: int
    at: int


def timeline(signs: Iterable[Sign]) -> list[tuple[int, int]]:
    """The intervals of one node as (since, owner), from its sign-ins and sign-outs in their order."""
    told = [(BEGINNING, 0)]
    for sign in signs:
        since, owner = told[-1]
        untold = since == BEGINNING and owner == 0
        if sign.user > 0 and untold:
            told = [(BEGINNING, sign.user)]
        elif sign.user != owner or untold:
            told = [*(one for one in told if one[0] != sign.at), (sign.at, max(sign.user, 0))]
    return told


def vertex_id(node: int, since: int) -> int:
    """The node itself, or SplitMix64 of both numbers in 63 bits."""
    if since == BEGINNING:
        return node
    return _mix((node + _mix(since & _64)) & _64) >> 1


def _mix(number: int) -> int:
    number = (number + 0x9E3779B97F4A7C15) & _64
    number = ((number ^ (number >> 30)) * 0xBF58476D1CE4E5B9) & _64
    number = ((number ^ (number >> 27)) * 0x94D049BB133111EB) & _64
    return number ^ (number >> 31)


@dataclass(frozen=True)
class Truth:
    """Whose each (node, since) is."""

    persons: Mapping[tuple[int, int], int]

    def at(self, node: int, at: int) -> int:
        """The person of a node at an instant; 0 if the node is unknown."""
        sinces = [since for known, since in self.persons if known == node and since <= at]
        return self.persons[node, max(sinces)] if sinces else 0


#: How many nodes of a rank somebody may have: of those first seen within a span; 0 = ever.
Limits = Mapping[int, tuple[int, int]]


Vertex = tuple[int, int]


@dataclass(frozen=True)
class Merged:
    """Two vertices are one person's, by hand; accounts of two only if that was said."""

    one: Vertex
    other: Vertex
    accounts_too: bool


@dataclass(frozen=True)
class ByHand:
    """What people decided: merges in their order, and pairs of nodes whose vertices must not be one.

    Attributes:
        merged: merges.
        apart: a vertex, and another from which on every vertex of its node is held apart from the first.
    """

    merged: tuple[Merged, ...] = ()
    apart: tuple[tuple[Vertex, Vertex], ...] = ()


NOTHING = ByHand()


@dataclass
class _Groups:
    """Vertices in groups that grow, none above a limit, none with a pair that must not be one."""

    group: dict[tuple[int, int], set[tuple[int, int]]]
    ranks: Mapping[int, int]
    first: Mapping[int, int]
    limits: Limits
    apart: set[frozenset[Vertex]]

    def join(self, one: tuple[int, int], other: tuple[int, int]) -> None:
        both = self.group[one] | self.group[other]
        if self.group[one] is self.group[other] or not (
            any(map(self.is_beyond, [both] * len(self.limits), self.limits)) or self.is_apart(both)
        ):
            self.unite(both)

    def unite(self, both: set[Vertex]) -> None:
        for vertex in both:
            self.group[vertex] = both

    def merge(self, one: Vertex, other: Vertex, *, accounts_too: bool) -> None:
        mine, theirs = ({node for node, _ in self.group[end] if self.ranks[node] == 0} for end in (one, other))
        both = self.group[one] | self.group[other]
        if not self.is_apart(both) and (accounts_too or mine <= theirs or theirs <= mine):
            self.unite(both)

    def is_apart(self, vertices: set[Vertex]) -> bool:
        return any(pair <= vertices for pair in self.apart)

    def is_beyond(self, vertices: set[tuple[int, int]], rank: int) -> bool:
        most, span = self.limits[rank]
        instants = [self.first[node] for node in {node for node, _ in vertices} if self.ranks[node] == rank]
        return any(sum(at <= one and (not span or one - at < span) for one in instants) > most for at in instants)


def _first_seen(pairs: Iterable[Seen]) -> dict[int, int]:
    first: dict[int, int] = {}
    for pair in pairs:
        for node in (pair.a, pair.b):
            first[node] = min(pair.at, first.get(node, pair.at))
    return first


def _apart(
    by_hand: ByHand, vertices: Iterable[Vertex], vertex_at: Callable[[int, int], Vertex]
) -> set[frozenset[Vertex]]:
    pairs = [(vertex_at(*one), vertex_at(*other)) for one, other in by_hand.apart]
    goes = ((one, vertex) for one, other in pairs for vertex in vertices if vertex[0] == other[0] and vertex >= other)
    return {frozenset(pair) for pair in goes if pair[0] != pair[1]}


def resolve(
    ranks: Mapping[int, int],
    signs: Iterable[Sign],
    seen: Iterable[Seen],
    limits: Limits | None = None,
    by_hand: ByHand = NOTHING,
) -> Truth:
    """Everybody, from the rank of every node (0 = user_id) and all evidence in the order of time.

    Where limits hold, evidence is taken in that order too; of one instant, sign-ins come first. Of whoever would be one
    person although split by hand, all sign-ins come first. Merges come last.
    """
    signs, seen = list(signs), list(seen)
    by_node = {node: [sign for sign in signs if sign.node == node] for node in ranks}
    owners = {(node, since): owner for node in ranks for since, owner in timeline(by_node[node])}
    signed = [Seen(sign.user, sign.node, sign.at) for some in by_node.values() for sign in some if sign.user > 0]
    first = _first_seen([*signed, *seen])
    groups = _Groups({vertex: {vertex} for vertex in owners}, ranks, first, limits or {}, set())
    unsplit = _Groups({vertex: {vertex} for vertex in owners}, ranks, first, limits or {}, set())

    def vertex_at(node: int, at: int) -> tuple[int, int]:
        return max(vertex for vertex in owners if vertex[0] == node and vertex[1] <= at)

    def take(into: _Groups, pair: Seen) -> None:
        one, other = vertex_at(pair.a, pair.at), vertex_at(pair.b, pair.at)
        if ranks[pair.a] == 0:
            for vertex in (other, vertex_at(pair.b, pair.at - 1)):
                if owners[vertex] == pair.a:
                    into.join(vertex, one)
        elif not (owners[one] and owners[other] and owners[one] != owners[other]):
            into.join(one, other)

    told = sorted([*sorted(signed, key=lambda one: one.at), *seen], key=lambda one: one.at)
    for pair in told:
        take(unsplit, pair)
    groups.apart = _apart(by_hand, owners, vertex_at)
    cut = {vertex for vertex in owners if groups.is_apart(unsplit.group[vertex])}
    for pair in sorted(told, key=lambda pair: ranks[pair.a] != 0 and vertex_at(pair.a, pair.at) in cut):
        take(groups, pair)
    for merge in by_hand.merged:
        groups.merge(vertex_at(*merge.one), vertex_at(*merge.other), accounts_too=merge.accounts_too)
    return _named(groups, ranks)


def _named(groups: _Groups, ranks: Mapping[int, int]) -> Truth:
    names = {v: vertex_id(*min(group, key=lambda v: (ranks[v[0]], v))) for v, group in groups.group.items()}
    hashed = {(vertex_id(*v), BEGINNING): name for v, name in names.items() if v[1] != BEGINNING}
    return Truth(names | hashed)
