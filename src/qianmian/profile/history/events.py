"""The events behind rows of history: history keeps their keys, the lake what they say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from qianmian.lake.connection import Connection, fetch
from qianmian.profile.history.files import column

#: A day's events are sorted by node: naming the nodes leaves most of them unread.
_OF_NODES = "node_id IN (SELECT unnest($nodes))"


def events_behind(
    connection: Connection, query: str, rows: pa.Table, values: Mapping[str, Any] | None = None
) -> dict[int, Mapping[str, Any]]:
    """What a query tells of the events behind some rows, by ``event_key``; of those undone since the build, nothing.

    Args:
        connection: has the views that the query reads.
        query: SELECT with ``event_key`` among its columns; it finds the events by ``$keys`` and ``$days`` and has
            ``{where}`` where a further condition on ``events`` may stand.
        rows: rows of history.
        values: what else the query binds.
    """
    keys, nodes = (sorted(set(column(rows, name).tolist())) for name in ("event_key", "node_id"))
    days = sorted({instant.date() for instant in rows.column("occurred_at").to_pylist()})
    asked = {"keys": keys, "days": days, **(values or {})}
    found = fetch(connection, query.format(where=_OF_NODES), {**asked, "nodes": nodes}).to_pylist()
    missing = sorted(set(keys) - {row["event_key"] for row in found})
    if missing:  # history has a refund under its order's node
        found += fetch(connection, query.format(where="true"), {**asked, "keys": missing}).to_pylist()
    return {row["event_key"]: row for row in found}
