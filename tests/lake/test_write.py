"""Rows become typed, sorted, durable files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from qianmian.core.errors import LakeError
from qianmian.lake.store import Lake
from qianmian.lake.write import ROW_GROUP_ROWS
from tests.lake.shop import lines_sql, open_lake, sales_sql, write


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return open_lake(tmp_path)


def test_a_day_gets_a_file_in_its_folder(lake: Lake):
    files = write(lake, "sales", sales_sql(0, 10, 3))
    assert [(file.day, file.rows) for file in files] == [
        (date(2026, 11, 1), 4),
        (date(2026, 11, 2), 3),
        (date(2026, 11, 3), 3),
    ]
    assert [file.path.split("/")[0] for file in files] == ["day=2026-11-01", "day=2026-11-02", "day=2026-11-03"]


def test_rows_are_cast_and_sorted_as_declared(lake: Lake):
    (file,) = write(lake, "lines", "SELECT '2' AS pieces, 10 - i AS id, 'x' AS ignored FROM range(5) n(i)")
    assert pq.read_table(lake.location("lines", file)).to_pylist()[0] == {"id": 6, "pieces": 2}


def test_no_rows_make_no_file(lake: Lake):
    assert write(lake, "lines", lines_sql(0, 0)) == ()
    assert write(lake, "sales", sales_sql(0, 0, 1)) == ()


def test_row_groups_are_small_enough_to_skip(lake: Lake):
    (file,) = write(lake, "lines", lines_sql(0, 100_000))
    footer = pq.read_metadata(lake.location("lines", file))
    assert footer.num_row_groups == -(-100_000 // ROW_GROUP_ROWS)


@pytest.mark.parametrize(
    ("sql", "error"),
    [
        ("SELECT NULL::BIGINT AS id, 1 AS pieces", LakeError),
        ("SELECT 1 AS id", duckdb.BinderException),
        ("SELECT 1 AS id, 'many' AS pieces", duckdb.ConversionException),
    ],
)
def test_rows_that_do_not_fit_leave_no_file(lake: Lake, sql: str, error: type[Exception]):
    with pytest.raises(error):
        write(lake, "lines", sql)
    assert list(lake.root.rglob("*.parquet")) == []


def test_a_failure_on_a_later_day_leaves_no_file_of_the_earlier(lake: Lake):
    broken = sales_sql(0, 10, 3).replace("i AS id", "CASE WHEN i % 3 = 2 THEN NULL ELSE i END AS id")
    with pytest.raises(LakeError, match="without 'id'"):
        write(lake, "sales", broken)
    assert list(lake.root.rglob("*.parquet")) == []


def test_a_row_without_a_day_is_refused(lake: Lake):
    with pytest.raises(LakeError, match="a row without a day"):
        write(lake, "sales", sales_sql(0, 10, 3).replace("(i % 3)::INTEGER", "NULL::INTEGER"))
