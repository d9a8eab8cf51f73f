"""Facts of the shop's context: regions, the calendar, policies; of a fact, the newest batch's row stands."""

from __future__ import annotations

from qianmian.collect.context import standing_facts
from qianmian.collect.imports.check import DUPLICATE, verdict
from qianmian.collect.imports.dedupe import drop_told_twice, keep_standing
from qianmian.collect.imports.shape import Shape
from qianmian.lake.connection import Connection
from qianmian.privacy.masking import mask_sql

_CONTENT = ("name", "parent", "first_on", "last_on", "attributes")
_DIGEST = f"md5(to_json(struct_pack({', '.join(f'{name} := {name}' for name in _CONTENT)}))::VARCHAR)"
_MASKED = f"{mask_sql('name')} AS name, {mask_sql('attributes', json=True)} AS attributes"


def stage_context(connection: Connection, shape: Shape) -> None:
    """Make the table ``staged``; refused rows are in it, with their verdict."""
    checked = f"SELECT * REPLACE ({_MASKED}), {verdict(shape.checks)} AS verdict FROM ({shape.typed()})"
    query = f"""CREATE TABLE staged AS
        SELECT "row", verdict, kind, fact_id, {", ".join(_CONTENT)}, {_DIGEST} AS content FROM ({checked})"""
    connection.execute(query, shape.words.used_in(query))


def drop_repeated_context(connection: Connection, shape: Shape, replaced_batch: int) -> None:
    """Note in ``drops`` the facts that stand already or that the file tells twice, and make ``sound`` of the rest."""
    standing = standing_facts("source = ? AND batch <> ?")
    connection.execute(
        f"""INSERT INTO drops ("row", why)
        SELECT "row", '{DUPLICATE}' FROM staged WHERE verdict IS NULL AND (kind, fact_id, content) IN (
            SELECT (kind, fact_id, {_DIGEST}) FROM ({standing}))""",
        [shape.mapping.source, replaced_batch],
    )
    drop_told_twice(connection, "kind, fact_id")
    keep_standing(connection)
