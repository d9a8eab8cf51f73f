"""The conditions asked of DuckDB: a wide table in its own file, opened once, two threads."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.measuring.asking import spread
from benchmarks.ours.bitmaps import vocabulary_of
from benchmarks.peers.wide import THREADS, conditions
from qianmian.query.compile import compile_audience
from qianmian.query.parse import parse


def load(folder: str, wide: str) -> dict[str, str]:
    """Load the table, unless it is there."""
    path = Path(folder) / f"{Path(wide).stem}.duckdb"
    if not path.exists():
        part = path.with_suffix(".part")
        part.unlink(missing_ok=True)
        with duckdb.connect(str(part), config={"threads": THREADS, "memory_limit": "4GiB"}) as connection:
            connection.execute(f"CREATE TABLE wide AS FROM read_parquet('{wide}')")
        part.rename(path)
    return {"file": str(path)}


def ask(file: str, tags: int, bases: int, edits: int) -> dict[str, Any]:
    """Sizes of the conditions, and how long they took; see `spread`."""
    asked = conditions(tags, bases, edits)
    with duckdb.connect(file, read_only=True, config={"threads": THREADS}) as connection:
        sizes = {one: _one(connection, sql) for of_base in asked for one, sql in of_base[:1]}
        told = spread([partial(_one, connection, sql) for of_base in asked for _, sql in of_base])
    return {"sizes": sizes, **told}


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM wide WHERE {sql}").fetchall()[0][0])


def ask_ties(wide: str, ties: str, texts: dict[str, str]) -> dict[str, Any]:
    """The product's own SQL over tables in memory; milliseconds and people of each condition."""
    known, told = vocabulary_of(8), {}
    with duckdb.connect(config={"threads": THREADS}) as connection:
        connection.execute(f"CREATE TABLE profiles AS FROM read_parquet('{wide}')")
        connection.execute(f"CREATE TABLE ties AS FROM read_parquet('{ties}')")
        for name, text in texts.items():
            query = compile_audience(parse(text), known, today=None, purpose="", check=lambda _: None).counted()
            ask = partial(_counted, connection, query)
            told[name] = {"people": ask(), **spread([ask] * 3)}
    return told


def _counted(connection: duckdb.DuckDBPyConnection, query: Any) -> int:
    return int(connection.execute(query.sql, list(query.values)).fetchall()[0][0])
