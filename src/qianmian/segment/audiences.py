"""Audiences: everybody who meets a condition, counted and listed over what the last build left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from qianmian.profile.reading import Reading
from qianmian.query.bind import bind
from qianmian.query.parse import parse
from qianmian.query.tree import And, Or, Tree
from qianmian.segment.index import sets
from qianmian.segment.index.question import Question, index_of
from qianmian.segment.index.sets import People


@dataclass(frozen=True)
class Audience:
    """A condition, bound for one reading.

    Attributes:
        condition: canonical text of the condition.
        tree: the bound condition.
        purpose: what the people are looked up for.
        check: raises if the purpose is not allowed; called whenever people are looked up.
    """

    condition: str
    tree: Tree
    purpose: str
    check: Callable[[str], None]

    def size(self, reading: Reading) -> int:
        """How many people meet the condition."""
        return sets.size(self._met(reading))

    def members(self, reading: Reading, limit: int | None = None) -> tuple[int, list[int]]:
        """How many meet the condition, and their person_ids, ascending.

        Args:
            reading: what the condition was bound for.
            limit: list at most so many.
        """
        met = self._met(reading)
        return sets.size(met), self._ids(reading, met, limit).tolist()

    def flags(self, reading: Reading) -> NDArray[np.bool_]:
        """Of everybody, in one order for all conditions on a reading, whether they meet it."""
        found = np.zeros(len(index_of(reading).people), np.bool_)
        found[sets.numbers(self._met(reading))] = True
        return found

    def show(self, reading: Reading, name: str) -> int:
        """Make a relation with the ``person_id`` of everybody who meets the condition; returns how many they are."""
        ids = self._ids(reading, self._met(reading))
        reading.connection.register(name, pa.table({"person_id": ids}))
        return len(ids)

    def size_of_each(self, reading: Reading) -> list[tuple[str, int]]:
        """How many people meet each clause of the condition by itself: its canonical text, and their number.

        The clauses are the terms of the outermost *and* or *or*; any other condition is its only clause.
        """
        clauses = self.tree.terms if isinstance(self.tree, And | Or) else (self.tree,)
        return [(str(clause), sets.size(self._met(reading, clause))) for clause in clauses]

    def _met(self, reading: Reading, tree: Tree | None = None) -> People:
        return Question(index_of(reading), reading, self.purpose, self.check).met(tree or self.tree)

    def _ids(self, reading: Reading, met: People, limit: int | None = None) -> NDArray[Any]:
        return index_of(reading).people.ids[sets.numbers(met, limit)]


def audience(reading: Reading, condition: str, *, purpose: str, check: Callable[[str], None]) -> Audience:
    """Read a condition and bind it.

    Args:
        reading: what the last build left.
        condition: text in the condition language.
        purpose: what the people are looked up for.
        check: raises if the purpose is not allowed; called before anything else.

    Raises:
        PurposeError: from ``check``.
        ConditionError: the text does not parse or names something unknown.
    """
    check(purpose)
    tree = parse(condition)
    return Audience(str(tree), bind(tree, reading.vocabulary), purpose, check)


def everybody(reading: Reading) -> int:
    """How many people have a profile."""
    return len(index_of(reading).people)
