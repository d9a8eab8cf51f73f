"""What the rows of an import say of their people, to find other records of the same ones: sealed, never in the lake."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from qianmian.collect.imports.shape import Shape
from qianmian.core.people import ORDER
from qianmian.lake.connection import Connection
from qianmian.privacy.details import Details, DetailStore, spelled

_AT_ONCE = 100_000


def keep(connection: Connection, shape: Shape, store: DetailStore, batch: int) -> None:
    """Seal the details of the rows that stand; of several rows of one identifier the latest.

    Args:
        connection: has ``sound`` and ``used``.
        shape: of the import.
        store: where they are kept.
        batch: number of the batch.
    """
    names = list(shape.mapping.match)
    if not names:
        return
    told = ", ".join(f"match_{name}" for name in names)
    query = f"""SELECT node_id, occurred_at AS stated_at, {told} FROM sound
        JOIN (SELECT "row", {told} FROM ({shape.typed()}) WHERE coalesce({told}) IS NOT NULL) USING ("row")
        WHERE node_id IN (SELECT node_id FROM used WHERE NOT starts_with(namespace, '{ORDER}:'))
        QUALIFY row_number() OVER (PARTITION BY node_id ORDER BY occurred_at DESC, "row" DESC) = 1"""
    found = connection.sql(query, params=shape.words.used_in(query)).to_arrow_table()
    for some in found.to_batches(max_chunksize=_AT_ONCE):
        store.keep([one for row in some.to_pylist() if (one := _details(row, names, batch)).fields])


def _details(row: dict[str, Any], names: list[str], batch: int) -> Details:
    fields = {name: spelling for name in names if (spelling := spelled(name, row[f"match_{name}"] or ""))}
    return Details(row["node_id"], batch, row["stated_at"].replace(tzinfo=UTC), fields)
