"""Events become history: placed under their persons, coded, and dealt out by ranges of person_id."""

from __future__ import annotations

from qianmian.core.events import ORDER_COMPLETED, ORDER_REFUNDED
from qianmian.engines.base import Context, Output
from qianmian.lake.connection import Connection
from qianmian.profile.history.codes import learn_words, read_words
from qianmian.profile.history.rows import COLUMNS
from qianmian.unify.fresh import FRESH_DAYS, fresh_or_corrected, show_corrected
from qianmian.unify.identity.place import placed, show_owners
from qianmian.unify.normal.words import Words

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
_COUNTS = "SELECT count(*), count(*) FILTER (WHERE node_id = 0) FROM fresh"
#: What of an event becomes history.
_READ = "event_key, node_id, occurred_at, name, source, item_id, channel, device_type, region"

#: An event's first product stands on its main row; each further product has a row of its own without money.
_LINES = f"""
CREATE TEMP TABLE lines AS
SELECT event_key, line::SMALLINT AS line, item_code FROM event_lines LEFT JOIN code_of_item USING (source, item_id)
WHERE {FRESH_DAYS} OR event_key IN (SELECT event_key FROM corrected)
"""
#: Of a payment or refund that is told twice only the first, which has the money, is something done.
_MAIN = f"""
SELECT event_key, coalesce(money_node, node_id) AS node_id, occurred_at,
       occurred_at AT TIME ZONE getvariable('zone') AS local, effective_on, coalesce(amount, 0) AS amount,
       source, item_id, event_code AS event, coalesce(channel_code, 0)::SMALLINT AS channel,
       coalesce(device_type_code, 0)::SMALLINT AS device_type, coalesce(region_code, 0)::SMALLINT AS region
FROM {{events}} LEFT JOIN money USING (event_key) JOIN code_of_event ON name = event_word
LEFT JOIN code_of_channel ON channel = channel_word LEFT JOIN code_of_device_type ON device_type = device_type_word
LEFT JOIN code_of_region ON region = region_word
WHERE money_node IS NOT NULL OR name NOT IN ('{ORDER_COMPLETED}', '{ORDER_REFUNDED}')
"""
_ROW = """
SELECT node_id, occurred_at, event_key, local::DATE AS happened_on, coalesce(effective_on, local::DATE) AS effective_on,
       {amount}::BIGINT AS amount, coalesce({item}, 0)::INTEGER AS item, event, {line} AS line,
       hour(local)::TINYINT AS hour, channel, device_type, region
"""
#: Two branches that each read the events: a shared step would keep all of them, words and all, in memory.
_ROWS = f"""
CREATE TEMP VIEW unplaced AS
{_ROW.format(amount="amount", item="coalesce(code_of_item.item_code, lines.item_code)", line="0::SMALLINT")}
FROM ({_MAIN.format(events="fresh")}) LEFT JOIN code_of_item USING (source, item_id)
LEFT JOIN (FROM lines WHERE line = 0) AS lines USING (event_key)
UNION ALL
{_ROW.format(amount="0", item="lines.item_code", line="lines.line")}
FROM ({_MAIN.format(events="(FROM fresh SEMI JOIN (FROM lines WHERE line > 0) AS further USING (event_key)) AS fresh")})
JOIN (FROM lines WHERE line > 0) AS lines USING (event_key)
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
        anew: whether to begin anew: then the events are many, and read where they lie.
        zone: the workspace's time zone.
        shift: how far a person_id is shifted to give its part.
        words: how words are read.
    """
    anew = bool(context.params["anew"])
    tables = ("events", "left_out", "event_lines", "orders", "refunds", "items", "item_changes")
    with context.connect(*tables, "codes", "normal_words", "persons") as connection:
        days = show_corrected(context, connection)
        connection.execute(f"CREATE TEMP {'VIEW' if anew else 'TABLE'} fresh AS {fresh_or_corrected(days, _READ)}")
        normal = read_words(connection, Words.from_json(str(context.params["words"])))
        learned = learn_words(connection)
        for step in (_MONEY, _LINES, _ROWS):
            connection.execute(step)
        show_owners(connection, "" if anew else "SELECT node_id FROM fresh UNION SELECT money_node FROM money")
        dealt = deal(context, connection, "unplaced")
        read, nobody = connection.execute(_COUNTS).fetchall()[0]
    files = {
        name: (context.write(name, rows),)
        for name, rows in (("codes", learned), ("normal_words", normal))
        if rows.num_rows
    }
    return Output(files, {"rows": dealt, "nobody": nobody}, rows_read=read)
