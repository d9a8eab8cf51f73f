"""What evidence may join: nobody above a limit, nor what was split by hand; it is taken in the order of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from qianmian.core.people import NAMESPACES
from qianmian.unify.identity.by_hand import Apart
from qianmian.unify.identity.intervals import Ints, Vertices, apart
from qianmian.unify.identity.rules import Rules

#: Why a statement joins nobody: its two intervals are signed in to different users; one of its identifiers is shared;
#: somebody split by hand what it would join; from `LIMIT` on, the person would have too many identifiers of the
#: namespace with the rank that is left over.
JOINED, APART, SHARED, SPLIT, LIMIT = 0, 1, 2, 3, 4
NOTHING_SPLIT = Apart(*(np.empty(0, np.int64),) * 2)


@dataclass(frozen=True)
class Statements:
    """What was said of pairs of nodes, in the order of (occurred_at, source, event_id).

    Attributes:
        a: the stronger node; the user who signed in.
        b: the weaker node.
        at: instant, microseconds.
        signed: whether it is a sign-in.
        shared: whether it was merely seen with a shared identifier.
    """

    a: Ints
    b: Ints
    at: Ints
    signed: NDArray[np.bool_]
    shared: NDArray[np.bool_]


@dataclass(frozen=True)
class Edges:
    """What statements mean for intervals, in their order; those about an unknown node are left out.

    Attributes:
        row: which statement.
        left: index of the vertex of its stronger node.
        right: index of the vertex of its weaker node.
        refused: `JOINED`, or why it joins nobody.
    """

    row: Ints
    left: Ints
    right: Ints
    refused: NDArray[np.int8]

    def only(self, keep: NDArray[np.bool_]) -> Edges:
        """Those that a mask keeps."""
        return Edges(self.row[keep], self.left[keep], self.right[keep], self.refused[keep])


def exceeding(component: Ints, priority: NDArray[np.int8], rules: Rules) -> NDArray[np.bool_]:
    """Which vertices belong to a component in which a limit could bind.

    A part of a component has no more identifiers than the whole: where the whole keeps every limit, nothing is refused.
    """
    beyond = np.zeros(component.max(initial=-1) + 1, np.bool_)
    for rank, most, _ in rules.limits_by_rank:
        beyond |= np.bincount(component[priority == rank], minlength=len(beyond)) > most
    return beyond[component]


def judged(
    found: Vertices,
    priority: NDArray[np.int8],
    statements: Statements,
    rules: Rules,
    split: Apart = NOTHING_SPLIT,
    cut: NDArray[np.bool_] | None = None,
) -> Edges:
    """What each statement means: which intervals it joins, or why it joins nobody.

    Args:
        found: the vertices, sorted by (node, since).
        priority: namespace priority of each vertex.
        statements: all that were made about every node that can be joined to one of theirs, in order.
        rules: whose limits hold.
        split: vertices that somebody held apart by hand.
        cut: which vertices are of somebody whom this cuts: there sign-ins, which say more, are taken first.
    """
    ends = found.at(statements.a, statements.at), found.at(statements.b, statements.at)
    row, left, right = _edges(found, statements, *ends)
    other = ~statements.signed[row] & apart(found, left, right)
    refused = np.where(statements.shared[row], SHARED, np.where(other, APART, JOINED)).astype(np.int8)
    named = np.zeros(len(found.node), np.bool_)
    named[left] = named[right] = True
    place = np.cumsum(named) - 1
    ranks, most, within = np.array(rules.limits_by_rank, np.int64).reshape(-1, 3).T.copy()
    first = _first_seen(found.node, statements.at, *ends) if within.any() else found.since
    forest = _forest(found.node[named], priority[named], first[named], ranks)
    told = named[split.left] & named[split.right]
    partners = _partners(place[split.left[told]], place[split.right[told]], len(forest.node))
    later = (cut[left] if cut is not None else np.zeros(len(row), bool)) & ~statements.signed[row]
    order = np.argsort(later, kind="stable")
    taken = refused[order]
    _take(forest, place[left[order]], place[right[order]], taken, (ranks, most, within), partners)
    refused[order] = taken
    return Edges(row, left, right, refused)


def _partners(left: Ints, right: Ints, count: int) -> tuple[Ints, Ints]:
    """Of each vertex, from which place on its partners stand, and all partners."""
    one, other = np.r_[left, right], np.r_[right, left]
    order = np.argsort(one, kind="stable")
    return np.searchsorted(one[order], np.arange(count + 1)), other[order]


def _edges(found: Vertices, statements: Statements, left: Ints, right: Ints) -> tuple[Ints, Ints, Ints]:
    """The statements about known nodes, in order, and the vertices of both ends.

    A sign-in speaks of the interval that it is in and, where it is the first, of the one before it that it reaches back
    over: at one instant more than one may have signed in.
    """
    known = (left >= 0) & (right >= 0)
    stands = known & (~statements.signed | (found.owner[right] == statements.a))
    before = np.maximum(right - 1, 0)
    reaches_back = known & statements.signed & (found.since[right] == statements.at)
    reaches_back &= (found.node[before] == statements.b) & (found.owner[before] == statements.a)
    row = np.concatenate([np.flatnonzero(stands), np.flatnonzero(reaches_back)])
    right = np.concatenate([right[stands], before[reaches_back]])
    order = np.argsort(row, kind="stable")
    return row[order], left[row[order]], right[order]


@numba.njit(cache=True)
def _first_seen(node: Any, at: Any, left: Any, right: Any) -> Any:
    """When the node of each vertex was first spoken of: statements are in the order of time."""
    first = np.full(len(node), np.iinfo(np.int64).max)
    begin = np.arange(len(node))
    for vertex in range(1, len(node)):
        if node[vertex] == node[vertex - 1]:
            begin[vertex] = begin[vertex - 1]
    for row in range(len(at)):
        for vertex in (left[row], right[row]):
            if vertex >= 0:
                first[begin[vertex]] = min(first[begin[vertex]], at[row])
    return first[begin]


class _Forest(NamedTuple):
    """Vertices in the components that edges made so far.

    Attributes:
        node: node_id; ascending.
        begin: the first vertex of the same node.
        column: which limit its namespace has; −1 = none.
        first: when the node was first spoken of.
        parent: a vertex nearer to the root of the component; the root's is itself.
        following: the next vertex of the component, in a circle.
    """

    node: Any
    begin: Any
    column: Any
    first: Any
    parent: Any
    following: Any


def _forest(node: Ints, priority: NDArray[np.int8], first: Ints, ranks: Ints) -> _Forest:
    place = np.arange(len(node))
    begin = place.copy()
    begin[1:][node[1:] == node[:-1]] = 0
    column = np.full(len(NAMESPACES) + 1, -1)
    column[ranks] = np.arange(len(ranks))
    return _Forest(node, np.maximum.accumulate(begin), column[priority], first, place, place.copy())


@numba.njit(cache=True)
def _root(parent: Any, vertex: Any) -> Any:
    while parent[vertex] != vertex:
        parent[vertex] = parent[parent[vertex]]
        vertex = parent[vertex]
    return vertex


@numba.njit(cache=True)
def _is_counted(forest: Any, vertex: Any, large: Any, small: Any) -> Any:
    """Whether a vertex of the smaller component is the first there of a node that the larger one has not."""
    place = forest.begin[vertex]
    while place < len(forest.node) and forest.node[place] == forest.node[vertex]:
        root = _root(forest.parent, place)
        if root == large or (root == small and place < vertex):
            return False
        place += 1
    return True


@numba.njit(cache=True)
def _added(forest: Any, large: Any, small: Any, counts: Any) -> None:
    """Count the nodes that a component brings to a larger one, by rank."""
    counts[:] = 0
    vertex = small
    while True:
        if forest.column[vertex] >= 0 and _is_counted(forest, vertex, large, small):
            counts[forest.column[vertex]] += 1
        vertex = forest.following[vertex]
        if vertex == small:
            return


@numba.njit(cache=True)
def _is_crowded(forest: Any, large: Any, small: Any, column: Any, nodes: Any, limit: Any) -> Any:
    """Whether more of the nodes that two components have under a limit were first seen within its span than may be."""
    most, span = limit
    seen, count = np.empty(nodes, np.int64), 0
    for root, other in ((large, -1), (small, large)):
        vertex = root
        while True:
            if forest.column[vertex] == column and _is_counted(forest, vertex, other, root):
                seen[count] = forest.first[vertex]
                count += 1
            vertex = forest.following[vertex]
            if vertex == root:
                break
    seen.sort()
    return (seen[most:] - seen[: nodes - most] < span).any()


@numba.njit(cache=True)
def _bound(forest: Any, large: Any, small: Any, held: Any, added: Any, limits: Any) -> Any:
    """The strongest rank of which two components together would have too many nodes; −1 = none."""
    ranks, most, within = limits
    for at in range(len(ranks)):
        nodes = held[large, at] + added[at]
        if nodes <= most[at]:
            continue
        if within[at] == 0 or _is_crowded(forest, large, small, at, nodes, (most[at], within[at])):
            return ranks[at]
    return -1


@numba.njit(cache=True)
def _is_split(forest: Any, large: Any, small: Any, partners: Any) -> Any:
    """Whether somebody held a vertex of one component apart from one of the other."""
    begin, partner = partners
    if not len(partner):
        return False
    vertex = small
    while True:
        for at in range(begin[vertex], begin[vertex + 1]):
            if _root(forest.parent, partner[at]) == large:
                return True
        vertex = forest.following[vertex]
        if vertex == small:
            return False


@numba.njit(cache=True)
def _take(forest: Any, left: Any, right: Any, refused: Any, limits: Any, partners: Any) -> None:
    """Take edges in their order, and mark those that would bring a component above a limit or join what was split."""
    size = np.ones(len(forest.node), np.int64)
    held = np.zeros((len(forest.node), len(limits[0])), np.int32)
    for vertex in range(len(forest.node)):
        if forest.column[vertex] >= 0:
            held[vertex, forest.column[vertex]] = 1
    added = np.zeros(len(limits[0]), np.int32)
    for edge in range(len(left)):
        large, small = _root(forest.parent, left[edge]), _root(forest.parent, right[edge])
        if refused[edge] or large == small:
            continue
        if size[large] < size[small]:
            large, small = small, large
        if _is_split(forest, large, small, partners):
            refused[edge] = SPLIT
            continue
        _added(forest, large, small, added)
        beyond = _bound(forest, large, small, held, added, limits)
        if beyond >= 0:
            refused[edge] = LIMIT + beyond
            continue
        forest.parent[small] = large
        size[large] += size[small]
        for at in range(len(added)):
            held[large, at] += added[at]
        forest.following[large], forest.following[small] = forest.following[small], forest.following[large]
