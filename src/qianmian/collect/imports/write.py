"""Sound rows become the lake's files: events and lines a file a day, links and nodes one file."""

from __future__ import annotations

from qianmian.collect.imports.mapping import LINE_FIELDS, Grain, Mapping
from qianmian.collect.tables import CONTEXT, EVENTS, ITEM_CHANGES, ITEMS
from qianmian.lake.connection import Connection
from qianmian.lake.files import DataFile
from qianmian.lake.store import Lake
from qianmian.lake.write import write_rows


def stamp(connection: Connection, mapping: Mapping, batch: int) -> None:
    """Make the one-row table ``stamp``: what every row of the batch has in common."""
    values = {"source": mapping.source, "batch": batch}
    connection.execute("CREATE TABLE stamp AS SELECT $source AS source, $batch::BIGINT AS batch", values)


def define_day_outputs(connection: Connection, grain: Grain) -> None:
    """Make the temporary views of the events and lines of ``stretch``, with their declared columns."""
    stored = ", ".join(name for name in EVENTS.names if name not in ("source", "batch"))
    events = f"SELECT {stored}, source, batch FROM stretch, stamp WHERE is_head"
    connection.execute(f"CREATE OR REPLACE TEMP VIEW out_events AS {events}")
    if grain is Grain.LINE:
        lines = "SELECT event_id, event_key, day, line, unnest(products) AS product FROM stretch"
    else:
        lines = (
            "SELECT event_id, event_key, day, generate_subscripts(products, 1) - 1 AS line, "
            "unnest(products) AS product FROM stretch WHERE len(products) > 0"
        )
    columns = ", ".join(f"product.{name}" for name in LINE_FIELDS)
    connection.execute(
        "CREATE OR REPLACE TEMP VIEW out_event_lines AS SELECT source, event_id, event_key, day, line, "
        f"{columns}, batch FROM ({lines}), stamp"
    )


def define_whole_outputs(connection: Connection) -> None:
    """Make the views of the batch's links and new nodes."""
    connection.execute(
        'CREATE VIEW out_links AS SELECT a, b, kind, rule, source, event_id, "at", batch FROM link_runs, stamp'
    )
    connection.execute(
        "CREATE VIEW out_nodes AS SELECT node_id, namespace, batch FROM used ANTI JOIN nodes USING (node_id), stamp"
    )


def write_outputs(lake: Lake, connection: Connection, tables: tuple[str, ...]) -> dict[str, tuple[DataFile, ...]]:
    """Write the rows of the output views; nothing is visible before the release."""
    return {table: write_rows(lake, connection, table, f"out_{table}") for table in tables}


def define_items(connection: Connection) -> None:
    """Make the views of the items, and of the changes of items, to write."""
    for table in (ITEMS, ITEM_CHANGES):
        columns = ", ".join(name for name in table.names if name not in ("source", "batch", "change_id"))
        change = "content AS change_id, " if table is ITEM_CHANGES else ""
        connection.execute(f"CREATE VIEW out_{table.name} AS SELECT source, {columns}, {change}batch FROM sound, stamp")


def define_context(connection: Connection) -> None:
    """Make the view of the facts to write."""
    columns = ", ".join(name for name in CONTEXT.names if name not in ("source", "batch"))
    connection.execute(f"CREATE VIEW out_context AS SELECT source, {columns}, batch FROM sound, stamp")
