"""A small lake for the tests: sales by day lead, their lines and marks follow; prices lead themselves."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

import duckdb
import pyarrow as pa

from qianmian.core.tables import Column, Erase, Leave, Table, Type
from qianmian.lake.connection import bare_connection, connect
from qianmian.lake.files import Change, DataFile, Position
from qianmian.lake.objects import ObjectStorage
from qianmian.lake.snapshot import Snapshot
from qianmian.lake.store import Lake
from qianmian.lake.write import write_rows
from tests.objectstore import objects, storage_for

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)
FIRST_DAY = date(2026, 11, 1)


def _table(name: str, columns: tuple[Column, ...], **more: object) -> Table:
    return Table(name, columns, key=("id",), grain="one row a test", owner="tests", erase=Erase(Leave.KEEP), **more)


ID = Column("id", Type.ID, "number of the sale", nullable=False)
NOTE = Column("note", Type.TEXT, "free words")
SALES = _table(
    "sales",
    (
        ID,
        Column("day", Type.DATE, "day of the sale", nullable=False),
        Column("at", Type.INSTANT, "instant of the sale"),
        Column("paid", Type.MONEY, "money"),
        NOTE,
    ),
    partition_by=("day",),
    sort_by=("id",),
)
LINES = _table("lines", (ID, Column("pieces", Type.SMALL, "pieces")), sort_by=("id",), released_by="sales")
MARKS = _table("marks", (ID, NOTE), sort_by=("id",), released_by="sales")
PRICES = _table("prices", (ID, Column("price", Type.NUMBER, "price")), sort_by=("id",))
TABLES = (SALES, LINES, MARKS, PRICES)


def open_lake(root: Path) -> Lake:
    return Lake(root / "lake", TABLES, storage=storage_for(root / "lake"))


def snap(lake: Lake) -> Snapshot:
    return lake.snapshot(instant=NOW)


def sales_sql(start: int, rows: int, days: int, note: str = "a") -> str:
    return (
        f"SELECT i AS id, DATE '{FIRST_DAY}' + (i % {days})::INTEGER AS day, TIMESTAMPTZ '{NOW.isoformat()}' AS at, "
        f"(i / 10)::DECIMAL(18, 4) AS paid, '{note}' AS note FROM range({start}, {start + rows}) numbers(i)"
    )


def lines_sql(start: int, rows: int) -> str:
    return f"SELECT i AS id, (i % 7)::INTEGER AS pieces FROM range({start}, {start + rows}) numbers(i)"


def write(lake: Lake, table: str, sql: str) -> tuple[DataFile, ...]:
    duck = _writer(lake.root)
    duck.execute(f"CREATE OR REPLACE TEMP TABLE new_rows AS {sql}")
    return write_rows(lake, duck, table, "new_rows")


@lru_cache(maxsize=1)
def _writer(root: Path) -> duckdb.DuckDBPyConnection:
    return bare_connection((root,), threads=1, memory_mib=256, spill=root.parent / "spill")


def batch(lake: Lake, number: int, *, rows: int = 40, days: int = 2, note: str = "a") -> list[Change]:
    """The changes of the ``number``-th batch, from 1: sales, their lines and a mark each."""
    start = number * 1000
    return [
        Change("lines", write(lake, "lines", lines_sql(start, rows))),
        Change(
            "marks", write(lake, "marks", f"SELECT i AS id, '{note}' AS note FROM range({start}, {start + rows}) n(i)")
        ),
        Change("sales", write(lake, "sales", sales_sql(start, rows, days, note))),
    ]


def sell(lake: Lake, number: int, **how: object) -> None:
    lake.release("sales", batch(lake, number, **how), position=Position("journal", number))


def rows(lake: Lake, table: str = "sales", snapshot: Snapshot | None = None) -> list[tuple[object, ...]]:
    """All rows of a table as a reader sees them, sorted."""
    with connect(lake, snapshot or snap(lake), threads=1, memory_mib=256, spill=spill_of(lake), tables=[table]) as duck:
        found = duck.sql(f"SELECT * FROM {table} ORDER BY ALL").to_arrow_table()
    return [tuple(row.values()) for row in found.to_pylist()]


def everything(lake: Lake) -> dict[str, list[tuple[object, ...]]]:
    return {table: rows(lake, table) for table in lake.tables}


def kept(lake: Lake, suffix: str = ".parquet") -> list[str]:
    """Names of all data files that the lake keeps, whatever names them."""
    found = lake.storage.list(lake.root)
    return sorted(
        path.relative_to(lake.root).as_posix()
        for path in found
        if path.name.endswith(suffix) and path.parent.name != "_delta_log"
    )


def overwrite(lake: Lake, path: Path, content: bytes) -> None:
    """Damage a kept file behind the lake's back."""
    path.unlink(missing_ok=True)
    if isinstance(lake.storage, ObjectStorage):
        lake.storage._write(path, pa.py_buffer(content))
    else:
        path.write_bytes(content)


def remove(lake: Lake, path: Path) -> None:
    """Lose a kept file behind the lake's back."""
    lake.storage.delete([path])


def copy_lake(root: Path, to: Path) -> Path:
    """The same lake in another folder, and in another place of the object store if it is in one."""
    shutil.copytree(root, to)
    lake, copied = open_lake(root), open_lake(to)
    if isinstance(lake.storage, ObjectStorage) and isinstance(copied.storage, ObjectStorage):
        for name, content in objects(lake.storage.address).items():
            copied.storage._write(copied.root / name, pa.py_buffer(content))
    return to


def spill_of(lake: Lake) -> Path:
    return lake.root.parent / "spill"


def later(hours: float) -> datetime:
    return NOW + timedelta(hours=hours)
