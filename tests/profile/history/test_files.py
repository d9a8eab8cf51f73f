"""Files of history are read by person, merged in the order of time, and refused when they are not whole."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from time import process_time

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qianmian.core.errors import DamagedTableError
from qianmian.engines.base import Buckets
from qianmian.lake.storage import FolderStorage
from qianmian.profile.history import files
from qianmian.profile.history.files import Segment, column
from qianmian.profile.history.rows import SCHEMA

ORDER = ("person_id", "occurred_at", "event_key", "line")
NOBODY = np.empty(0, np.int64)
Row = tuple[int, int, int, int]


def table(rows: list[Row]) -> pa.Table:
    """Rows of history from (person, instant, key, line), sorted."""
    keys = dict(zip(ORDER, np.array(sorted(rows), np.int64).reshape(-1, 4).T, strict=True))
    columns = [pa.array(keys.get(field.name, np.zeros(len(rows), np.int64))) for field in SCHEMA]
    dated = [
        part.cast(pa.int32()) if field.type == pa.date32() else part
        for part, field in zip(columns, SCHEMA, strict=True)
    ]
    return pa.table([part.cast(field.type) for part, field in zip(dated, SCHEMA, strict=True)], schema=SCHEMA)


def keys(rows: pa.Table) -> list[Row]:
    return list(zip(*(column(rows, name).tolist() for name in ORDER), strict=True)) if rows.num_rows else []


some_rows = st.lists(
    st.tuples(st.integers(1, 4), st.integers(0, 5), st.integers(0, 2), st.integers(0, 1)), max_size=12, unique=True
)


@settings(max_examples=150, deadline=None)
@given(st.lists(some_rows, max_size=4))
def test_merged_files_are_in_the_order_of_history(parts: list[list[Row]]) -> None:
    assert keys(files.merged(table(part) for part in parts)) == sorted(row for part in parts for row in part)


def test_long_lives_in_interleaving_files_are_merged_in_order_and_in_time() -> None:
    count = 100_000
    parts = [table([(7, 2 * n // 3 * 3 + odd, n, odd) for n in range(count)]) for odd in (0, 1)]
    files.merged([parts[0].slice(0, 9), parts[1].slice(0, 9)])  # compile
    begun = process_time()
    found = files.merged(parts)
    assert process_time() - begun < 4  # by insertion alone it takes twelve seconds
    assert keys(found) == sorted(keys(parts[0]) + keys(parts[1]))


@pytest.fixture
def segment(tmp_path: Path) -> Segment:
    rows = table([(person, at, 0, 0) for person in (1, 5, 9, 2**62) for at in (1, 2)])
    storage = FolderStorage(tmp_path)
    return Segment(3, files.write(storage, rows), rows.num_rows, NOBODY, storage)


def test_a_bucket_reads_its_people_and_no_others(segment: Segment) -> None:
    assert {row[0] for row in keys(files.read(segment, Buckets(5, 2**62 - 1)))} == {5, 9}
    assert files.read(segment, Buckets()).num_rows == 8
    assert files.read(segment, Buckets(6, 8)).num_rows == 0


def test_void_people_are_read_no_more(segment: Segment) -> None:
    masked = replace(segment, void=np.array([4, 5]))
    assert {row[0] for row in keys(files.read(masked, Buckets()))} == {1, 9, 2**62}
    assert keys(files.of_people(masked, np.array([5, 9]))) == [(9, 1, 0, 0), (9, 2, 0, 0)]


def test_people_are_found_one_by_one(segment: Segment) -> None:
    assert {row[0] for row in keys(files.of_people(segment, np.array([0, 1, 6, 2**62])))} == {1, 2**62}
    assert files.of_people(segment, NOBODY).num_rows == 0


@pytest.mark.parametrize("keep", [0, 100, -8, None])
def test_a_file_that_is_not_whole_is_refused(segment: Segment, keep: int | None) -> None:
    if keep is None:
        segment.path.unlink()
    else:
        segment.path.write_bytes(segment.path.read_bytes()[:keep])
    with pytest.raises(DamagedTableError, match=segment.path.name) as caught:
        files.read(segment, Buckets())
    assert "build --full" in caught.value.hint


def test_a_file_of_other_rows_than_noted_is_refused(segment: Segment) -> None:
    with pytest.raises(DamagedTableError, match="holds 8 rows, not 9"):
        files.read(replace(segment, rows=9), Buckets())
