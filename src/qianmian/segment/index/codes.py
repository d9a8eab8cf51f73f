"""Codes: small unsigned numbers in the order of the values. 0 stands for an empty field, values have codes from 1.

An empty field thus lies in no range of values, as a condition means it, and being empty is a range as well.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import floor
from typing import Any, Protocol, TypeAlias

import numba
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from qianmian.core.tables import Type
from qianmian.query.tree import Atom, Between, Compare, Contains, In, IsNull, Operator, Value
from qianmian.segment.index.keys import Keys, key_of

Codes: TypeAlias = NDArray[np.uint32]
Range: TypeAlias = tuple[int, int]
"""The lowest and the highest of neighbouring codes; empty if it ends before it begins."""

_MOST_LINEAR = 2**63 - 2  # one code more is for empty, and the highest must fit beside it
_WIDE_BITS = 24
_SAMPLE = 1 << 16


class Coding(Protocol):
    """What codes of a column mean."""

    @property
    def top(self) -> int:
        """The highest code."""

    @property
    def nbytes(self) -> int:
        """Memory that it takes."""

    def up_to(self, value: Value) -> Range:
        """The highest codes of what is below a value, and of what is at most it."""

    def containing(self, text: str) -> list[int]:
        """The codes of texts that contain a text."""


@dataclass(frozen=True)
class Linear:
    """Keys counted from the lowest one in steps that all of them keep: cents, whole hours, midnights."""

    of: Type
    low: int
    step: int
    top: int
    nbytes: int = 0

    def up_to(self, value: Value) -> Range:
        """See `Coding`."""
        steps = (key_of(value, self.of) - self.low) / self.step
        at_most = floor(steps)
        below = at_most - 1 if steps == at_most else at_most
        return min(max(below + 1, 0), self.top), min(max(at_most + 1, 0), self.top)

    def containing(self, text: str) -> list[int]:
        """Numbers contain no text: bind refuses it."""
        raise TypeError(f"a number does not contain {text!r}")


@dataclass(frozen=True)
class Ranked:
    """Each value that occurs, in order: of texts, and of numbers that are few but lie far apart."""

    of: Type
    values: pa.Array

    @property
    def top(self) -> int:
        """See `Coding`."""
        return len(self.values)

    @property
    def nbytes(self) -> int:
        """See `Coding`."""
        return int(self.values.nbytes)

    def up_to(self, value: Value) -> Range:
        """See `Coding`."""
        wanted: str | Fraction = value if isinstance(value, str) else key_of(value, self.of)
        below = bisect_left(self.values, wanted, key=_plain)
        return below, below + (below < self.top and _plain(self.values[below]) == wanted)

    def containing(self, text: str) -> list[int]:
        """See `Coding`."""
        found: list[int] = (np.flatnonzero(pc.match_substring(self.values, text)) + 1).tolist()
        return found


def _plain(value: pa.Scalar) -> Any:
    return value.as_py()


def linear(keys: Keys, filled: NDArray[np.bool_], of: Type) -> Linear | None:
    """What codes of keys mean if they are counted; None if a list of the values is shorter, or has to be.

    Args:
        keys: one a person.
        filled: where there is one.
        of: type of the column.
    """
    low, high, step = map(int, _extent(keys, filled))
    if high < low:
        return Linear(of, 0, 1, 0)
    top = (high - low) // step + 1
    sample = keys[:_SAMPLE][filled[:_SAMPLE]]
    # a double has 60 bits, a hundred of them have seven
    are_few = top.bit_length() > _WIDE_BITS and len(np.unique(sample)) < len(sample) // 16
    return None if top > _MOST_LINEAR or are_few else Linear(of, low, step, top)


def ranked(column: pa.ChunkedArray, of: Type) -> tuple[Codes, Ranked]:
    """The codes of a column, row by row, and the list of its values.

    Args:
        column: pieces of rows, each with a dictionary of its own.
        of: type of the column.
    """
    encoded = column.unify_dictionaries()
    values = encoded.chunk(0).dictionary if encoded.num_chunks else column.type.value_type
    values = values if isinstance(values, pa.Array) else pa.array([], values)
    order = pc.sort_indices(values).to_numpy()
    rank = np.zeros(len(order) + 1, np.uint32)
    rank[order] = np.arange(1, len(order) + 1, dtype=np.uint32)
    at = [chunk.indices.fill_null(len(order)).to_numpy(zero_copy_only=False) for chunk in encoded.chunks]
    return np.concatenate([np.empty(0, np.uint32), *(rank[some] for some in at)]), Ranked(of, values.take(order))


@numba.njit(cache=True, nogil=True)
def _extent(keys: Any, filled: Any) -> Any:
    """The lowest and the highest key, and the largest step that leads from the one to all others."""
    low, high = np.iinfo(np.int64).max, np.iinfo(np.int64).min
    for row in range(len(keys)):
        if filled[row]:
            low, high = min(low, keys[row]), max(high, keys[row])
    step = np.uint64(0)
    for row in range(len(keys)):
        if step == 1:
            break
        if filled[row]:
            rest = np.uint64(keys[row]) - np.uint64(low)
            while rest:
                step, rest = rest, step % rest
    return low, high, max(step, np.uint64(1))


def ranges(atom: Atom, coding: Coding) -> list[Range]:
    """The codes of values that meet a comparison, as ranges that do not overlap.

    Args:
        atom: bound to the column's type.
        coding: of the column.
    """
    match atom:
        case IsNull():
            return [(0, 0)]
        case Compare(_, operator, value):
            found = _BY_OPERATOR[operator](*coding.up_to(value), coding.top)
        case In(_, values):
            found = _runs(sorted({code for value in values for code in _codes_of(value, coding)}))
        case Between(_, low, high):
            found = [(coding.up_to(low)[0] + 1, coding.up_to(high)[1])]
        case Contains(_, text):
            found = _runs(coding.containing(str(text)))
    return [(first, last) for first, last in found if first <= last]


#: (below, at most, top) → ranges: codes up to ``below`` are less than the value, those up to ``at most`` are not more.
_BY_OPERATOR: dict[Operator, Callable[[int, int, int], list[Range]]] = {
    Operator.EQUAL: lambda below, at_most, _: [(below + 1, at_most)],
    Operator.UNEQUAL: lambda below, at_most, top: [(1, below), (at_most + 1, top)],
    Operator.LESS: lambda below, _, __: [(1, below)],
    Operator.AT_MOST: lambda _, at_most, __: [(1, at_most)],
    Operator.MORE: lambda _, at_most, top: [(at_most + 1, top)],
    Operator.AT_LEAST: lambda below, _, top: [(below + 1, top)],
}


def _codes_of(value: Value, coding: Coding) -> range:
    below, at_most = coding.up_to(value)
    return range(below + 1, at_most + 1)


def _runs(codes: list[int]) -> list[Range]:
    """Neighbouring codes as one range."""
    if not codes:
        return []
    ends = [(one, other) for one, other in pairwise(codes) if other != one + 1]
    return list(zip([codes[0], *(other for _, other in ends)], [*(one for one, _ in ends), codes[-1]], strict=True))
