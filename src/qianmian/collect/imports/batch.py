"""A batch as a whole: how the lake remembers its file, and how its rows leave again.

The lake remembers a file with its mapping as a *stream* with a number that only grows: odd = imported, even = undone.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from qianmian.collect.imports.mapping import Grain, Mapping
from qianmian.collect.tables import CONTEXT, EVENT_LINES, EVENTS, ITEM_CHANGES, ITEMS, LINKS, NODES
from qianmian.lake.connection import Connection
from qianmian.lake.files import Change, Position
from qianmian.lake.rewrite import rewrite_without
from qianmian.lake.snapshot import Snapshot
from qianmian.lake.store import Lake

EVENT_TABLES = (LINKS.name, NODES.name, ITEM_CHANGES.name, EVENT_LINES.name, EVENTS.name)
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Batch:
    """An import that was released.

    Attributes:
        number: its number in the catalogue.
        stream: the ``stream`` of its report.
        leader: ``events``, or ``items`` for goods that are stated whole, or ``context``.
    """

    number: int
    stream: str
    leader: str = EVENTS.name


def leader_of(mapping: Mapping) -> str:
    """The table whose release shows what a mapping makes of a file."""
    if mapping.grain is Grain.CONTEXT:
        return CONTEXT.name
    return ITEMS.name if mapping.grain is Grain.ITEM and not mapping.is_partial else EVENTS.name


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


def find_orphans(connection: Connection, batch: Batch, staying: str = "") -> list[int]:
    """Make the table ``orphans``: the nodes that only this batch shows.

    Args:
        connection: sees the lake's tables as views.
        batch: what will leave.
        staying: SQL of more nodes that stay, such as those of a batch that takes its place.
    """
    shown = "SELECT node_id FROM events {0} UNION ALL SELECT a FROM links {0} UNION ALL SELECT b FROM links {0}"
    ours, theirs = (shown.format(f"WHERE batch {sign} {batch.number:d}") for sign in ("=", "<>"))
    also = f"EXCEPT ({staying})" if staying else ""
    connection.execute(
        f"CREATE TABLE orphans AS SELECT * FROM (({ours}) EXCEPT ({theirs}) {also}) AS o(node_id) WHERE node_id <> 0"
    )
    return [node for (node,) in connection.execute("SELECT node_id FROM orphans").fetchall()]


def removal(lake: Lake, connection: Connection, snapshot: Snapshot, batch: Batch) -> dict[str, Change]:
    """Rewrite the files that hold rows of a batch without them; nothing is visible before the release.

    Args:
        lake: holds the batch.
        connection: sees the snapshot's tables as views, and ``orphans``.
        snapshot: what the batch is removed from.
        batch: what leaves.

    Returns:
        The change of each table that held rows of the batch.
    """
    changes = {}
    for table in EVENT_TABLES if batch.leader == EVENTS.name else (batch.leader,):
        leaves = (
            "held.node_id IN (SELECT node_id FROM orphans)" if table == NODES.name else f"held.batch = {batch.number:d}"
        )
        change = rewrite_without(lake, connection, snapshot, table, leaves)
        if change:
            changes[table] = change
    return changes
