"""A tag of everybody as bit slices, gathered from rows by the piece, for memory is short."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from qianmian.core.tables import Type
from qianmian.segment.index.codes import Coding, linear, ranked
from qianmian.segment.index.keys import keys_of
from qianmian.segment.index.slices import room, slice_codes, slice_keys

Place: TypeAlias = "slice | NDArray[np.int64]"
"""The numbers of the people of some rows."""


@dataclass(frozen=True)
class Column:
    """A tag's codes, one slice a bit, and what they mean."""

    slices: NDArray[np.uint64]
    coding: Coding

    @property
    def nbytes(self) -> int:
        """Memory that it takes."""
        return self.slices.nbytes + self.coding.nbytes


class Gathered(Protocol):
    """A tag's values while rows come in."""

    def add(self, values: pa.Array, place: Place) -> None:
        """Take the values of some people."""

    def column(self) -> Column:
        """The column, once everybody is there."""


def gathered(of: Type, people: int) -> Gathered:
    """Nothing of a tag of some type yet, for so many people."""
    return _Words(of, people) if of is Type.TEXT else _Numbers(of, people)


class _Numbers:
    def __init__(self, of: Type, people: int) -> None:
        self._of = of
        self._keys, self._filled = np.zeros(people, np.int64), np.zeros(people, np.bool_)

    def add(self, values: pa.Array, place: Place) -> None:
        self._keys[place], self._filled[place] = keys_of(values, self._of)

    def column(self) -> Column:
        coding = linear(self._keys, self._filled, self._of)
        if coding is None:
            words = _Words(self._of, len(self._keys))
            words.add(pa.array(self._keys, mask=~self._filled), slice(0, len(self._keys)))
            return words.column()
        slices = room(len(self._keys), coding.top.bit_length())
        slice_keys(self._keys, self._filled, np.int64(coding.low), np.uint64(coding.step), slices)
        return Column(slices, coding)


class _Words:
    """Each piece keeps a dictionary of its own until all are there."""

    def __init__(self, of: Type, people: int) -> None:
        self._of, self._people = of, people
        self._pieces: list[pa.Array] = []
        self._places: list[Place] = []

    def add(self, values: pa.Array, place: Place) -> None:
        self._pieces.append(values.dictionary_encode())
        self._places.append(place)

    def column(self) -> Column:
        values = pa.string() if self._of is Type.TEXT else pa.int64()
        rows, coding = ranked(pa.chunked_array(self._pieces, pa.dictionary(pa.int32(), values)), self._of)
        codes, row = np.zeros(self._people, np.uint32), 0
        for piece, place in zip(self._pieces, self._places, strict=True):
            codes[place] = rows[row : row + len(piece)]
            row += len(piece)
        slices = room(self._people, coding.top.bit_length())
        slice_codes(codes, slices)
        return Column(slices, coding)
