"""The staged layer: typed rows with nodes, keys and masks.

Few rows are a table; many are files, a folder a UTC day, so that each day is sorted alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from qianmian.collect.event_key import event_key_sql
from qianmian.collect.imports.check import verdict
from qianmian.collect.imports.identify import Who
from qianmian.collect.imports.mentions import Mention, pseudonymous
from qianmian.collect.imports.personal_data import PersonalData, left_out_sql
from qianmian.collect.imports.report import Masked
from qianmian.collect.imports.shape import Shape, from_file
from qianmian.lake.connection import Connection, literal
from qianmian.privacy.masking import count_sql, mask_sql

#: Fields whose text may hold a phone or an e-mail that nobody declared. Ids are left alone: a mask would break joins.
MASKABLE = ("name", "channel", "device_type", "region", "consent")
#: The payment event: its order number is tied to who paid.
PAYMENT = "Order Completed"
#: Folder of the staged layer inside the scratch folder.
STAGED = "staged"
#: As many rows stay in memory: to write and read them again would cost more than to sort them.
_FEW_ROWS = 500_000
_REFUSED_DAY = "DATE '1000-01-01'"
_PLAIN = ("client_at", "sent_at", "received_at", "kind", "item_id", "order_id", "refund_id", "total", "currency")


def stage_events(
    connection: Connection,
    shape: Shape,
    named: tuple[Who, ...],
    mentioned: tuple[Mention, ...],
    scratch: Path,
    *,
    traffic: str = "traffic",
) -> None:
    """Make the staged layer, the table ``staged`` or a view over files; refused rows are in it, with their verdict.

    Args:
        connection: has the tables of identifiers.
        shape: of the import.
        named: who is named.
        mentioned: who is mentioned.
        scratch: folder of the staged layer.
        traffic: SQL of why an event is flagged, over the typed layer and its nodes.
    """
    folder = scratch / STAGED
    masked = masked_columns(shape)
    checked = _masked(masked, f"SELECT *, {verdict(shape.checks)} AS verdict FROM ({shape.typed()})")
    properties = "masked_properties" if "properties" in masked else "properties"
    if shape.personal_data is PersonalData.DROP and "properties" in masked:
        properties = left_out_sql("properties", properties)
    ids = [*((who.ids, f"checked.{who.value}") for who in named), *((one.ids, one.value) for one in mentioned)]
    joins = " ".join(f"LEFT JOIN {table} ON {value} = {table}.value" for table, value in ids)
    people = [who for who in named if who.node != "n_order"]
    key = f"coalesce({', '.join([*(f'{who.ids}.node_id' for who in people), 'NULL'])})"
    nodes = [f"{who.ids}.node_id AS {who.node}" for who in people]
    if any(who.node == "n_order" for who in named):
        nodes.append(f"CASE WHEN name = '{PAYMENT}' OR {key} IS NULL THEN ids_order.node_id END AS n_order")
    order = "n_order, " if len(nodes) > len(people) else ""
    columns = [
        '"row"',
        "verdict",
        f"CASE WHEN verdict IS NULL THEN happened_at::DATE ELSE {_REFUSED_DAY} END AS day",
        "happened_at AS occurred_at",
        "event_id",
        f"{event_key_sql(shape.words.bind(shape.mapping.source), 'event_id')} AS event_key",
        *_PLAIN,
        f"{traffic} AS traffic",
        *nodes,
        f"coalesce({key}, {order}0) AS node_id",
        "products",
        *(f"masked_{name} AS {name}" if name in masked else name for name in MASKABLE),
        f"{pseudonymous(properties, mentioned)} AS properties",
    ]
    changed = [f"{name} IS DISTINCT FROM masked_{name}" for name in masked]
    columns.append(f"({' OR '.join(changed) or 'false'}) AS masked")
    rows = f"SELECT {', '.join(columns)} FROM ({checked}) AS checked {joins}"
    if is_few(shape):
        connection.execute(f"CREATE TABLE staged AS {rows}", shape.words.used_in(rows))
        return
    query = f"COPY ({rows}) TO {literal(str(folder))} (FORMAT parquet, PARTITION_BY (day))"
    connection.execute(query, shape.words.used_in(query))
    connection.execute(f"CREATE VIEW staged AS SELECT * FROM {read_days(folder)}")


def is_few(shape: Shape) -> bool:
    """Whether the rows of an import stay in memory from typing them to writing them."""
    return shape.raw.rows <= _FEW_ROWS


def count_masked(connection: Connection, shape: Shape) -> tuple[Masked, ...]:
    """How much was masked, by column and kind; reads again only the rows in which something was."""
    masked = masked_columns(shape)
    hit = "SELECT 1 FROM staged WHERE masked AND verdict IS NULL LIMIT 1"
    if not masked or not connection.execute(hit).fetchall():
        return ()  # planning the count costs more than a small import
    typed = shape.typed('WHERE "row" IN (SELECT "row" FROM staged WHERE masked AND verdict IS NULL)')
    counts = ", ".join(count_sql(name, f"masked_{name}") for name in masked)
    query = f"WITH typed AS MATERIALIZED ({typed}) SELECT {counts} FROM ({_masked(masked, 'FROM typed')})"
    found = connection.execute(query, shape.words.used_in(query)).fetchall()[0]
    return tuple(
        Masked(name, kind, count)
        for name, kinds in zip(masked, found, strict=True)
        for kind, count in kinds.items()
        if count
    )


def _masked(names: list[str], rows: str) -> str:
    """Rows with the masks of some columns; patterns are written once for all plain texts: to read one costs."""
    plain = [name for name in names if name != "properties"]
    masks = [f"list_transform([{', '.join(plain)}], lambda text: {mask_sql('text')}) AS masks"] if plain else []
    if "properties" in names:
        masks.append(f"{mask_sql('properties', json=True)} AS masked_properties")
    single = "".join(f", masks[{place}] AS masked_{name}" for place, name in enumerate(plain, 1))
    return f"SELECT *{single} FROM (SELECT {', '.join(['*', *masks])} FROM ({rows}))"


def has_personal_data(shape: Shape) -> str:
    """SQL over the typed layer: something is found that would be masked."""
    return " OR ".join(
        f"{name} IS DISTINCT FROM {mask_sql(name, json=name == 'properties')}" for name in masked_columns(shape)
    )


def masked_columns(shape: Shape) -> list[str]:
    """The text columns that the file can reach."""
    fields = [name for name in MASKABLE if from_file(shape.mapping.fields.get(name))]
    properties = shape.mapping.properties
    told = properties.columns or properties.fields or properties.whole or properties.rest
    return [*fields, *(["properties"] if told else [])]


def read_days(folder: Path, days: Iterable[date] = ()) -> str:
    """The relation over a folder of days; only over some of them, if they are given."""
    folders = [f"day={day.isoformat()}" for day in days] or ["*"]
    files = ", ".join(literal(str(folder / one / "*.parquet")) for one in folders)
    return f"read_parquet([{files}], hive_partitioning = true, hive_types = {{'day': DATE}})"
