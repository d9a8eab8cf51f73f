"""Who is who, told again from the documentation in plain Python: slow, obvious, and without the product's code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

#: Before all instants.
BEGINNING = -(2**63)
_64 = 2**64 - 1


@dataclass(frozen=True)
class Sign:
    """Somebody signed in on a node (user > 0) or signed out (user = 0)."""

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
        if sign.user and untold:
            told = [(BEGINNING, sign.user)]
        elif sign.user != owner or untold:
            told = [*(one for one in told if one[0] != sign.at), (sign.at, sign.user)]
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


def resolve(ranks: Mapping[int, int], signs: Iterable[Sign], seen: Iterable[Seen]) -> Truth:
    """Everybody, from the rank of every node (0 = user_id) and all evidence; signs in the order of time."""
    by_node: dict[int, list[Sign]] = {node: [] for node in ranks}
    for sign in signs:
        by_node[sign.node].append(sign)
    owners = {(node, since): owner for node in ranks for since, owner in timeline(by_node[node])}
    group: dict[tuple[int, int], set[tuple[int, int]]] = {vertex: {vertex} for vertex in owners}

    def join(one: tuple[int, int], other: tuple[int, int]) -> None:
        both = group[one] | group[other]
        for vertex in both:
            group[vertex] = both

    def vertex_at(node: int, at: int) -> tuple[int, int]:
        return max(vertex for vertex in owners if vertex[0] == node and vertex[1] <= at)

    for vertex, owner in owners.items():
        if owner:
            join(vertex, (owner, BEGINNING))
    for pair in seen:
        one, other = vertex_at(pair.a, pair.at), vertex_at(pair.b, pair.at)
        if not (owners[one] and owners[other] and owners[one] != owners[other]):
            join(one, other)
    names = {v: vertex_id(*min(group[v], key=lambda v: (ranks[v[0]], v))) for v in owners}
    hashed = {(vertex_id(*v), BEGINNING): name for v, name in names.items() if v[1] != BEGINNING}
    return Truth(names | hashed)
