"""A batch as a whole: how the lake remembers its file, and how its rows leave again.

The lake remembers a file with its mapping as a *stream* with a number that only grows: odd = imported, even = undone.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from qianmian.collect.imports.sql import Connection
from qianmian.collect.tables import EVENT_LINES, EVENTS, ITEMS, LINKS, NODES
from qianmian.lake.connection import literal, quoted, select_files
from qianmian.lake.files import Change, Position
from qianmian.lake.snapshot import Snapshot
from qianmian.lake.store import Lake
from qianmian.lake.write import write_rows

EVENT_TABLES = (LINKS.name, NODES.name, EVENT_LINES.name, EVENTS.name)
ITEM_TABLES = (ITEMS.name,)
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Batch:
    """An import that was released.

    Attributes:
        number: its number in the catalogue.
        stream: the ``stream`` of its report.
        leader: ``events``, or ``items`` for goods.
    """

    number: int
    stream: str
    leader: str = EVENTS.name


def file_digest(file: Path) -> str:
    """SHA-256 of a file, in hex."""
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while chunk := opened.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def is_imported(lake: Lake, leader: str, stream: str) -> bool:
    """Whether the stream's file stands in the lake."""
    return (lake.position(leader, stream) or 0) % 2 == 1


def next_position(lake: Lake, leader: str, stream: str) -> Position:
    """The position of the stream's next import or undoing."""
    return Position(stream, (lake.position(leader, stream) or 0) + 1)


def removal(lake: Lake, connection: Connection, snapshot: Snapshot, batch: Batch) -> dict[str, Change]:
    """Rewrite the files that hold rows of a batch without them; nothing is visible before the release.

    Args:
        lake: holds the batch.
        connection: sees the snapshot's tables as views.
        snapshot: what the batch is removed from.
        batch: what leaves.

    Returns:
        The change of each table that held rows of the batch.
    """
    changes = {}
    for table in ITEM_TABLES if batch.leader == ITEMS.name else EVENT_TABLES:
        held = {str(lake.location(table, file)): file for file in lake.files(snapshot, table)}
        if not held:
            continue
        paths = ", ".join(literal(path) for path in held)
        touched = connection.execute(
            f"SELECT DISTINCT filename FROM read_parquet([{paths}], filename = true, hive_partitioning = false) "
            "WHERE batch = ?",
            [batch.number],
        ).fetchall()
        if not touched:
            continue
        files = [held[path] for (path,) in touched]
        stays = f"batch <> {batch.number:d}"
        if table == NODES.name:
            stays += f" OR node_id IN ({_shown_by_others(batch)})"
        view = f"kept_{table}"
        connection.execute(
            f"CREATE OR REPLACE VIEW {quoted(view)} AS SELECT * FROM ({select_files(lake, table, files)}) WHERE {stays}"
        )
        changes[table] = Change(table, write_rows(lake, cast(Any, connection), table, view), tuple(files))
    return changes


def nodes_of_others(connection: Connection, batch: Batch) -> NDArray[np.int64]:
    """The nodes first shown by a batch that other batches show as well."""
    query = f"SELECT node_id FROM nodes WHERE batch = ? AND node_id IN ({_shown_by_others(batch)})"
    found = connection.sql(query, params=[batch.number]).to_arrow_table()["node_id"]
    return np.asarray(found.to_numpy(), dtype=np.int64)


def _shown_by_others(batch: Batch) -> str:
    others = f"WHERE batch <> {batch.number:d}"
    return f"SELECT node_id FROM events {others} UNION ALL SELECT a FROM links {others} UNION ALL SELECT b FROM links {others}"
