"""How saved audiences overlap: two by two, and by who is in just which of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations as pairs_of

from qianmian.app.answers import Computed
from qianmian.app.audiences import SavedAudiences
from qianmian.app.shop import Shop
from qianmian.core.errors import InputError
from qianmian.segment.audiences import audience, everybody
from qianmian.segment.overlap import combinations

FEWEST, MOST = 2, 6
#: Of fewer people no share is told.
_LEAST_SHARED = 30


@dataclass(frozen=True)
class OverlapSide:
    """One of the audiences.

    Attributes:
        audience: its number.
        name: what its owner calls it.
        people: who are in it.
        condition: text of the condition that lists them.
    """

    audience: int
    name: str
    people: int
    condition: str


@dataclass(frozen=True)
class OverlapPair:
    """People who are in two of them, whatever else they are in.

    Attributes:
        first: number of one.
        second: number of the other.
        people: who are in both.
        of_first: their share in the first; None = fewer than 30 are in it.
        of_second: their share in the second, likewise.
        condition: text of the condition that lists them.
    """

    first: int
    second: int
    people: int
    of_first: float | None
    of_second: float | None
    condition: str


@dataclass(frozen=True)
class Intersection:
    """People who are in just some of them.

    Attributes:
        audiences: numbers of those that they are in; they are in no other.
        people: how many they are.
        share: in all who are in any of them; None = fewer than 30 are.
        condition: text of the condition that lists them.
    """

    audiences: list[int]
    people: int
    share: float | None
    condition: str


@dataclass(frozen=True)
class Overlap:
    """How audiences overlap.

    Attributes:
        audiences: in the order in which they were asked for.
        pairs: every two of them.
        intersections: the combinations that anybody has, the largest first.
        people: who are in any of them.
        of_people: people with a profile.
        computed: from which build.
    """

    audiences: list[OverlapSide]
    pairs: list[OverlapPair]
    intersections: list[Intersection]
    people: int
    of_people: int
    computed: Computed


def overlap(shop: Shop, numbers: Sequence[int], *, purpose: str) -> Overlap:
    """How saved audiences overlap.

    Raises:
        PurposeError: the purpose is not registered.
        InputError: they are fewer than 2 or more than 6, or one is named twice.
        UnknownNameError: there is none with such a number.
        ConditionError: one is deleted, or cannot be counted.
    """
    shop.workspace.purposes.check(purpose)
    if not FEWEST <= len(numbers) <= MOST or len(set(numbers)) < len(numbers):
        raise InputError("overlap_of", fewest=FEWEST, most=MOST)
    saved = SavedAudiences(shop.workspace.catalogue, shop.workspace.clock)
    names = {number: saved.get(number).name for number in numbers}
    with shop.asking(purpose) as (found, computed):
        check = shop.workspace.purposes.check
        asked = [audience(found, _in(number), purpose=purpose, check=check) for number in numbers]
        counts = [int(many) for many in combinations(found, asked)]
        of_people = everybody(found)
    sizes = {number: _among(counts, [at]) for at, number in enumerate(numbers)}
    sides = [OverlapSide(number, names[number], sizes[number], _in(number)) for number in numbers]
    pairs = [_pair(numbers, sizes, counts, at, other) for at, other in pairs_of(range(len(numbers)), 2)]
    anybody = sum(counts[1:])
    found_codes = sorted((code for code in range(1, len(counts)) if counts[code]), key=lambda code: -counts[code])
    just = [_intersection(numbers, counts, code, anybody) for code in found_codes]
    return Overlap(sides, pairs, just, anybody, of_people, computed)


def _pair(numbers: Sequence[int], sizes: dict[int, int], counts: Sequence[int], at: int, other: int) -> OverlapPair:
    first, second = numbers[at], numbers[other]
    both = _among(counts, [at, other])
    shares = (_share(both, sizes[first]), _share(both, sizes[second]))
    return OverlapPair(first, second, both, *shares, f"{_in(first)} and {_in(second)}")


def _intersection(numbers: Sequence[int], counts: Sequence[int], code: int, anybody: int) -> Intersection:
    inside = [number for bit, number in enumerate(numbers) if code >> bit & 1]
    terms = [_in(number) if number in inside else f"not {_in(number)}" for number in numbers]
    return Intersection(inside, counts[code], _share(counts[code], anybody), " and ".join(terms))


def _among(counts: Sequence[int], bits: Sequence[int]) -> int:
    """People of all combinations that hold some audiences."""
    wanted = sum(1 << bit for bit in bits)
    return sum(many for code, many in enumerate(counts) if code & wanted == wanted)


def _share(people: int, of: int) -> float | None:
    return people / of if of >= _LEAST_SHARED else None


def _in(number: int) -> str:
    return f"audience({number})"
