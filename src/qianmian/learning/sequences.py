"""Sequential patterns: which steps many people take one after another, counted for all candidates in one walk.

Candidates grow level by level (Srikant and Agrawal 1996, *Mining Sequential Patterns*, GSP): a path is counted only if
its first and its last part were frequent. All candidates of a level stand in one tree of prefixes (as in PrefixSpan,
Pei et al. 2001), through which each person's rows are walked once. For each node the walk keeps the latest beginning
from which the steps led to it; a later one never hurts, so that one pass finds whether a path was taken within the
time allowed. Counts are whole numbers of people and are summed, so no answer depends on how people are split.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

import numba
import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int64]
Path: TypeAlias = tuple[int, ...]
"""Tokens one after another; a token is a number from 1 on."""

_NEVER = np.iinfo(np.int64).min
#: People are compared with those who do about as much: a class of them ends at each of these numbers of events.
ACTIVITY = np.array(sorted({round(2 ** (half / 2)) for half in range(25)}), np.int64)
STRATA = len(ACTIVITY) + 1


@dataclass(frozen=True)
class Walks:
    """What people did, as tokens, sorted by (person, at, key).

    Attributes:
        person: whose row it is.
        at: when, in microseconds.
        key: event; rows of one event make one step, whichever tokens they have.
        token: what it is; 0 = something else, which counts as activity only.
        is_outcome: whether it is what a pattern may lead to.
    """

    person: Ints
    at: Ints
    key: Ints
    token: NDArray[np.int32]
    is_outcome: NDArray[np.bool_]


@dataclass(frozen=True)
class Tree:
    """Paths that share their beginnings, and which node each of them ends at.

    Attributes:
        paths: what it was made of.
        ends: node of each path.
        parent: of each node; node 0 is the beginning of all.
        token: of each node.
        start: ``start[depth, token]`` to ``start[depth, token + 1]`` lie in `order` the nodes of that depth and token.
        order: all nodes but the first.
    """

    paths: tuple[Path, ...]
    ends: Ints
    parent: Ints
    token: Ints
    start: Ints
    order: Ints

    def __len__(self) -> int:
        return len(self.parent)


def tree_of(paths: Iterable[Path]) -> Tree:
    """The tree of some paths, with a node for each of their beginnings.

    >>> tree = tree_of([(1, 2), (1, 2, 1), (2,)])
    >>> tree.ends.tolist(), tree.parent.tolist(), tree.token.tolist()
    ([2, 3, 4], [0, 0, 1, 2, 0], [0, 1, 2, 1, 2])
    """
    listed = tuple(paths)
    known: dict[Path, int] = {(): 0}
    for path in listed:
        for length in range(1, len(path) + 1):
            known.setdefault(path[:length], len(known))
    parent = np.array([known[path[:-1]] for path in known], np.int64)
    token = np.array([path[-1] if path else 0 for path in known], np.int64)
    depth = np.array([len(path) for path in known], np.int64)
    tokens = int(token.max()) + 2
    place = depth * tokens + token
    order = np.argsort(place, kind="stable")[1:]
    start = np.searchsorted(place[order], np.arange((int(depth.max()) + 1) * tokens)).reshape(-1, tokens)
    ends = np.array([known[path] for path in listed], np.int64)
    return Tree(listed, ends, parent, token, start.astype(np.int64), order.astype(np.int64))


def counted(walks: Walks, tree: Tree, longest: int) -> Ints:
    """How many people took each node's path, from its first step to its last within so many microseconds."""
    nobody = np.zeros((0, 0, 0), np.int64)
    return _counted(walks, tree, longest, (0, 0), nobody)


def compared(walks: Walks, tree: Tree, longest: int, after: int, end: int) -> Ints:
    """What came after each path, and after its beginning with another step instead of the last: sums, to be added.

    Somebody counts for a path from the first time that it was whole; for its beginning alone, if it never was whole,
    from the first thing done after the first time of the beginning, in the time allowed: who did nothing more did not
    come back, and whoever is compared with them comes out well. Whoever's time after that is not over by ``end``
    counts for neither. One step alone is compared with people who never took it, from the first thing they did.

    Args:
        walks: rows of some people, all rows of each.
        tree: the paths.
        longest: see `counted`.
        after: microseconds in which the outcome counts.
        end: until when everything is known, in microseconds.

    Returns:
        By node, by class of activity, four numbers: people who took the path, those of them with the outcome, people
        with its beginning who went on otherwise, those of them with the outcome.
    """
    sums = np.zeros((len(tree), STRATA, 4), np.int64)
    _counted(walks, tree, longest, (after, end), sums)
    return sums


def _counted(walks: Walks, tree: Tree, longest: int, times: tuple[int, int], sums: Ints) -> Ints:
    people = np.zeros(len(tree), np.int64)
    rows = walks.person, walks.at, walks.key, walks.token, walks.is_outcome
    children = np.argsort(tree.parent[1:], kind="stable") + 1
    of_parent = np.searchsorted(tree.parent[children], np.arange(len(tree) + 1))
    nodes = tree.parent, tree.start, tree.order, children, of_parent
    _walk(rows, nodes, (longest, *times), people, sums, ACTIVITY)
    return people


