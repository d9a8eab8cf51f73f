"""Which conditions each row of history meets, as bits: a row's mask is the AND of a few look-ups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from qianmian.profile.history import files
from qianmian.profile.history.files import column
from qianmian.profile.tags import kernels
from qianmian.profile.tags.dimensions import Dimensions
from qianmian.profile.tags.partial import Where
from qianmian.profile.tags.union import BITS, Union


@dataclass(frozen=True)
class Masks:
    """Which conditions each value of a column leaves possible; the first axis is the number of the mask.

    Attributes:
        by_event: for each event code.
        by_age: for each age in days since the row happened, and since its money counts; the last entry stands
            for all that is older.
        by_line: for line 0, and for all further lines.
        by_column: for each value of a column of history by which some condition filters.
    """

    by_event: NDArray[np.int64]
    by_age: NDArray[np.int64]
    by_line: NDArray[np.int64]
    by_column: dict[str, NDArray[np.int64]]

    def of(self, rows: pa.Table, age: NDArray[np.int32]) -> NDArray[np.int64]:
        """The masks of each row: one line a mask, one column a row.

        Args:
            rows: rows of history.
            age: of the rows, see `files.ages`.
        """
        event, line = column(rows, "event"), column(rows, "line")
        held = np.empty((len(self.by_event), len(event)), np.int64)
        for mask, looked_up in enumerate(zip(self.by_event, self.by_age, self.by_line, strict=True)):
            held[mask] = kernels.row_masks(event, age, line, *looked_up)
        for name, masks in self.by_column.items():
            for mask, possible in enumerate(masks):
                held[mask] &= possible[column(rows, name)]
        return held


def masks(needs: Union, dimensions: Dimensions) -> Masks:
    """Compile conditions to look-up tables.

    Args:
        needs: the conditions.
        dimensions: what codes mean.
    """
    many, events = needs.masks, dimensions.event_codes
    by_event = np.zeros((many, max(events.values(), default=0) + 1), np.int64)
    by_age = np.zeros((many, 2, max(needs.windows, default=0) + 1), np.int64)
    by_line = np.zeros((many, 2), np.int64)
    by_column: dict[str, NDArray[np.int64]] = {}
    for condition in needs.conditions:
        mask, bit = needs.place(condition)
        one = np.int64(1) << np.int64(bit)
        for name, code in events.items():
            if not condition.events or name in condition.events:
                by_event[mask, code] |= one
        by_age[mask, int(condition.as_money), : condition.window_days] |= one
        by_line[mask, : 2 if condition.lines else 1] |= one
        for where in condition.where:
            name, passing = _passing(where, dimensions)
            everything = np.full((many, len(passing)), (1 << BITS) - 1, np.int64)
            by_column.setdefault(name, everything)[mask, ~passing] &= ~one
    return Masks(by_event, by_age, by_line, by_column)


def _passing(where: Where, dimensions: Dimensions) -> tuple[str, NDArray[np.bool_]]:
    """A column of history, and which of its values pass a filter; an empty one never does."""
    dimension = dimensions.by_name[where.field]
    wanted = {dimensions.read_as.get((where.field, word), word) for word in where.values}
    passes = np.array([word is not None and (word in wanted) is not where.excluded for word in dimension.words])
    return dimension.column, passes[dimension.codes]


def row_masks(rows: pa.Table, needs: Union, dimensions: Dimensions, today: int) -> NDArray[np.int64]:
    """The masks of rows of history on a local date, in days since 1970."""
    return masks(needs, dimensions).of(rows, files.ages(rows, today))
