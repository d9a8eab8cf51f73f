"""Orders with their refunds: the money of the shop, each order once, each refund once."""

from __future__ import annotations

from qianmian.core.events import ORDER_COMPLETED, ORDER_REFUNDED
from qianmian.engines.base import Context, Output
from qianmian.lake.connection import fetch
from qianmian.unify.fresh import CORRECTED, FRESH_DAYS, fresh
from qianmian.unify.identity.place import placed, show_owners
from qianmian.unify.normal.rates import RATED, converted, holds, show_rates

#: Orders and refunds of which anything is new: the rest of both tables stays as it is.
_TOUCHED = f"""
CREATE TEMP TABLE touched_refunds AS
    SELECT source, coalesce(refund_id, event_id) AS refund_id FROM money_events WHERE name = '{ORDER_REFUNDED}';
CREATE TEMP TABLE touched AS
    SELECT source, CASE name WHEN '{ORDER_COMPLETED}' THEN coalesce(order_id, event_id) ELSE order_id END AS order_id
    FROM money_events
    UNION SELECT source, order_id FROM refunds SEMI JOIN touched_refunds USING (source, refund_id)
    UNION SELECT source, order_id FROM orders SEMI JOIN (
        SELECT node_id FROM moved WHERE version = getvariable('version')) AS moved USING (node_id);
"""
_READ = "source, event_id, event_key, name, node_id, occurred_at, order_id, refund_id, total, currency, batch"
_FRESH_MONEY = f"""
CREATE TEMP TABLE money_events AS
FROM ({fresh(_READ)}) WHERE name IN ('{ORDER_COMPLETED}', '{ORDER_REFUNDED}')
"""
_LINES = f"""
CREATE TEMP TABLE lines AS
SELECT event_key, sum(coalesce(amount, try_cast(quantity * unit_price AS DECIMAL(18,4)))) AS lines_total
FROM event_lines SEMI JOIN money_events USING (event_key) WHERE {FRESH_DAYS} GROUP BY event_key
"""
_PAYMENTS = f"""
CREATE TEMP TABLE payments AS
WITH numbered AS (
    SELECT source, event_id, any_value(b) AS order_node FROM links
    WHERE rule = 'order_number' AND (batch > getvariable('batch') OR "at" >= getvariable('instant')::TIMESTAMPTZ)
    GROUP BY ALL),
told AS (
    SELECT source, coalesce(order_id, event_id) AS order_id, event_key, node_id,
           coalesce(numbered.order_node, node_id) AS order_node, occurred_at,
           (occurred_at AT TIME ZONE getvariable('zone'))::DATE AS ordered_on,
           coalesce(total, lines_total, 0) AS paid, lines_total, currency, batch
    FROM money_events LEFT JOIN lines USING (event_key) LEFT JOIN numbered USING (source, event_id)
    WHERE name = '{ORDER_COMPLETED}'),
arrived AS (
    SELECT source, order_id, event_key, node_id, order_node, occurred_at, ordered_on, {converted("paid")} AS paid,
           {converted("lines_total")} AS lines_total, {RATED} AS currency, rate_of AS paid_in,
           rate::DOUBLE AS rate, batch
    FROM told LEFT JOIN rates ON {holds("currency", "ordered_on")}
    UNION ALL
    SELECT source, order_id, event_key, node_id, order_node, occurred_at, ordered_on, paid, lines_total, currency,
           paid_in, rate, batch
    FROM orders SEMI JOIN touched USING (source, order_id) WHERE NOT getvariable('anew'))
SELECT * FROM arrived
QUALIFY row_number() OVER (PARTITION BY source, order_id ORDER BY batch, occurred_at, event_key) = 1
"""
#: Money given back counts on its order's date, so it has the rate of then; without a currency, its order's.
#: Some shops write a refund with money or pieces below zero, some as they were sold; both give money back.
_RETURNS = f"""
CREATE TEMP TABLE returns AS
WITH arrived AS (
    SELECT source, coalesce(refund_id, event_id) AS refund_id, order_id, event_key, node_id, occurred_at,
           abs(coalesce(total, lines_total, 0)) AS stated, currency, batch
    FROM money_events LEFT JOIN lines USING (event_key) WHERE name = '{ORDER_REFUNDED}'
    UNION ALL
    SELECT source, refund_id, order_id, event_key, node_id, occurred_at, stated, currency, batch
    FROM (FROM refunds SEMI JOIN touched USING (source, order_id)
          UNION FROM refunds SEMI JOIN touched_refunds USING (source, refund_id))
    WHERE NOT getvariable('anew')),
once AS (
    SELECT * FROM arrived
    QUALIFY row_number() OVER (PARTITION BY source, refund_id ORDER BY batch, occurred_at, event_key) = 1),
dated AS (
    SELECT once.*, payments.order_id IS NOT NULL AS matched,
           coalesce(once.currency, paid_in, payments.currency) AS told_in,
           coalesce(ordered_on, (once.occurred_at AT TIME ZONE getvariable('zone'))::DATE) AS counted_on
    FROM once LEFT JOIN payments USING (source, order_id))
SELECT dated.* EXCLUDE (told_in, counted_on), {converted("stated")} AS amount
FROM dated LEFT JOIN rates ON {holds("told_in", "counted_on")}
"""
_ORDERS = """
WITH given_back AS (SELECT source, order_id, sum(amount) AS refunded FROM returns WHERE matched GROUP BY ALL),
owned AS (SELECT *, 0::BIGINT AS person_id FROM payments WHERE node_id = 0 UNION ALL BY NAME (FROM placed_payments))
SELECT owned.*, coalesce(refunded, 0)::DECIMAL(18,4) AS refunded, (paid - coalesce(refunded, 0))::DECIMAL(18,4) AS net
FROM owned LEFT JOIN given_back USING (source, order_id)
ORDER BY source, order_id
"""
_REFUNDS = "SELECT * FROM returns ORDER BY source, refund_id"
_KEPT = """
SELECT (SELECT count(*) FROM orders ANTI JOIN touched USING (source, order_id)),
       (SELECT count(*) FROM refunds ANTI JOIN returns USING (source, refund_id))
"""
#: Money of which an earlier build thought otherwise: a refund finds its order only now, or an earlier batch tells of
#: the same payment or refund, once its instant has come. Their rows of history, under the node of then, are wrong.
_CORRECTED = """
CREATE TEMP TABLE corrected AS
WITH doubted AS (
    SELECT orders.* FROM orders JOIN payments USING (source, order_id) WHERE payments.event_key <> orders.event_key)
SELECT event_key, node_id, occurred_at, 0 AS part FROM doubted WHERE NOT getvariable('anew')
UNION ALL
SELECT refunds.event_key, coalesce(orders.order_node, refunds.node_id), refunds.occurred_at, 0
FROM refunds JOIN returns USING (source, refund_id)
LEFT JOIN orders ON refunds.source = orders.source AND refunds.order_id = orders.order_id
LEFT JOIN doubted ON refunds.source = doubted.source AND refunds.order_id = doubted.order_id
WHERE NOT getvariable('anew') AND (
    returns.matched <> refunds.matched OR returns.event_key <> refunds.event_key OR doubted.order_id IS NOT NULL)
"""