@numba.njit(cache=True, nogil=True)
def _walk(rows: Any, nodes: Any, limits: Any, people: Any, sums: Any, activity: Any) -> None:
    """Walk everybody's rows once, event by event; at the end of each person, tell what they did and forget it."""
    person, at, key, token, is_outcome = rows
    begun, first = np.full(len(people), _NEVER, np.int64), np.full(len(people), _NEVER, np.int64)
    touched, many = np.empty(len(people), np.int64), 0
    row, from_row, events = 0, 0, 0
    while row < len(person):
        stop, outcome = row + 1, is_outcome[row]
        while stop < len(person) and key[stop] == key[row] and person[stop] == person[row]:
            outcome |= is_outcome[stop]
            stop += 1
        events += not outcome
        many = _step(token[row:stop], at[row], nodes, limits[0], (begun, first, touched), many)
        if stop == len(person) or person[stop] != person[row]:
            for place in range(many):
                people[touched[place]] += 1
            if len(sums):
                stratum = np.searchsorted(activity, events, side="right")
                span = at[from_row:stop], is_outcome[from_row:stop]
                _tell(span, nodes, limits, first, touched[:many], sums[:, stratum])
            for place in range(many):
                begun[touched[place]] = first[touched[place]] = _NEVER
            many, events, from_row = 0, 0, stop
        row = stop


@numba.njit(cache=True, nogil=True)
def _step(tokens: Any, at: int, nodes: Any, longest: int, state: Any, many: int) -> int:
    """Let one event go on with every path that it can; the deepest first, so that it makes one step of each."""
    begun, first, touched = state
    parent, start, order = nodes[0], nodes[1], nodes[2]
    for depth in range(len(start) - 1, 0, -1):
        for token in tokens:
            if token < 1 or token + 1 >= start.shape[1]:
                continue
            for place in range(start[depth, token], start[depth, token + 1]):
                node = order[place]
                since = at if depth == 1 else begun[parent[node]]
                if since == _NEVER or at - since > longest:
                    continue
                begun[node] = max(begun[node], since)
                if first[node] == _NEVER:
                    first[node] = at
                    touched[many] = node
                    many += 1
    return many


@numba.njit(cache=True, nogil=True)
def _tell(span: Any, nodes: Any, limits: Any, first: Any, touched: Any, sums: Any) -> None:
    """Add one person to the sums of the paths they took, and of those of which they took all but the last step."""
    longest, after, end = limits
    _otherwise(_goes_on(span, _NEVER, longest), 0, (span, first), nodes, limits, sums)
    for node in touched:
        if first[node] + after <= end:
            sums[node, 0] += 1
            sums[node, 1] += _comes(span, first[node], after)
        _otherwise(_goes_on(span, first[node], longest), node, (span, first), nodes, limits, sums)


@numba.njit(cache=True, nogil=True)
def _otherwise(since: int, node: int, life: Any, nodes: Any, limits: Any, sums: Any) -> None:
    """Add one person, who went on at an instant, to the sums of the paths on from a node that they never took."""
    (span, first), children, of_parent = life, nodes[3], nodes[4]
    if since == _NEVER or since + limits[1] > limits[2]:
        return
    came = _comes(span, since, limits[1])
    for place in range(of_parent[node], of_parent[node + 1]):
        child = children[place]
        if first[child] == _NEVER:
            sums[child, 2] += 1
            sums[child, 3] += came


@numba.njit(cache=True, nogil=True)
def _goes_on(span: Any, since: int, longest: int) -> int:
    """When something else than the outcome is done next."""
    at, is_outcome = span
    for row in range(np.searchsorted(at, since, side="right"), len(at)):
        if since != _NEVER and at[row] - since > longest:
            return _NEVER
        if not is_outcome[row]:
            return at[row]  # type: ignore[no-any-return]
    return _NEVER


@numba.njit(cache=True, nogil=True)
def _comes(span: Any, since: int, after: int) -> bool:
    at, is_outcome = span
    for row in range(np.searchsorted(at, since, side="right"), len(at)):
        if at[row] - since > after:
            return False
        if is_outcome[row]:
            return True
    return False


def candidates(frequent: Iterable[Path]) -> list[Path]:
    """Paths one step longer whose beginning and end are frequent, in order; no step follows itself.

    >>> candidates([(1,), (2,)]), candidates([(1, 2), (2, 1)])
    ([(1, 2), (2, 1)], [(1, 2, 1), (2, 1, 2)])
    """
    by_beginning: dict[Path, list[Path]] = defaultdict(list)
    known = sorted(frequent)
    for path in known:
        by_beginning[path[:-1]].append(path)
    joined = ((*path, other[-1]) for path in known for other in by_beginning[path[1:]])
    return [path for path in joined if all(one != other for one, other in pairwise(path))]


def contains(path: Sequence[int], part: Sequence[int]) -> bool:
    """Whether the steps of a part all stand in a path, in their order.

    >>> contains((1, 2, 3), (1, 3)), contains((1, 2, 3), (3, 1))
    (True, False)
    """
    steps = iter(path)
    return all(token in steps for token in part)


def closed(people: Mapping[Path, int]) -> list[Path]:
    """The paths that tell something: no longer path that contains one is taken by as many people.

    >>> closed({(1, 2): 5, (1, 2, 3): 5, (1, 3): 7})
    [(1, 3), (1, 2, 3)]
    """
    by_people: dict[int, list[Path]] = defaultdict(list)
    for path, many in people.items():
        by_people[many].append(path)

    def is_closed(path: Path) -> bool:
        rivals = (other for other in by_people[people[path]] if len(other) > len(path))
        return not any(contains(other, path) for other in rivals)

    return sorted(filter(is_closed, people), key=lambda path: (len(path), path))
