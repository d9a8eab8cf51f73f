"""Ties in memory: for each person the others, as compressed sparse rows; counted and walked by compiled loops."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import numba
import numpy as np
from numpy.typing import NDArray

from qianmian.query.tree import Tied
from qianmian.segment.index.numbering import Ids, Numbering
from qianmian.segment.index.sets import WORDS, People
from qianmian.segment.index.threads import Threads

_NOBODY, _SEVERAL = -1, -2
#: Fewer are not worth a thread.
_LEAST_PEOPLE = 1 << 15

Strengths: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class Rows:
    """Some ties, each under one of its people.

    Attributes:
        person: person_id.
        other: person_id of who they are tied to.
        way: place of the tie's kind and direction in `Ties.ways`.
    """

    person: Ids
    other: Ids
    way: NDArray[np.uint8]


@dataclass(frozen=True)
class Ties:
    """Every tie under both of its people.

    Attributes:
        people: how many people of the build there are; they have the first numbers. Strangers, who are tied but have
            no profile, come after them.
        start: for each person the first of their ties, and after them the end.
        other: number of who they are tied to; ascending within a person.
        way: place of kind and direction in ``ways``.
        ways: (kind, direction) as ties have them.
    """

    people: int
    start: NDArray[np.int64]
    other: NDArray[np.int32]
    way: NDArray[np.uint8]
    ways: tuple[tuple[str, str], ...]

    @classmethod
    def of(
        cls, rows: Iterable[Rows], people: Numbering, strangers: Numbering, ways: tuple[tuple[str, str], ...]
    ) -> Ties:
        """Sort ties into rows of people; they are handed in by the piece, as memory is short."""
        start = np.zeros(len(people) + len(strangers) + 1, np.int64)
        numbered = []
        for piece in rows:
            person, other = (_numbers(ids, people, strangers) for ids in (piece.person, piece.other))
            start[1:] += np.bincount(person, minlength=len(start) - 1)
            numbered.append((person, other, piece.way))
        np.cumsum(start, out=start)
        packed, free = np.empty(start[-1], np.int64), start[:-1].copy()
        for columns in numbered:
            _place(*columns, free, packed)
        numbered.clear()
        other, way = np.empty(len(packed), np.int32), np.empty(len(packed), np.uint8)
        _settle(start, packed, other, way)
        return cls(len(people), start, other, way, ways)

    @property
    def nbytes(self) -> int:
        """Memory that they take."""
        return sum(array.nbytes for array in (self.start, self.other, self.way))

    def strengths(
        self, told: Iterable[tuple[Ids, Ids, Strengths]], people: Numbering, strangers: Numbering
    ) -> Strengths:
        """How close the two people of each tie are; -1 where nobody says.

        Args:
            told: (person_id, person_id of the other, strength) of pairs, by the piece.
            people: of the build.
            strangers: who have no profile.
        """
        close = np.full(len(self.other), -1.0)
        for person, other, strength in told:
            one, another = (_numbers(ids, people, strangers) for ids in (person, other))
            _note(self.start, self.other, one, another, strength, close)
        return close

    def counted(self, tied: Tied, strength: Strengths, met: People, most: int, threads: Threads) -> NDArray[np.int32]:
        """To how many people of a set each person is tied as is asked; counting ends at ``most``.

        Args:
            tied: which ties count.
            strength: see `strengths`; empty if it does not matter.
            met: the set.
            most: a number from which on it does not matter.
            threads: who counts.
        """
        out = np.zeros(self.people, np.int32)
        rest = (self.other, self.way, strength, self._allowed(tied), _least(tied), met, most)
        threads.over(self.people, _LEAST_PEOPLE, lambda part: _count(self._starts(part), *rest, out[part]))
        return out

    def within(self, tied: Tied, strength: Strengths, met: People, hops: int, threads: Threads) -> NDArray[np.bool_]:
        """Whether so few ties lead from each person to somebody else of a set; see `counted`.

        A way may lead back to where it began, so for each person it is kept whether they meet nobody, several, or whom
        alone.
        """
        rest = (self.other, self.way, strength, self._allowed(tied), _least(tied))
        before = _themselves(met, self.people, len(self.start) - 1)
        for _ in range(hops):
            after = before.copy()
            hop = partial(self._hopped, (*rest, before), after)
            threads.over(len(after), _LEAST_PEOPLE, hop)
            before = after
        known = before[: self.people]
        found: NDArray[np.bool_] = (known == _SEVERAL) | ((known != _NOBODY) & (known != np.arange(self.people)))
        return found

    def _hopped(self, rest: tuple[Any, Any, Any, Any, Any, Any], after: NDArray[np.int32], part: slice) -> None:
        _hop(self._starts(part), *rest, after[part])

    def _starts(self, part: slice) -> NDArray[np.int64]:
        return self.start[part.start : part.stop + 1]

    def _allowed(self, tied: Tied) -> NDArray[np.bool_]:
        """Which of the ways count."""
        return np.array(
            [
                (not tied.kinds or kind in tied.kinds)
                and (tied.direction is None or direction in {tied.direction, "both"})
                for kind, direction in self.ways
            ],
            np.bool_,
        )


def _least(tied: Tied) -> float:
    return -np.inf if tied.strength is None else float(tied.strength)


def _numbers(ids: Ids, people: Numbering, strangers: Numbering) -> NDArray[np.int32]:
    found = people.of_ids(ids)
    if len(strangers):
        strange = found < 0
        found[strange] = strangers.of_ids(ids[strange]) + len(people)
    return found.astype(np.int32)


@numba.njit(cache=True, nogil=True)
def _place(person: Any, other: Any, way: Any, free: Any, packed: Any) -> None:
    """Put ties under their people, each as one number that sorts by who the other is."""
    for row in range(len(person)):
        packed[free[person[row]]] = np.int64(other[row]) << 8 | np.int64(way[row])
        free[person[row]] += 1


@numba.njit(cache=True, nogil=True)
def _settle(start: Any, packed: Any, other: Any, way: Any) -> None:
    for person in range(len(start) - 1):
        packed[start[person] : start[person + 1]].sort()
    for tie in range(len(packed)):
        other[tie] = packed[tie] >> 8
        way[tie] = packed[tie] & 255


@numba.njit(cache=True, nogil=True)
def _note(start: Any, other: Any, persons: Any, others: Any, strength: Any, close: Any) -> None:
    for row in range(len(persons)):
        low, end = start[persons[row]], start[persons[row] + 1]
        high = end
        while low < high:
            middle = (low + high) // 2
            if other[middle] < others[row]:
                low = middle + 1
            else:
                high = middle
        while low < end and other[low] == others[row]:
            close[low] = strength[row]
            low += 1


@numba.njit(cache=True, nogil=True)
def _count(  # noqa: PLR0913, PLR0917  # numba takes arrays, not objects
    start: Any, other: Any, way: Any, strength: Any, allowed: Any, least: float, met: Any, most: int, out: Any
) -> None:
    for person in range(len(out)):
        last = -1
        for tie in range(start[person], start[person + 1]):
            one = other[tie]
            if one == last or not allowed[way[tie]] or (len(strength) and strength[tie] < least):
                continue
            last = one
            word = one // 64
            if word // WORDS < len(met) and met[word // WORDS, word % WORDS] >> np.uint64(one % 64) & np.uint64(1):
                out[person] += 1
                if out[person] == most:
                    break


@numba.njit(cache=True, nogil=True)
def _themselves(met: Any, people: int, everyone: int) -> Any:
    """Before the first hop those of the set meet themselves alone."""
    out = np.full(everyone, _NOBODY, np.int32)
    for person in range(people):
        word = person // 64
        if met[word // WORDS, word % WORDS] >> np.uint64(person % 64) & np.uint64(1):
            out[person] = person
    return out


@numba.njit(cache=True, nogil=True)
def _hop(  # noqa: PLR0913, PLR0917  # numba takes arrays, not objects
    start: Any, other: Any, way: Any, strength: Any, allowed: Any, least: float, before: Any, after: Any
) -> None:
    for person in range(len(after)):
        known = after[person]
        for tie in range(start[person], start[person + 1]):
            if known == _SEVERAL:
                break
            found = before[other[tie]]
            if found in (_NOBODY, known) or not allowed[way[tie]]:
                continue
            if len(strength) and strength[tie] < least:
                continue
            known = found if known == _NOBODY else _SEVERAL
        after[person] = known
