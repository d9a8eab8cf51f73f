"""Orders unlike all others, by what they are and what their identifier did around them: an isolation forest.

It learns from a sample that the events' keys draw, the same whatever the engine, and needs no examples of what is
wrong. An odd order is flagged, not dropped: it may be fraud, a slip, or a good customer in a hurry.
"""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pyarrow as pa

from qianmian.core.events import ORDER_COMPLETED, ORDER_REFUNDED
from qianmian.engines.base import Context, Output
from qianmian.lake.connection import fetch
from qianmian.unify.clean.rules import Cleaning

#: Imported where a forest is grown and nowhere else: the library behind it takes seconds and 100 MiB to load.
_FOREST = "qianmian.learning.isolation"
#: With fewer orders nothing is usual; of more than the sample the rest is not needed to know it.
LEAST_ORDERS, SAMPLE = 200, 20_000
#: What an order is compared by; a flag names the one that sets it apart most.
FEATURES = ("money", "lines", "quantity", "hour", "since_first", "events_before", "since_order", "refunds")
_EVENT = "source, event_id, event_key, node_id, occurred_at, name"
_ORDERS = f"""
CREATE TEMP TABLE ordered AS
SELECT {_EVENT}, order_id, total::DOUBLE AS total FROM events WHERE name = '{ORDER_COMPLETED}' AND node_id <> 0
"""
#: What the goods of an order usually cost; the source's usual order where nobody states prices.
_GOODS = """
CREATE TEMP TABLE goods AS
WITH sold AS (FROM event_lines SEMI JOIN ordered USING (event_key)),
usual AS (SELECT source, item_id, median(unit_price)::DOUBLE AS price FROM sold WHERE unit_price > 0 GROUP BY ALL)
SELECT event_key, count(*) AS lines, sum(coalesce(quantity, 1)) AS quantity,
       CASE WHEN count(price) = count(*) AND min(coalesce(quantity, 1)) > 0 THEN sum(coalesce(quantity, 1) * price)
       END AS usual
FROM sold LEFT JOIN usual USING (source, item_id) GROUP BY event_key
"""
#: What an order's identifier did before it.
_BEFORE = """
CREATE TEMP TABLE before AS
SELECT event_key, since_first, events_before FROM (
    SELECT event_key, epoch(occurred_at - min(occurred_at) OVER one) AS since_first,
           row_number() OVER (one ORDER BY occurred_at, event_key) - 1 AS events_before
    FROM events SEMI JOIN ordered USING (node_id) WINDOW one AS (PARTITION BY node_id))
SEMI JOIN ordered USING (event_key)
"""
_FEATURES = f"""
CREATE TEMP TABLE described AS
WITH given_back AS (
    SELECT source, order_id, count(*) AS refunds FROM events
    WHERE name = '{ORDER_REFUNDED}' AND order_id IS NOT NULL GROUP BY ALL)
SELECT ordered.*,
       ln(greatest(total, 0.01) / coalesce(usual, median(greatest(total, 0.01)) OVER (PARTITION BY source))) AS money,
       coalesce(lines, 0) AS lines, coalesce(quantity, 0) AS quantity,
       (hour(occurred_at AT TIME ZONE getvariable('zone')) + 20) % 24 AS hour,
       ln(1 + since_first) AS since_first, ln(1 + events_before) AS events_before,
       ln(1 + epoch(occurred_at - lag(occurred_at) OVER (PARTITION BY node_id ORDER BY occurred_at, event_key)))
           AS since_order,
       coalesce(refunds, 0) AS refunds
FROM ordered JOIN before USING (event_key) LEFT JOIN goods USING (event_key)
LEFT JOIN given_back USING (source, order_id)
"""
#: A first order is no more unusual than any other: it is given the longest of silences.
_NUMBERS = ", ".join(
    f"coalesce({name}, {'max(since_order) OVER (), 0' if name == 'since_order' else '0'})::DOUBLE AS {name}"
    for name in FEATURES
)


def find_odd(context: Context) -> Output:
    """Write the flags of orders that are told apart easily, of all orders at once: what is usual has no parts.

    Params: see `odd_params`.
    """
    with context.connect("events", "event_lines") as connection:
        for step in (_ORDERS, _GOODS, _BEFORE, _FEATURES):
            connection.execute(step)
        told = fetch(connection, f"SELECT {_EVENT}, {_NUMBERS} FROM described ORDER BY hash(event_key), event_key")
    if told.num_rows < LEAST_ORDERS:
        return Output(summary={"flags": 0}, rows_read=told.num_rows)
    rows = np.column_stack([told.column(name).to_numpy() for name in FEATURES])
    forest = import_module(_FOREST).Forest(rows[:SAMPLE])
    scores = forest.scores(rows)
    flagged = np.flatnonzero(scores > context.params["score"])
    if not len(flagged):
        return Output(summary={"flags": 0}, rows_read=told.num_rows)
    found = _flags(told.take(pa.array(flagged)), scores[flagged], forest.reasons(rows[flagged]))
    return Output({"flags": (context.write("flags", found),)}, {"flags": found.num_rows}, told.num_rows)


def _flags(told: pa.Table, scores: np.ndarray, reasons: np.ndarray) -> pa.Table:
    """Rows of `flags`, by time."""
    many = len(scores)
    columns = {name: told.column(name) for name in _EVENT.split(", ")}
    columns |= {
        "rule": pa.repeat("odd", many),
        "field": pa.array([FEATURES[place] for place in reasons]),
        "value": pa.array([f"{score:.3f}" for score in scores]),
        "like_event": pa.nulls(many, pa.string()),
    }
    return pa.table(columns).sort_by([("occurred_at", "ascending"), ("event_key", "ascending")])


def odd_params(cleaning: Cleaning, zone: str) -> dict[str, object]:
    """The parameters of `find_odd`; none if no order is looked at."""
    return {"score": cleaning.odd.score, "zone": zone} if cleaning.odd else {}
