"""Sound rows become the lake's files: events and lines a file a day, links and nodes one file."""

from __future__ import annotations

from typing import Any, cast

from qianmian.collect.imports.mapping import Grain, Mapping
from qianmian.collect.imports.sql import Connection
from qianmian.collect.tables import EVENTS, ITEMS
from qianmian.lake.files import DataFile
from qianmian.lake.store import Lake
from qianmian.lake.write import write_rows

_LINE = "item_id, quantity, unit_price, amount, coupon_id"


def define_outputs(connection: Connection, mapping: Mapping, batch: int) -> None:
    """Make one view for each table to write, with its declared columns."""
    connection.execute(
        "CREATE TABLE stamp AS SELECT $source AS source, $batch::BIGINT AS batch",
        {
            "source": mapping.source,
            "batch": batch,
        },
    )
    stored = [name for name in EVENTS.names if name not in ("source", "batch")]
    connection.execute(
        f"CREATE VIEW out_events AS SELECT {', '.join(stored)}, source, batch FROM today, stamp WHERE is_head"
    )
    if mapping.grain is Grain.LINE:
        lines = "SELECT event_id, event_key, day, line, unnest(products) AS product FROM today"
    else:
        lines = (
            "SELECT event_id, event_key, day, generate_subscripts(products, 1) - 1 AS line, "
            "unnest(products) AS product FROM today WHERE len(products) > 0"
        )
    columns = ", ".join(f"product.{name.strip()}" for name in _LINE.split(","))
    connection.execute(
        "CREATE VIEW out_event_lines AS SELECT source, event_id, event_key, day, line, "
        f"{columns}, batch FROM ({lines}), stamp"
    )
    connection.execute(
        'CREATE VIEW out_links AS SELECT a, b, kind, rule, source, event_id, "at", batch FROM link_runs, stamp'
    )
    connection.execute(
        "CREATE VIEW out_nodes AS SELECT node_id, namespace, batch FROM used, stamp "
        "WHERE node_id NOT IN (SELECT node_id FROM nodes)"
    )


def write_outputs(lake: Lake, connection: Connection, tables: tuple[str, ...]) -> dict[str, tuple[DataFile, ...]]:
    """Write the rows of the output views; nothing is visible before the release."""
    return {table: write_rows(lake, cast(Any, connection), table, f"out_{table}") for table in tables}


def define_items(connection: Connection, mapping: Mapping, batch: int) -> None:
    """Make the view of the items to write."""
    connection.execute(
        "CREATE TABLE stamp AS SELECT $source AS source, $batch::BIGINT AS batch",
        {
            "source": mapping.source,
            "batch": batch,
        },
    )
    columns = ", ".join(name for name in ITEMS.names if name not in ("source", "batch"))
    connection.execute(f"CREATE VIEW out_items AS SELECT source, {columns}, batch FROM sound, stamp")
