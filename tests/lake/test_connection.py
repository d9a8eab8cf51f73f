"""A connection sees one snapshot and reaches nothing else."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from qianmian.core.errors import JobError
from qianmian.lake.connection import bare_connection, connect, literal, memory_connection, quoted
from qianmian.lake.files import Change
from qianmian.lake.store import Lake
from tests.lake.shop import SALES, TABLES, lines_sql, open_lake, rows, sales_sql, sell, snap, write


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = open_lake(tmp_path)
    sell(lake, 1)
    return lake


@pytest.fixture
def duck(lake: Lake, tmp_path: Path):
    with connect(lake, snap(lake), threads=1, memory_mib=256, spill=tmp_path / "spill") as duck:
        yield duck


def columns_of(duck: duckdb.DuckDBPyConnection, table: str) -> list[tuple[str, str]]:
    return [row[:2] for row in duck.execute(f"DESCRIBE {table}").fetchall()]


def test_columns_have_the_declared_names_types_and_order(duck: duckdb.DuckDBPyConnection):
    expected = [("TIMESTAMP WITH TIME ZONE" if c.type.sql == "TIMESTAMPTZ" else c.type.sql) for c in SALES.columns]
    assert columns_of(duck, "sales") == list(zip(SALES.names, expected, strict=True))


def test_an_empty_table_has_its_columns_too(duck: duckdb.DuckDBPyConnection):
    assert columns_of(duck, "prices") == [("id", "BIGINT"), ("price", "DOUBLE")]
    assert duck.execute("SELECT count(*) FROM prices").fetchall() == [(0,)]


def test_only_the_requested_tables_are_there(lake: Lake, tmp_path: Path):
    with connect(lake, snap(lake), threads=1, memory_mib=256, spill=tmp_path, tables=["lines"]) as duck:
        assert duck.execute("SHOW TABLES").fetchall() == [("lines",)]


def test_a_day_is_found_without_opening_the_others(duck: duckdb.DuckDBPyConnection):
    plan = duck.execute("EXPLAIN ANALYZE SELECT sum(paid) FROM sales WHERE day = '2026-11-02'").fetchall()[0][1]
    assert "1/2" in plan


def test_the_limits_and_the_time_zone_are_set(duck: duckdb.DuckDBPyConnection, tmp_path: Path):
    settings = dict(duck.execute("SELECT name, value FROM duckdb_settings()").fetchall())
    assert settings["threads"] == "1"
    assert settings["memory_limit"] == "256.0 MiB"
    assert settings["TimeZone"] == "UTC"
    assert settings["temp_directory"] == str(tmp_path / "spill")


def test_more_than_the_memory_spills(tmp_path: Path):
    with bare_connection((), threads=1, memory_mib=64, spill=tmp_path / "spill") as duck:
        duck.execute("CREATE TEMP TABLE big AS SELECT i, hash(i)::VARCHAR AS h FROM range(2_000_000) n(i) ORDER BY h")
        assert list((tmp_path / "spill").iterdir())


def test_what_must_touch_no_disk_fails_where_memory_is_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    big = "CREATE TEMP TABLE big AS SELECT i, hash(i)::VARCHAR AS h FROM range(2_000_000) n(i) ORDER BY h"
    with pytest.raises(JobError, match=r"(?s)64 MiB.*memory_mib"), memory_connection(1, 64) as duck:
        duck.execute(big)
    with pytest.raises(duckdb.PermissionException), memory_connection(1, 64) as duck:
        duck.execute(f"COPY (SELECT 1) TO {literal(str(tmp_path / 'out.parquet'))}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_csv('{outside}')",
        "COPY (SELECT 1) TO '{outside}.parquet'",
        "ATTACH '{outside}.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET TimeZone = 'Asia/Shanghai'",
        "SELECT * FROM python_variable",
    ],
)
def test_nothing_else_can_be_reached(duck: duckdb.DuckDBPyConnection, tmp_path: Path, statement: str):
    python_variable = duck.sql("SELECT 1").to_arrow_table()
    assert python_variable.num_rows == 1
    (tmp_path / "outside").write_text("a\n1\n")
    with pytest.raises(duckdb.Error):
        duck.execute(statement.format(outside=tmp_path / "outside"))


def test_quotes_in_names_and_folders_stay_text(tmp_path: Path):
    lake = Lake(tmp_path / 'it\'s "here", 千面', TABLES)
    sell(lake, 1)
    with connect(lake, snap(lake), threads=1, memory_mib=256, spill=tmp_path / "s'pill") as duck:
        assert duck.execute("SELECT count(*) FROM sales").fetchall() == [(40,)]
    assert quoted('a"b') == '"a""b"'
    assert literal("a'b") == "'a''b'"


def test_changes_of_a_running_build_can_be_seen_before_their_release(lake: Lake, tmp_path: Path):
    pending = [
        Change("lines", write(lake, "lines", lines_sql(1, 3)), "all"),
        Change("sales", write(lake, "sales", sales_sql(1, 2, 1))),
    ]
    with connect(lake, snap(lake), threads=1, memory_mib=256, spill=tmp_path, pending=pending) as duck:
        assert duck.execute("SELECT count(*) FROM lines").fetchall() == [(3,)]
        assert duck.execute("SELECT count(*) FROM sales").fetchall() == [(42,)]
    assert len(rows(lake, "lines")) == 40
