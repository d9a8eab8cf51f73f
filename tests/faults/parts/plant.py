"""A marker in every column of every declared table that can hold one, and in every other kind of file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from qianmian.app.shop import Shop
from qianmian.app.tables import ALL_TABLES
from qianmian.core.tables import Column, Home, Personal, Table, Type
from qianmian.lake.files import Change, Position
from qianmian.lake.schema import arrow_schema
from qianmian.privacy.database import open_database
from qianmian.privacy.tables import SALT_TABLES
from qianmian.profile.history import files as history
from tests.faults.parts.needles import spellings

_DAY = date(2026, 11, 18)
_FILES = {
    Home.VAULT: "vault.db",
    Home.CATALOGUE: "catalogue.db",
    Home.JOURNAL: "journal/waiting/20261118T000000.000000-00000000.db",
}
_PLAIN: dict[Type, Any] = {
    Type.SMALL: 1,
    Type.NUMBER: 1.5,
    Type.MONEY: Decimal("1.5"),
    Type.FLAG: True,
    Type.INSTANT: datetime(2026, 11, 18, tzinfo=UTC),
    Type.DATE: _DAY,
}


@dataclass
class Planted:
    """What was planted where.

    Attributes:
        texts: place → marker.
        numbers: place → marker; ids are looked for as numbers.
    """

    texts: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    def text(self, place: str) -> str:
        """A marker of its own for a place, written in the next of all spellings that are text."""
        marker = f"zoë.{len(self.texts):06d}@标记.example"
        self.texts[place] = marker
        readable = [told for name, told in spellings(marker) if not name.startswith("utf-16")]
        return readable[len(self.texts) % len(readable)].decode()

    def number(self, place: str) -> int:
        """A number of its own for a place."""
        self.numbers[place] = (1 << 62) + 1_000_003 * (len(self.numbers) + 1)
        return self.numbers[place]


@contextmanager
def planted(shop: Shop) -> Iterator[Planted]:
    """Plant in a workspace without rows; SQLite's last words stay in its write-ahead log until the end."""
    into = Planted()
    _lake(shop, into)
    _history(shop, into)
    _files(shop.workspace.data, into)
    with ExitStack() as stack:
        for table in ALL_TABLES:
            if table.home in _FILES:
                stack.callback(_database(shop.workspace.data, table, into).close)
        yield into


def place_of(table: Table, column: Column) -> str:
    """How a column is named among the planted places."""
    return f"{table.name}.{column.name}"


def _value(table: Table, column: Column, into: Planted) -> Any:
    if column.type in (Type.TEXT, Type.JSON):
        return into.text(place_of(table, column))
    if column.type in (Type.ID, Type.INTEGER):
        return into.number(place_of(table, column))
    return _PLAIN[column.type]


def _lake(shop: Shop, into: Planted) -> None:
    """One file a table, released with its leader; then the log is summed up, and the entries go."""
    lake = shop.workspace.lake
    changes: dict[str, list[Change]] = {}
    for table in lake.tables.values():
        layer = 1 if table.layered_by else 0
        row = {column.name: _value(table, column, into) for column in table.columns} | {"layer": layer, "gone": False}
        path = lake.new_file(table.name, day=_DAY if table.partition_by else None, layer=layer)
        schema = arrow_schema(table, stored=True)
        pq.write_table(pa.Table.from_pylist([{name: row[name] for name in schema.names}], schema), path)
        changes.setdefault(table.released_by or table.name, []).append(
            Change(table.name, (lake.describe(table.name, path),))
        )
    for leader, some in changes.items():
        position = Position(into.text(f"checkpoint of {leader}"), 1)
        lake.release(leader, some, position=position)
        lake.release(leader, [], notes={"note": into.text(f"log of {leader}")})
        log = lake.logs[leader]
        log.checkpoint(1)
        log.entries.entry(0).unlink()  # only the checkpoint knows the position now


def _history(shop: Shop, into: Planted) -> None:
    table = next(table for table in ALL_TABLES if table.home is Home.HISTORY)
    row = {column.name: _value(table, column, into) for column in table.columns}
    instant = row | {name: value for name, value in row.items() if not isinstance(value, (datetime, date))}
    rows = pa.table({name: pa.array([instant[name]]) for name in history.SCHEMA.names})
    history.write(shop.workspace.lake.storage, rows)


def _files(data: Path, into: Planted) -> None:
    """What is not a table: logs, notes, files of jobs that died, in nested folders."""
    for name in ("logs/qianmian.log", "spill/77/duckdb_temp_block-1.block", "lake/exchange/import/utf8"):
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_text(f"2026-11-18 {into.text(name)} end\n", encoding="utf-8")
    (data / "lake" / "_pins").mkdir(exist_ok=True)
    note = json.dumps({"holder": {"name": into.text("note"), "in": json.dumps({"a": "标记"})}})
    (data / "lake" / "_pins" / "note.txt").write_text(note, encoding="utf-8")
    into.text("utf-16")
    (data / "windows.txt").write_text(f"x{into.texts['utf-16']}", encoding="utf-16-le")
    nested = pa.table(
        {
            "list": [[{"deep": [into.text("nested")]}]],
            "map": pa.array([[("k", into.text("map"))]], pa.map_(pa.string(), pa.string())),
            "coded": pa.array([into.text("dictionary")]).dictionary_encode(),
        }
    )
    pq.write_table(nested, data / "nested.parquet", compression="zstd")


def _database(data: Path, table: Table, into: Planted) -> sqlite3.Connection:
    """A row in a SQLite table; the open connection keeps it in the write-ahead log."""
    file = data / ("keys/salts.db" if table in SALT_TABLES else _FILES[table.home])
    if table.home is Home.JOURNAL:
        file.parent.mkdir(parents=True)
        open_database(file, (table,)).dispose()
    connection = sqlite3.connect(file)
    row = []
    for column in table.columns:
        told = _value(table, column, into) if column.type is not Type.INSTANT else 1
        row.append(told.encode() if column.personal is Personal.SEALED else _stored(told))
    marks = ", ".join("?" * len(row))
    connection.execute(f"INSERT INTO {table.name} ({', '.join(table.names)}) VALUES ({marks})", row)
    connection.commit()
    return connection


def _stored(value: Any) -> Any:
    return value if isinstance(value, (str, int, float, bytes)) else str(value)
