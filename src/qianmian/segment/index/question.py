"""The index of one build: finds the people who meet a condition, and keeps what it needed for that.

Everything is made at the first question that needs it, and not by the build: values of tags are formulas that name the
build's day and totals, so that they are not stored; most tags are never asked for; and what is asked is asked again,
since an author changes one part of a condition at a time.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

from qianmian.profile.reading import Reading
from qianmian.query.parts import expanded, leaves_of
from qianmian.query.tree import And, Did, Friends, Journey, Member, Not, Operator, Or, Sequence, Tied, Tree, Within
from qianmian.segment.index import loading, sets
from qianmian.segment.index.column import Column
from qianmian.segment.index.numbering import Numbering
from qianmian.segment.index.sets import People
from qianmian.segment.index.shelf import Shelf
from qianmian.segment.index.steps import steps_of
from qianmian.segment.index.threads import Threads
from qianmian.segment.index.ties import Strengths, Ties

_MIB = 1 << 20
#: What leaves first is what nobody asked for longest; together they stay below 1.5 GiB.
COLUMNS_BYTES, ANSWERS_BYTES, TIES_BYTES = 768 * _MIB, 64 * _MIB, 640 * _MIB
#: A column has hardly more than so many bits a person; one scan of history tells so many people and parts.
_BITS, _FLAGS = 32, 100_000_000
#: A thread asks at least so many blocks: a quarter of a million people.
_LEAST_BLOCKS = 64
_COMPARE: dict[Operator, Callable[[Any, int], Any]] = {
    Operator.EQUAL: operator.eq,
    Operator.UNEQUAL: operator.ne,
    Operator.LESS: operator.lt,
    Operator.AT_MOST: operator.le,
    Operator.MORE: operator.gt,
    Operator.AT_LEAST: operator.ge,
}


class Index:
    """Columns, ties and answers of one build, within limits of memory; questions come from several threads."""

    def __init__(self, people: Numbering, threads: int, columns_bytes: int = COLUMNS_BYTES) -> None:
        """An index that holds nothing yet.

        Args:
            people: everybody of the build.
            threads: processor threads.
            columns_bytes: memory for columns; a condition that names more is asked term by term.
        """
        self.people = people
        self.threads = Threads(threads)
        self.most_columns = 8 * columns_bytes // (_BITS * max(1, len(people)))
        self.columns: Shelf[str, Column] = Shelf(columns_bytes)
        self.answers: Shelf[str, People] = Shelf(ANSWERS_BYTES)
        self.ties: Shelf[str, Any] = Shelf(TIES_BYTES)


def index_of(reading: Reading) -> Index:
    """The index of a reading's build, the same for all its questions."""
    found: Index = reading.once("index", lambda: _index(reading))
    return found


def _index(reading: Reading) -> Index:
    threads = reading.connection.execute("SELECT current_setting('threads')").fetchall()[0][0]
    return Index(loading.people(reading), int(threads))


@dataclass(frozen=True)
class Question:
    """Who asks an index, and what for.

    Attributes:
        index: of the reading's build.
        reading: what the index is filled from.
        purpose: what people are looked up for.
        check: raises `PurposeError` if it is not allowed.
    """

    index: Index
    reading: Reading
    purpose: str
    check: Callable[[str], None]

    def met(self, tree: Tree) -> People:
        """Those who meet a bound condition.

        Raises:
            PurposeError: from ``check``.
        """
        self.check(self.purpose)
        tree = expanded(tree)
        leaves = list(dict.fromkeys(leaves_of(tree)))
        known = self._answers([leaf for leaf in leaves if isinstance(leaf, _UNTAGGED)])
        names = {leaf.name for leaf in leaves if not isinstance(leaf, _UNTAGGED)}
        everybody = sets.everybody(len(self.index.people))
        if len(names) > self.index.most_columns and isinstance(tree, And | Or | Not):
            return self._by_term(tree, everybody)
        columns = self.index.columns.get(
            sorted(names), lambda some: loading.columns(self.reading, self.index.people, some, self.index.threads)
        )
        steps = steps_of(tree, columns, lambda leaf: known[str(leaf)])
        over = self.index.threads.over
        found = over(len(everybody), _LEAST_BLOCKS, lambda part: steps.met(everybody[part], part))
        return found[0] if len(found) == 1 else np.concatenate(found)

    def _by_term(self, tree: And | Or | Not, everybody: People) -> People:
        """Those who meet a condition of more tags than there is memory for: each term leaves a set, and no column."""
        if isinstance(tree, Not):
            return everybody ^ self.met(tree.term)
        combine = operator.and_ if isinstance(tree, And) else operator.or_
        return reduce(combine, map(self.met, tree.terms))

    def _answers(self, leaves: list[Any]) -> dict[str, People]:
        """Who meets each part that is about no tag, by its text: it says the same in every condition on this build."""
        by_text = {str(leaf): leaf for leaf in leaves}
        return self.index.answers.get(by_text, lambda texts: self._answered({text: by_text[text] for text in texts}))

    def _answered(self, leaves: dict[str, Any]) -> dict[str, People]:
        found = {text: self._tied(leaf) for text, leaf in leaves.items() if isinstance(leaf, Friends | Within)}
        rest = {text: leaf for text, leaf in leaves.items() if text not in found}
        together = max(1, _FLAGS // max(1, len(self.index.people)))
        for first in range(0, len(rest), together):
            some = dict(list(rest.items())[first : first + together])
            listed = loading.parts(self.reading, self.index.people, list(some.values()), self.purpose, self.check)
            found |= dict(zip(some, listed, strict=True))
        return found

    def _tied(self, social: Friends | Within) -> People:
        """Those tied as is asked to enough people who meet a condition, which is asked of the index too."""
        met, ties, threads = self.met(social.term), self._ties(), self.index.threads
        strength = self._strength(ties, social.tied)
        if isinstance(social, Within):
            return sets.of_flags(ties.within(social.tied, strength, met, social.hops, threads))
        counted = ties.counted(social.tied, strength, met, social.count + 1, threads)
        return sets.of_flags(_COMPARE[social.operator](counted, social.count))

    def _ties(self) -> Ties:
        def make(_: list[str]) -> dict[str, Ties]:
            return {"ties": loading.ties(self.reading, self.index.people, self._strangers())}

        found: Ties = self.index.ties.get(["ties"], make)["ties"]
        return found

    def _strength(self, ties: Ties, tied: Tied) -> Strengths:
        def make(_: list[str]) -> dict[str, Strengths]:
            return {"strength": loading.strengths(self.reading, ties, self.index.people, self._strangers())}

        if tied.strength is None:
            return np.empty(0)
        found: Strengths = self.index.ties.get(["strength"], make)["strength"]
        return found

    def _strangers(self) -> Numbering:
        found: Numbering = self.index.ties.get(["strangers"], lambda _: {"strangers": loading.strangers(self.reading)})[
            "strangers"
        ]
        return found


_UNTAGGED = Did | Sequence | Friends | Within | Member | Journey
