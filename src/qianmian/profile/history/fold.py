"""Events become history: placed under their persons, coded, and dealt out by ranges of person_id."""

from __future__ import annotations

from qianmian.core.events import ORDER_COMPLETED, ORDER_REFUNDED
from qianmian.engines.base import Context, Output
from qianmian.lake.connection import Connection
from qianmian.profile.history.codes import WORD
from qianmian.profile.history.rows import COLUMNS
from qianmian.unify.fresh import FRESH_DAYS, fresh_or_corrected, show_corrected
from qianmian.unify.identity.place import placed, show_owners

#: Money by event: a payment counts on its date; a refund counts on its order's date, with the order's payer.
_MONEY = """
CREATE TEMP TABLE money AS
SELECT event_key, node_id AS money_node, (paid * 10000)::BIGINT AS amount, ordered_on AS effective_on FROM orders
WHERE batch > getvariable('batch') OR occurred_at > getvariable('instant')::TIMESTAMPTZ
   OR event_key IN (SELECT event_key FROM corrected)
UNION ALL
SELECT refunds.event_key, coalesce(order_node, refunds.node_id), (-amount * 10000)::BIGINT,
       coalesce(ordered_on, (refunds.occurred_at AT TIME ZONE getvariable('zone'))::DATE)
FROM refunds LEFT JOIN orders USING (source, order_id)
WHERE refunds.batch > getvariable('batch') OR refunds.occurred_at > getvariable('instant')::TIMESTAMPTZ
   OR refunds.event_key IN (SELECT event_key FROM corrected)
"""
_CODES = """
CREATE TEMP TABLE code_of_{kind} AS SELECT text AS {kind}_word, code::{type} AS {kind} FROM codes WHERE kind = '{kind}'
"""
_COUNTS = "SELECT count(*), count(*) FILTER (WHERE node_id = 0) FROM fresh"
_TYPES = {
    "event": "SMALLINT",
    "item": "INTEGER",
    "channel": "SMALLINT",
    "device_type": "SMALLINT",
    "region": "SMALLINT",
}

#: An event's first product stands on its main row; each further product has a row of its own without money.
_ROWS = f"""
CREATE TEMP VIEW unplaced AS
WITH further AS (
    SELECT event_key, line::SMALLINT AS line, {WORD["item"]} AS item_word FROM event_lines
    WHERE {FRESH_DAYS} OR event_key IN (SELECT event_key FROM corrected)),
main AS (
    -- of a payment or refund that is told twice only the first, which has the money, is something done
    SELECT event_key, coalesce(money_node, node_id) AS node_id, occurred_at,
           occurred_at AT TIME ZONE getvariable('zone') AS local, effective_on, coalesce(amount, 0) AS amount,
           name AS event_word, coalesce({WORD["item"]}, first_line.item_word) AS item_word,
           channel AS channel_word, device_type AS device_type_word, region AS region_word
    FROM fresh LEFT JOIN money USING (event_key)
    LEFT JOIN (SELECT event_key, item_word FROM further WHERE line = 0) AS first_line USING (event_key)
    WHERE money_node IS NOT NULL OR name NOT IN ('{ORDER_COMPLETED}', '{ORDER_REFUNDED}')),
lined AS (
    SELECT *, 0::SMALLINT AS line FROM main
    UNION ALL BY NAME
    SELECT main.* EXCLUDE (item_word, amount), further.item_word, 0::BIGINT AS amount, further.line
    FROM main JOIN further USING (event_key) WHERE further.line > 0)
SELECT node_id, occurred_at, event_key, local::DATE AS happened_on, coalesce(effective_on, local::DATE) AS effective_on,
       amount, coalesce(item, 0)::INTEGER AS item, event, line, hour(local)::TINYINT AS hour,
       coalesce(channel, 0)::SMALLINT AS channel, coalesce(device_type, 0)::SMALLINT AS device_type,
       coalesce(region, 0)::SMALLINT AS region
FROM lined JOIN code_of_event USING (event_word) LEFT JOIN code_of_item USING (item_word)
LEFT JOIN code_of_channel USING (channel_word) LEFT JOIN code_of_device_type USING (device_type_word)
LEFT JOIN code_of_region USING (region_word)
"""


def deal(context: Context, connection: Connection, relation: str) -> int:
    """Place history rows under their persons and deal them out by ranges of person_id; returns the rows.

    The connection is prepared by `show_owners`.
    """
    columns = ", ".join(COLUMNS)
    connection.execute(f"""
        CREATE TEMP VIEW dealt AS
        SELECT {columns}, (person_id >> getvariable('shift'))::INTEGER AS part FROM ({placed(connection, relation)})""")
    return context.deal(connection, "dealt", "fold")


def fold(context: Context) -> Output:
    """Deal the events that no build has folded yet, or wrongly, out to the exchange, as history rows.

    Params:
        batch, instant: how far the last build came (see `Folded`).
        zone: the workspace's time zone.
        shift: how far a person_id is shifted to give its part.
    """
    with context.connect("events", "event_lines", "orders", "refunds", "codes", "persons") as connection:
        days = show_corrected(context, connection)
        connection.execute(f"CREATE TEMP VIEW fresh AS {fresh_or_corrected(days)}")
        show_owners(connection)
        connection.execute(_MONEY)
        for kind, type_ in _TYPES.items():
            connection.execute(_CODES.format(kind=kind, type=type_))
        connection.execute(_ROWS)
        dealt = deal(context, connection, "unplaced")
        read, nobody = connection.execute(_COUNTS).fetchall()[0]
    return Output(summary={"rows": dealt, "nobody": nobody}, rows_read=read)
