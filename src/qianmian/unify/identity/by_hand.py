"""What people decided by hand: that two identifiers are one person's, or that they are not."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qianmian.unify.identity.intervals import Ints, Vertices, contains


class End(NamedTuple):
    """An identifier in the time that holds an instant.

    Attributes:
        node: node_id.
        at: microseconds; `FROM_THE_BEGINNING` = its first time.
    """

    node: int
    at: int


@dataclass(frozen=True)
class Merge:
    """Two identifiers are one person's.

    Attributes:
        decision: number of the decision.
        one: one of them.
        other: the other.
        accounts_too: whether it also joins people who have accounts, each another one.
    """

    decision: int
    one: End
    other: End
    accounts_too: bool = False


@dataclass(frozen=True)
class Split:
    """Identifiers are not the person's who has another one.

    Attributes:
        decision: number of the decision.
        one: what stays.
        others: what goes, each from the time that holds its instant on.
        cut_at: instant from which on they are somebody else's, where somebody named one; microseconds.
    """

    decision: int
    one: End
    others: tuple[End, ...]
    cut_at: int | None = None


@dataclass(frozen=True)
class Decisions:
    """All decisions that stand, each kind in the order in which they were taken."""

    merges: tuple[Merge, ...] = ()
    splits: tuple[Split, ...] = ()

    def to_json(self) -> str:
        """As a parameter of a task."""
        return json.dumps(asdict(self))

    @staticmethod
    def from_json(text: str) -> Decisions:
        """The inverse of `to_json`."""
        told = json.loads(text)
        merges = (Merge(**{**one, "one": End(*one["one"]), "other": End(*one["other"])}) for one in told["merges"])
        splits = (
            Split(**{**one, "one": End(*one["one"]), "others": tuple(End(*end) for end in one["others"])})
            for one in told["splits"]
        )
        return Decisions(tuple(merges), tuple(splits))

    def cuts(self) -> tuple[Ints, Ints]:
        """Nodes, and the instants from which somebody said that they are somebody else's."""
        told = [(end.node, one.cut_at) for one in self.splits if one.cut_at is not None for end in one.others]
        node, at = np.array(told, np.int64).reshape(-1, 2).T
        return node, at


#: Nobody decided anything.
NO_DECISIONS = Decisions()


@dataclass(frozen=True)
class Apart:
    """Pairs of vertices that must not be one person's, by index.

    Attributes:
        left: one of each pair.
        right: the other.
    """

    left: Ints
    right: Ints

    def cut(self, component: Ints) -> NDArray[np.bool_]:
        """Which vertices belong to a component that a pair of them cuts."""
        together = component[self.left] == component[self.right]
        return contains(np.unique(component[self.left[together]]), component)


def kept_apart(found: Vertices, splits: Iterable[Split]) -> Apart:
    """The pairs that splits name; those about unknown nodes are left out."""
    pairs = [pair for one in splits for end in one.others for pair in _pairs(found, one.one, end)]
    left, right = np.array(pairs, np.int64).reshape(-1, 2).T
    return Apart(left, right)


def _pairs(found: Vertices, one: End, other: End) -> list[tuple[int, int]]:
    stays, first = places(found, [one, other])
    if stays < 0 or first < 0:
        return []
    after = int(np.searchsorted(found.node, other.node, side="right"))
    return [(stays, place) for place in range(first, after) if place != stays]


def places(found: Vertices, ends: Sequence[End]) -> list[int]:
    """Indexes of the vertices that are meant; −1 = the node is unknown."""
    node, at = np.array(ends, np.int64).reshape(-1, 2).T
    told: list[int] = found.at(node.copy(), at.copy()).tolist()
    return told


def united(component: Ints, found: Vertices, priority: NDArray[np.int8], merges: Sequence[Merge], apart: Apart) -> Ints:
    """The components after merges by hand, in their order.

    A merge that would join what a split holds apart, or accounts without saying so, joins nobody: evidence that came
    after it speaks against it.

    Args:
        component: of each vertex, by evidence.
        found: the vertices.
        priority: namespace priority of each vertex; 0 = a user_id.
        merges: in the order in which they were decided.
        apart: pairs that must not be one.
    """
    left, right = (places(found, [getattr(one, end) for one in merges]) for end in ("one", "other"))
    told = [(int(component[a]), int(component[b]), one) for a, b, one in zip(left, right, merges, strict=True)
            if a >= 0 and b >= 0]  # fmt: skip
    groups = _Groups(component, found, priority, apart, {end for a, b, _ in told for end in (a, b)})
    for a, b, one in told:
        groups.join(a, b, accounts_too=one.accounts_too)
    return groups.named(component)


class _Groups:
    """Components that merges join: who has accounts there, and which may not come together."""

    def __init__(
        self, component: Ints, found: Vertices, priority: NDArray[np.int8], apart: Apart, ends: set[int]
    ) -> None:
        self.root = {end: end for end in ends}
        self.parts = {end: {end} for end in ends}
        self.accounts: defaultdict[int, set[int]] = defaultdict(set)
        here = np.flatnonzero(contains(np.array(sorted(ends), np.int64), component) & (priority == 0))
        for end, user in zip(component[here].tolist(), found.node[here].tolist(), strict=True):
            self.accounts[end].add(user)
        self.refused: defaultdict[int, set[int]] = defaultdict(set)
        for one, other in zip(component[apart.left].tolist(), component[apart.right].tolist(), strict=True):
            self.refused[one].add(other)
            self.refused[other].add(one)

    def join(self, one: int, other: int, *, accounts_too: bool) -> None:
        one, other = self.root[one], self.root[other]
        if one == other or any(self.refused[part] & self.parts[other] for part in self.parts[one]):
            return
        mine, theirs = self.accounts[one], self.accounts[other]
        if not accounts_too and not (mine <= theirs or theirs <= mine):
            return
        self.parts[one] |= self.parts.pop(other)
        self.accounts[one] = mine | theirs
        for part in self.parts[one]:
            self.root[part] = one

    def named(self, component: Ints) -> Ints:
        name = np.arange(component.max(initial=-1) + 1)
        for part, root in self.root.items():
            name[part] = root
        return name[component]
