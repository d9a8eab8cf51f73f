"""History files: sorted Arrow rows, memory-mapped, so that a person's rows are found without reading the rest."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from qianmian.core.errors import DamagedTableError
from qianmian.engines.base import Buckets
from qianmian.lake.digests import digested
from qianmian.lake.durable import storage_errors
from qianmian.lake.storage import Storage
from qianmian.profile.history.rows import SCHEMA

FOLDER = "history"
_ORDER = ("person_id", "occurred_at", "event_key", "line")
#: Rows of one person from which merging is cheaper than insertion.
_LONG = 1000


@dataclass(frozen=True)
class Segment:
    """One file of history.

    Attributes:
        number: the build that wrote it.
        path: the file, once it is fetched.
        rows: rows in it.
        void: sorted person_ids whose rows in this file a later segment holds anew.
        storage: where it is kept.
    """

    number: int
    path: Path
    rows: int
    void: NDArray[np.int64]
    storage: Storage


def write(storage: Storage, rows: pa.Table) -> Path:
    """Write sorted rows as one durable file of one batch, and name it.

    Raises:
        StorageFullError: no room.
    """
    path = storage.root / FOLDER / f"{uuid.uuid4().hex}.arrow"
    with storage_errors("history"):
        path.parent.mkdir(parents=True, exist_ok=True)
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, SCHEMA) as writer:
            for batch in rows.select(SCHEMA.names).cast(SCHEMA).combine_chunks().to_batches():
                writer.write_batch(batch)
        path = digested(path)
        storage.keep([path])
    return path


def read(segment: Segment, buckets: Buckets) -> pa.Table:
    """The valid rows of a file whose person is in the buckets, memory-mapped.

    Raises:
        DamagedTableError: the file is missing or cut short.
    """
    rows = _open(segment)
    person = column(rows, "person_id")
    first, last = np.searchsorted(person, buckets.first), np.searchsorted(person, buckets.last, side="right")
    part = rows.slice(first, last - first)
    return _without(part, person[first:last], segment.void) if len(segment.void) else part


def _without(rows: pa.Table, person: NDArray[np.int64], void: NDArray[np.int64]) -> pa.Table:
    """The rows between those of the void people: slices of the mapped file, nothing is copied."""
    begin, end = np.searchsorted(person, void), np.searchsorted(person, void, side="right")
    held = end > begin
    first, last = np.append([0], end[held]), np.append(begin[held], [rows.num_rows])
    kept = [rows.slice(start, stop - start) for start, stop in zip(first, last, strict=True) if stop > start]
    return pa.concat_tables([rows.slice(0, 0), *kept])


def of_people(segment: Segment, people: NDArray[np.int64]) -> pa.Table:
    """The valid rows of some people, found by binary search: nothing else of the file is read.

    Args:
        segment: the file.
        people: sorted person_ids.
    """
    rows = _open(segment)
    person = column(rows, "person_id")
    wanted = np.setdiff1d(people, segment.void, assume_unique=True) if len(segment.void) else people
    begin, end = np.searchsorted(person, wanted), np.searchsorted(person, wanted, side="right")
    found = end - begin
    offsets = np.concatenate([[0], np.cumsum(found)])
    index = np.arange(offsets[-1]) + np.repeat(begin - offsets[:-1], found)
    return rows.take(pa.array(index))


def merged(parts: Iterable[pa.Table]) -> pa.Table:
    """Rows of several files, each sorted, as one table in the order of history."""
    some = [part for part in parts if part.num_rows]
    if len(some) == 1:
        return some[0]
    rows = pa.concat_tables([SCHEMA.empty_table(), *some]).combine_chunks()
    order = np.argsort(column(rows, "person_id"), kind="stable")  # sorted runs: a stable sort merges them
    _order_long_lives(order, column(rows, "person_id"), column(rows, "occurred_at"))
    _order_each_person(order, *(column(rows, name) for name in _ORDER))
    return rows.take(pa.array(order))


def _order_long_lives(order: Any, person: Any, at: Any) -> None:
    """Sort the rows of people with many by time: where files interleave, insertion would cost the square of them."""
    begin = np.flatnonzero(np.diff(person[order], prepend=-1))
    end = np.append(begin[1:], len(order))
    for one in np.flatnonzero(end - begin > _LONG):
        rows = order[begin[one] : end[one]]
        rows[:] = rows[np.argsort(at[rows], kind="stable")]


@numba.njit(cache=True, nogil=True)
def _order_each_person(order: Any, person: Any, at: Any, key: Any, line: Any) -> None:
    """Sort each person's rows by insertion: they are runs in the order of time already, so few have to move."""
    for index in range(1, len(order)):
        row, place = order[index], index
        while place > 0 and person[order[place - 1]] == person[row]:
            other = order[place - 1]
            if at[other] < at[row] or (
                at[other] == at[row]
                and (key[other] < key[row] or (key[other] == key[row] and line[other] <= line[row]))
            ):
                break
            order[place] = other
            place -= 1
        order[place] = row


def column(rows: pa.Table, name: str) -> NDArray[np.int64]:
    """A column as numbers: instants in microseconds, dates in days since 1970."""
    values = rows.column(name)
    if pa.types.is_timestamp(values.type):
        values = values.cast(pa.int64())
    elif pa.types.is_date32(values.type):
        values = values.cast(pa.int32())
    numbers: NDArray[np.int64] = (
        values.chunk(0).to_numpy(zero_copy_only=False) if values.num_chunks == 1 else values.to_numpy()
    )
    return numbers


def ages(rows: pa.Table, today: int) -> NDArray[np.int32]:
    """Two rows of numbers: days since each row happened, and days since the date on which its money counts.

    Args:
        rows: rows of history.
        today: the build's local date, in days since 1970.
    """
    dates = np.stack([column(rows, "happened_on"), column(rows, "effective_on")])
    return (today - dates).astype(np.int32)


def _open(segment: Segment) -> pa.Table:
    try:
        segment.storage.fetch({segment.path: None})
        rows = pa.ipc.open_file(pa.memory_map(str(segment.path))).read_all()
    except (OSError, pa.ArrowInvalid) as error:
        raise DamagedTableError("history_file_short", file=segment.path.name) from error
    if rows.num_rows != segment.rows:
        raise DamagedTableError("history_miscounted", file=segment.path.name, rows=rows.num_rows, expected=segment.rows)
    return rows
