"""Goods: one row an item and period of validity; small enough to stay in memory."""

from __future__ import annotations

from qianmian.collect.imports.check import DUPLICATE, Reason, verdict
from qianmian.collect.imports.shape import Shape
from qianmian.lake.connection import Connection

_CONTENT = ("title", "category_id", "brand_id", "price", "cost", "stock")
_BEGINNING = "TIMESTAMPTZ '1970-01-01 00:00:00+00'"


def stage_items(connection: Connection, shape: Shape) -> None:
    """Make the table ``staged``. A row without ``valid_from`` holds from the beginning if the item is new, else now."""
    content = ", ".join(f"{name} := {name}" for name in _CONTENT)
    checked = f"SELECT *, {verdict(shape.checks)} AS verdict FROM ({shape.typed()})"
    query = f"""CREATE TABLE staged AS
        SELECT "row", verdict, item_id, valid_from IS NULL AS undated, {", ".join(_CONTENT)},
            coalesce(valid_from, CASE WHEN item_id IN (SELECT item_id FROM items WHERE source = $source)
                THEN $now::TIMESTAMPTZ ELSE {_BEGINNING} END) AS valid_from,
            md5(to_json(struct_pack({content}))::VARCHAR) AS content
        FROM ({checked})"""
    values = {"source": shape.mapping.source, "now": shape.now}
    connection.execute(query, {**shape.words.used_in(query), **values})


def drop_repeated_items(connection: Connection, shape: Shape, replaced_batch: int) -> None:
    """Note in ``drops`` the rows that the lake holds, or that stand twice in the file."""
    content = ", ".join(f"{name} := {name}" for name in _CONTENT)
    connection.execute(
        f"""CREATE TABLE held AS
        SELECT item_id, valid_from, md5(to_json(struct_pack({content}))::VARCHAR) AS content,
            row_number() OVER (PARTITION BY item_id ORDER BY valid_from DESC) = 1 AS latest
        FROM items WHERE source = ? AND batch <> ?""",
        [shape.mapping.source, replaced_batch],
    )
    connection.execute(
        f"""INSERT INTO drops ("row", why)
        SELECT "row",
            CASE WHEN bool_or(held.content = staged.content) THEN '{DUPLICATE}' ELSE '{Reason.ID_CONFLICT}' END
        FROM staged JOIN held ON held.item_id = staged.item_id AND (held.valid_from = staged.valid_from
            OR (undated AND latest AND held.content = staged.content))
        WHERE verdict IS NULL GROUP BY "row" """
    )
    connection.execute(
        f"""INSERT INTO drops ("row", why)
        SELECT "row", CASE WHEN content = first THEN '{DUPLICATE}' ELSE '{Reason.ID_CONFLICT}' END
        FROM (
            SELECT "row", content, first_value(content) OVER same AS first, row_number() OVER same AS place
            FROM staged WHERE verdict IS NULL AND "row" NOT IN (SELECT "row" FROM drops)
            WINDOW same AS (PARTITION BY item_id, valid_from ORDER BY "row")
        )
        WHERE place > 1"""
    )
    connection.execute(
        'CREATE VIEW sound AS SELECT * FROM staged WHERE verdict IS NULL AND "row" NOT IN (SELECT "row" FROM drops)'
    )
