"""Goods: one row an item and period of validity, or one a change of an item; small enough to stay in memory."""

from __future__ import annotations

from qianmian.collect.goods import item_states
from qianmian.collect.imports.check import DUPLICATE, Reason, verdict
from qianmian.collect.imports.dedupe import drop_told_twice, keep_standing
from qianmian.collect.imports.shape import Shape
from qianmian.lake.connection import Connection
from qianmian.privacy.masking import mask_sql

_CONTENT = (
    *("title", "category_id", "brand_id", "price", "cost", "stock"),
    *("spu_id", "attributes", "image_url", "is_delisted"),
)
#: Text that may hold a phone or an e-mail that nobody declared. Ids and addresses are left alone: a mask breaks them.
_MASKED = {"title": False, "attributes": True}
#: An item that nobody says to be off sale is on sale.
_STATED = {name: name for name in _CONTENT} | {"is_delisted": "coalesce(is_delisted, false)"}
_DIGEST = f"md5(to_json(struct_pack({', '.join(f'{name} := {sql}' for name, sql in _STATED.items())}))::VARCHAR)"
_BEGINNING = "TIMESTAMPTZ '1970-01-01 00:00:00+00'"


def stage_items(connection: Connection, shape: Shape) -> None:
    """Make the table ``staged``.

    A row without ``valid_from`` holds from the beginning if the item is new, else now; a change always now.
    """
    beginning = "$now::TIMESTAMPTZ" if shape.mapping.is_partial else _BEGINNING
    masked = ", ".join(f"{mask_sql(name, json=json)} AS {name}" for name, json in _MASKED.items())
    checked = f"SELECT * REPLACE ({masked}), {verdict(shape.checks)} AS verdict FROM ({shape.typed()})"
    query = f"""CREATE TABLE staged AS
        SELECT "row", verdict, item_id, valid_from IS NULL AS undated, {", ".join(_CONTENT)},
            coalesce(valid_from, CASE WHEN item_id IN (SELECT item_id FROM items WHERE source = $source)
                THEN $now::TIMESTAMPTZ ELSE {beginning} END) AS valid_from,
            {_DIGEST} AS content
        FROM ({checked})"""
    values = {"source": shape.mapping.source, "now": shape.now}
    connection.execute(query, {**shape.words.used_in(query), **values})


def drop_repeated_items(connection: Connection, shape: Shape, replaced_batch: int) -> None:
    """Note in ``drops`` the rows that the lake holds, or that stand twice in the file."""
    values = [shape.mapping.source, replaced_batch]
    connection.execute(
        f"""CREATE TABLE held AS
        SELECT item_id, valid_from, {_DIGEST} AS content, false AS latest FROM items WHERE source = $1 AND batch <> $2
        UNION ALL
        SELECT item_id, valid_from, {_DIGEST}, true
        FROM ({item_states(*_CONTENT, where="source = $1 AND batch <> $2")})
        QUALIFY row_number() OVER (PARTITION BY item_id ORDER BY valid_from DESC) = 1""",
        values,
    )
    connection.execute(
        f"""INSERT INTO drops ("row", why)
        SELECT "row",
            CASE WHEN bool_or(held.content = staged.content) THEN '{DUPLICATE}' ELSE '{Reason.ID_CONFLICT}' END
        FROM staged JOIN held ON held.item_id = staged.item_id AND CASE WHEN latest
            THEN undated AND held.content = staged.content ELSE held.valid_from = staged.valid_from END
        WHERE verdict IS NULL GROUP BY "row" """
    )
    drop_told_twice(connection, "item_id, valid_from")
    keep_standing(connection)


def drop_repeated_changes(connection: Connection, shape: Shape, replaced_batch: int) -> None:
    """Note in ``drops`` the changes that the lake holds, or that the file tells twice."""
    connection.execute(
        f"""INSERT INTO drops ("row", why)
        SELECT "row", '{DUPLICATE}' FROM staged WHERE verdict IS NULL
        QUALIFY row_number() OVER (PARTITION BY item_id, valid_from, content ORDER BY "row") > 1
            OR (item_id, valid_from, content) IN (
                SELECT (item_id, valid_from, change_id) FROM item_changes WHERE source = ? AND batch <> ?)""",
        [shape.mapping.source, replaced_batch],
    )
    keep_standing(connection)