def settle(context: Context) -> Output:
    """Bring `orders` and `refunds` up to the snapshot's instant, and deal out which events history has wrong.

    Params:
        build: number of the build.
        version: the identity version that moved people.
        batch, instant: how far the last build came (see `Folded`).
        zone: the workspace's time zone.
        anew: whether to begin anew instead of going on from the last build's rows.
        rates, currency: what other currencies are worth in the shop's.
    """
    tables = ("events", "left_out", "event_lines", "links", "persons", "moved", "orders", "refunds")
    with context.connect(*tables) as connection:
        show_rates(connection, context.params["rates"])
        connection.execute(_FRESH_MONEY)
        connection.execute(_TOUCHED)
        connection.execute(_LINES)
        connection.execute(_PAYMENTS)
        connection.execute(_RETURNS)
        connection.execute(_CORRECTED)
        corrected = context.deal(connection, "corrected", CORRECTED)
        counted = connection.execute("SELECT count(*) FROM money_events").fetchall()[0][0]
        show_owners(connection, "" if context.params["anew"] else "SELECT node_id FROM payments")
        connection.execute(f"CREATE TEMP VIEW placed_payments AS {placed(connection, 'payments')}")
        layer = int(context.params["build"])
        orders = context.write("orders", fetch(connection, _ORDERS), layer=layer)
        refunds = context.write("refunds", fetch(connection, _REFUNDS), layer=layer)
        kept = (0, 0) if context.params["anew"] else connection.execute(_KEPT).fetchall()[0]
    summary = {"orders": orders.rows + kept[0], "refunds": refunds.rows + kept[1], "corrected": corrected}
    return Output({"orders": (orders,), "refunds": (refunds,)}, summary, rows_read=counted)
