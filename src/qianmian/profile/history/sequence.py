"""People who did one thing after another, found over the files of history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from qianmian.engines.base import Buckets
from qianmian.profile.history import files
from qianmian.profile.history.files import Segment, column
from qianmian.profile.tags.dimensions import Dimensions
from qianmian.query import sequence as walked
from qianmian.query import tree
from qianmian.query.fields import Vocabulary

Rows = Callable[[pa.Table], NDArray[np.int64]]


def people_of(
    sequence: tree.Sequence, parts: Sequence[Segment], dimensions: Dimensions, vocabulary: Vocabulary, today: date
) -> NDArray[np.int64]:
    """The people who did a sequence; see `qianmian.query.sequence`.

    Whoever has rows in the base alone is walked there; the rows of all others are brought together first.

    Args:
        sequence: bound to the vocabulary.
        parts: all files of history.
        dimensions: what the code of an item means.
        vocabulary: gives the codes of texts.
        today: the local date on which windows end.
    """

    def walk(rows: pa.Table) -> NDArray[np.int64]:
        return walked.people_of(sequence, partial(column_of, rows, dimensions), vocabulary, today)

    base = min((part.number for part in parts), default=0)
    later = [column(files.read(part, Buckets()), "person_id") for part in parts if part.number != base]
    scattered = np.unique(np.concatenate([np.empty(0, np.int64), *later]))
    found = [walk(rows) for part in parts if part.number == base and (rows := files.read(part, Buckets())).num_rows]
    if len(scattered):
        found = [np.setdiff1d(people, scattered, assume_unique=True) for people in found]
        found.append(walk(files.merged(files.of_people(part, scattered) for part in parts)))
    return np.sort(np.concatenate([np.empty(0, np.int64), *found]))


def column_of(rows: pa.Table, dimensions: Dimensions, name: str) -> NDArray[Any]:
    """A column of history, or what its items mean."""
    if name not in rows.column_names:
        dimension = dimensions.by_name[name]
        return dimension.codes[column(rows, dimension.column)]
    return column(rows, name)
