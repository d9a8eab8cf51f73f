"""Which events a build does not count, because they are flagged and the shop leaves such events out."""

from __future__ import annotations

from qianmian.core.events import ORDER_COMPLETED, ORDER_REFUNDED
from qianmian.engines.base import Context, Output
from qianmian.lake.connection import fetch
from qianmian.unify.clean.rules import TRAFFIC
from qianmian.unify.fresh import CORRECTED

#: An event that is flagged several times is left out for the first reason that is declared.
_LEFT_OUT = f"""
CREATE TEMP TABLE out_now AS
WITH declared AS (
    SELECT unnest(getvariable('leave_out')::VARCHAR[]) AS reason,
           unnest(range(len(getvariable('leave_out')))) AS place),
found AS (
    SELECT event_key, node_id, occurred_at, name, reason, place FROM events
    JOIN declared ON reason IN ('{TRAFFIC}', '{TRAFFIC}.' || traffic) WHERE traffic IS NOT NULL
    UNION ALL SELECT event_key, node_id, occurred_at, name, reason, place FROM flags JOIN declared ON reason = rule)
SELECT event_key, any_value(node_id) AS node_id, any_value(occurred_at) AS occurred_at, any_value(name) AS name,
       arg_min(reason, place) AS reason
FROM found WHERE occurred_at <= getvariable('now') GROUP BY event_key
"""
#: Folded by an earlier build and left out only now, or left out by it and counted now. What history knows of an event
#: that is new here and was there is asked of events, whose batch tells it; mostly there is none, and nothing is read.
_CHANGED = """
CREATE TEMP TABLE changed AS
FROM (
    SELECT * EXCLUDE (reason) FROM out_now ANTI JOIN left_out USING (event_key)
    SEMI JOIN (SELECT event_key FROM events WHERE batch <= getvariable('batch')) AS folded USING (event_key)
    WHERE occurred_at <= getvariable('instant')::TIMESTAMPTZ
    UNION ALL SELECT event_key, node_id, occurred_at, name FROM left_out ANTI JOIN out_now USING (event_key))
WHERE NOT getvariable('anew');
CREATE TEMP VIEW wrong AS SELECT event_key, node_id, occurred_at, 0 AS part FROM changed
"""
#: Orders and refunds that an earlier build settled by an event that is left out now, or without one that counts now.
_UNSETTLED = f"""
SELECT count(*) FROM changed WHERE name IN ('{ORDER_COMPLETED}', '{ORDER_REFUNDED}') AND (
    event_key IN (SELECT event_key FROM left_out)
    OR event_key IN (SELECT event_key FROM orders UNION ALL SELECT event_key FROM refunds))
"""


def leave_out(context: Context) -> Output:
    """Write `left_out`, and deal out the events for which the last build decided otherwise, unless they unsettle money.

    Params:
        leave_out: reasons, see `Cleaning.leave_out`.
        batch, instant: how far the last build came (see `Folded`).
        anew: whether to begin anew.

    Returns:
        A summary of how many are ``left_out``, how many ``recounted``, the ``names`` of these, and how many of them
        make orders or refunds ``unsettled``.
    """
    with context.connect("events", "flags", "left_out", "orders", "refunds") as connection:
        connection.execute(_LEFT_OUT)
        connection.execute(_CHANGED)
        names = [name for (name,) in connection.execute("SELECT DISTINCT name FROM changed ORDER BY ALL").fetchall()]
        unsettled = connection.execute(_UNSETTLED).fetchall()[0][0] if names else 0
        recounted = 0 if unsettled or not names else context.deal(connection, "wrong", CORRECTED)
        rows = fetch(connection, "FROM out_now ORDER BY event_key")
    files = (context.write("left_out", rows),) if rows.num_rows else ()
    summary = {"left_out": rows.num_rows, "recounted": recounted, "names": names, "unsettled": unsettled}
    return Output({"left_out": files}, summary)
