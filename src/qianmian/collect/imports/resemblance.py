"""Rows without an id of their own: is this file an earlier batch over again, a little longer?"""

from __future__ import annotations

from qianmian.core.errors import InputError
from qianmian.lake.connection import Connection

#: About as many rows as are compared; enough to tell a half from a coincidence.
SAMPLE_ROWS = 100_000
_SAME = "occurred_at, name, node_id, item_id, order_id, total"
_EQUAL = " AND ".join(f"earlier.{name} IS NOT DISTINCT FROM sampled.{name}" for name in _SAME.split(", "))


def refuse_lookalike(connection: Connection, source: str) -> None:
    """Ask what is meant if most rows equal rows that the source delivered before.

    Args:
        connection: has ``sound`` and the lake's ``events``.
        source: name of the data source.

    Raises:
        InputError: more than half of the rows equal earlier ones; names the batch.
    """
    connection.execute(
        f"""CREATE TABLE sampled AS SELECT DISTINCT {_SAME} FROM sound
        WHERE event_key % greatest(1, (SELECT count(*) FROM sound) // {SAMPLE_ROWS}) = 0"""
    )
    found = connection.execute(
        f"""SELECT batch, count(*), (SELECT count(*) FROM sampled) FROM (
            SELECT DISTINCT {_SAME}, batch FROM events
            WHERE source = ? AND day BETWEEN (SELECT min(day) FROM sound) AND (SELECT max(day) FROM sound)
        ) AS earlier SEMI JOIN sampled ON {_EQUAL}
        GROUP BY batch ORDER BY 2 DESC LIMIT 1""",
        [source],
    ).fetchall()
    if found and 2 * found[0][1] > found[0][2]:
        batch, equal, compared = found[0]
        raise InputError("lookalike", percent=equal * 100 // compared, batch=batch)
