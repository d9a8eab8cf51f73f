"""The conditions asked of ClickHouse (chDB): a wide MergeTree table, opened once, two threads."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path
from typing import Any

from chdb.session import Session

from benchmarks.measuring.asking import spread
from benchmarks.peers.wide import THREADS, conditions


def load(folder: str, wide: str) -> dict[str, str]:
    """Load the table, unless it is there."""
    path = Path(folder) / f"{Path(wide).stem}.chdb"
    if not (path / "loaded").exists():
        shutil.rmtree(path, ignore_errors=True)
        with Session(str(path)) as session:  # type: ignore[no-untyped-call]
            session.query("CREATE DATABASE IF NOT EXISTS shop ENGINE = Atomic")
            limits = f"max_threads = {THREADS}, max_insert_threads = 1, max_insert_block_size = 1048576"
            session.query(
                "CREATE TABLE shop.wide ENGINE = MergeTree ORDER BY person_id SETTINGS allow_nullable_key = 1 AS "
                f"SELECT * FROM file('{wide}', Parquet) SETTINGS {limits}"
            )
        (path / "loaded").touch()
    return {"path": str(path)}


def ask(path: str, tags: int, bases: int, edits: int) -> dict[str, Any]:
    """Sizes of the conditions, and how long they took; see `spread`."""
    asked = conditions(tags, bases, edits)
    with Session(path) as session:  # type: ignore[no-untyped-call]
        sizes = {one: _one(session, sql) for of_base in asked for one, sql in of_base[:1]}
        told = spread([partial(_one, session, sql) for of_base in asked for _, sql in of_base])
    return {"sizes": sizes, **told}


def _one(session: Any, sql: str) -> int:
    query = f"SELECT count() FROM shop.wide WHERE {sql} SETTINGS max_threads = {THREADS}"
    return int(session.query(query, "TSV").bytes())
