"""刷单: orders that were placed so that a thing looks wanted, by signs of which a declared number must come together.

- ``unseen``: nobody known by the identifier, or together with it, looked at any of the goods in the days before.
- ``together``: so many orders of one item came within hours from identifiers that were seen on one device.
- ``hasty``: the review came within minutes of the delivery.

One sign alone is told of good customers too: who buys at a till was never seen looking.
"""

from __future__ import annotations

from qianmian.core.events import ORDER_COMPLETED, ORDER_DELIVERED, PRODUCT_ADDED, PRODUCT_VIEWED, REVIEW_WRITTEN
from qianmian.engines.base import Context, Output
from qianmian.lake.connection import fetch
from qianmian.unify.clean.rules import Cleaning

_EVENT = "source, event_id, event_key, node_id, occurred_at, name"
#: On what people hold in their hands; a phone number or an account is a person's, not a device's.
_DEVICES = ("device", "anonymous_id")
_ORDERED = f"""
CREATE TEMP TABLE ordered AS
SELECT {_EVENT}, order_id FROM events WHERE name = '{ORDER_COMPLETED}' AND node_id <> 0;
CREATE TEMP TABLE bought AS
SELECT event_key, node_id, occurred_at, source, event_lines.item_id
FROM event_lines JOIN ordered USING (event_key, source) WHERE event_lines.item_id IS NOT NULL GROUP BY ALL;
CREATE TEMP VIEW seen_with AS FROM links WHERE kind <> 'sign_out' AND rule <> 'order_number';
CREATE TEMP TABLE around AS
SELECT node_id, node_id AS seen_as FROM ordered GROUP BY ALL
UNION SELECT a, b FROM seen_with WHERE a IN (SELECT node_id FROM ordered)
UNION SELECT b, a FROM seen_with WHERE b IN (SELECT node_id FROM ordered)
"""
_UNSEEN = f"""
CREATE TEMP TABLE unseen AS
WITH looks AS (
    SELECT node_id AS seen_as, source, item_id, occurred_at AS looked_at FROM events
    WHERE name IN ('{PRODUCT_VIEWED}', '{PRODUCT_ADDED}') AND item_id IS NOT NULL
      AND node_id IN (SELECT seen_as FROM around)),
asked AS (SELECT * FROM bought JOIN around USING (node_id)),
last_look AS (
    SELECT event_key, asked.occurred_at - looked_at <= to_days(getvariable('looked_within_days')) AS has_looked
    FROM asked ASOF LEFT JOIN looks ON asked.seen_as = looks.seen_as AND asked.source = looks.source
        AND asked.item_id = looks.item_id AND asked.occurred_at >= looks.looked_at)
SELECT event_key, 'unseen' AS field, NULL::VARCHAR AS value FROM last_look
GROUP BY event_key HAVING NOT coalesce(bool_or(has_looked), false)
"""
#: All orders of any span that holds enough, as with a pace.
_TOGETHER = """
CREATE TEMP TABLE together AS
WITH devices AS (
    SELECT around.node_id, seen_as AS device FROM around JOIN nodes ON nodes.node_id = seen_as
    WHERE namespace IN (SELECT unnest(getvariable('namespaces')::VARCHAR[]))),
counted AS (
    SELECT event_key, device, source, item_id, occurred_at, count(*) OVER (
        PARTITION BY device, source, item_id ORDER BY occurred_at
        RANGE BETWEEN INTERVAL {hours} HOUR PRECEDING AND CURRENT ROW) AS many
    FROM bought JOIN devices USING (node_id)),
spanned AS (
    SELECT event_key, max(many) OVER (
        PARTITION BY device, source, item_id ORDER BY occurred_at
        RANGE BETWEEN CURRENT ROW AND INTERVAL {hours} HOUR FOLLOWING) AS many
    FROM counted)
SELECT event_key, 'together' AS field, max(many)::VARCHAR AS value FROM spanned
GROUP BY event_key HAVING max(many) >= getvariable('orders')
"""
_HASTY = f"""
CREATE TEMP TABLE hasty AS
WITH told AS (
    SELECT source, order_id, min(occurred_at) FILTER (name = '{ORDER_DELIVERED}') AS delivered_at,
           min(occurred_at) FILTER (name = '{REVIEW_WRITTEN}') AS reviewed_at
    FROM events WHERE name IN ('{ORDER_DELIVERED}', '{REVIEW_WRITTEN}') AND order_id IS NOT NULL GROUP BY ALL)
SELECT event_key, 'hasty' AS field, round(epoch(reviewed_at - delivered_at) / 60)::INTEGER::VARCHAR AS value
FROM ordered JOIN told USING (source, order_id)
WHERE reviewed_at >= delivered_at AND reviewed_at - delivered_at <= to_minutes(getvariable('reviewed_within_minutes'))
"""
_FLAGS = f"""
WITH signs AS (FROM unseen UNION ALL FROM together UNION ALL FROM hasty),
enough AS (SELECT event_key FROM signs GROUP BY event_key HAVING count(*) >= getvariable('signs'))
SELECT {_EVENT}, 'brushed' AS rule, field, value, NULL::VARCHAR AS like_event
FROM ordered JOIN signs USING (event_key) SEMI JOIN enough USING (event_key) ORDER BY occurred_at, event_key, field
"""


def find_brushed(context: Context) -> Output:
    """Write the flags of orders with enough signs of 刷单, one row a sign, of all orders at once.

    Params: see `brushed_params`.
    """
    hours = int(context.params["within_hours"])
    with context.connect("events", "event_lines", "links", "nodes") as connection:
        for step in (_ORDERED, _UNSEEN, _TOGETHER.format(hours=hours), _HASTY):
            connection.execute(step)
        rows = fetch(connection, _FLAGS)
    files = (context.write("flags", rows),) if rows.num_rows else ()
    return Output({"flags": files}, {"flags": rows.num_rows})


def brushed_params(cleaning: Cleaning) -> dict[str, object]:
    """The parameters of `find_brushed`; none if no order is looked at."""
    return {**vars(cleaning.brushed), "namespaces": list(_DEVICES)} if cleaning.brushed else {}
