"""A condition as steps over bits: each takes people and keeps those who meet it.

What is narrowed already is handed on, so that a block in which nobody is left is not read. Steps are asked of some
blocks at a time: threads divide a build's people among them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from qianmian.query.tree import And, Between, Compare, Contains, In, IsNull, Not, Or, Tree
from qianmian.segment.index.codes import Range, ranges
from qianmian.segment.index.column import Column
from qianmian.segment.index.sets import People
from qianmian.segment.index.slices import add_between, add_listed

#: From so many ranges on, a code is put together person by person.
_MANY_RANGES = 48


class Step(Protocol):
    """One part of a condition."""

    @property
    def cost(self) -> int:
        """How many slices are read at most; cheap parts are asked first."""

    def met(self, among: People, blocks: slice) -> People:
        """Those of some people, all of these blocks, who meet it; a new set, or the one that was given."""


@dataclass(frozen=True)
class Kept:
    """A set that is known already."""

    people: People
    cost: int = 1

    def met(self, among: People, blocks: slice) -> People:
        """See `Step`."""
        return among & self.people[blocks]


@dataclass(frozen=True)
class Ranges:
    """A column's code is in one of some ranges, which do not overlap."""

    column: Column
    ranges: list[Range]

    @property
    def cost(self) -> int:
        """See `Step`."""
        return int(self.column.slices.shape[1]) * len(self.ranges)

    def met(self, among: People, blocks: slice) -> People:
        """See `Step`."""
        out, slices = np.zeros_like(among), self.column.slices[blocks]
        if len(self.ranges) < _MANY_RANGES:
            for low, high in self.ranges:
                add_between(slices, np.uint64(low), np.uint64(high), among, out)
        else:
            add_listed(slices, _flags(self.ranges, self.column.coding.top), among, out)
        return out


@dataclass(frozen=True)
class Every:
    """All of some steps."""

    steps: list[Step]

    @property
    def cost(self) -> int:
        """See `Step`."""
        return sum(step.cost for step in self.steps)

    def met(self, among: People, blocks: slice) -> People:
        """See `Step`."""
        for step in self.steps:
            among = step.met(among, blocks)
        return among


@dataclass(frozen=True)
class Some:
    """At least one of some steps."""

    steps: list[Step]

    @property
    def cost(self) -> int:
        """See `Step`."""
        return sum(step.cost for step in self.steps)

    def met(self, among: People, blocks: slice) -> People:
        """See `Step`: who met one is not asked the next."""
        rest = among
        for step in self.steps:
            rest = rest ^ step.met(rest, blocks)
        return among ^ rest


@dataclass(frozen=True)
class Others:
    """Who does not meet a step."""

    step: Step

    @property
    def cost(self) -> int:
        """See `Step`."""
        return self.step.cost

    def met(self, among: People, blocks: slice) -> People:
        """See `Step`."""
        return among ^ self.step.met(among, blocks)


def steps_of(tree: Tree, columns: Mapping[str, Column], known: Callable[[Tree], People]) -> Step:
    """The steps of a bound condition.

    Args:
        tree: the condition.
        columns: of each tag that it names, by name.
        known: who meets a part that is about no tag.
    """
    match tree:
        case And(terms):
            return Every(_cheapest_first(terms, columns, known))
        case Or(terms):
            return Some(_cheapest_first(terms, columns, known))
        case Not(term):
            return Others(steps_of(term, columns, known))
        case Compare() | In() | Between() | IsNull() | Contains():
            column = columns[tree.name]
            return Ranges(column, ranges(tree, column.coding))
        case _:
            return Kept(known(tree))


def _cheapest_first(
    terms: tuple[Tree, ...], columns: Mapping[str, Column], known: Callable[[Tree], People]
) -> list[Step]:
    return sorted((steps_of(term, columns, known) for term in terms), key=lambda step: step.cost)


def _flags(found: list[Range], top: int) -> NDArray[Any]:
    wanted = np.zeros(top + 1, np.bool_)
    for low, high in found:
        wanted[low : high + 1] = True
    return wanted
