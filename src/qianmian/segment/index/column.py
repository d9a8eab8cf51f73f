"""A tag of everybody as bit slices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from qianmian.core.tables import Type
from qianmian.segment.index.codes import Coding, coded
from qianmian.segment.index.slices import sliced


@dataclass(frozen=True)
class Column:
    """A tag's codes, one slice a bit, and what they mean."""

    slices: NDArray[np.uint64]
    coding: Coding

    @classmethod
    def of(cls, values: pa.ChunkedArray, of: Type, numbers: NDArray[np.int64] | None = None) -> Column:
        """Slice a tag's values.

        Args:
            values: one a person.
            of: the tag's type.
            numbers: of the person of each row; None = the rows are in the order of people.
        """
        codes, coding = coded(values, of)
        if numbers is not None:
            placed = np.empty_like(codes)
            placed[numbers] = codes
            codes = placed
        return cls(sliced(codes, coding.top.bit_length()), coding)

    @property
    def nbytes(self) -> int:
        """Memory that it takes."""
        return self.slices.nbytes + self.coding.nbytes
