"""The peer on a cluster: what a Spark user would write in Spark SQL for this shop, and less than a build does.

Persons are found beforehand and handed over, so that the hardest step of a build is free. It writes orders, refunds,
and for each person the counts and sums of all conditions with first and last instants, by one scan of the events. It
finds no sessions, no distinct dates and no preferences, and leaves no history and no way to go on.
"""

from __future__ import annotations

from collections.abc import Mapping
from time import perf_counter
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from benchmarks.peers.profiles_sql import COUNTED, MONEY

_READ = {
    "events": "event_key BIGINT, source STRING, event_id STRING, node_id BIGINT, occurred_at TIMESTAMP, name STRING, "
    "order_id STRING, refund_id STRING, total DECIMAL(18,4), batch BIGINT",
    "event_lines": "event_key BIGINT, quantity DOUBLE, unit_price DECIMAL(18,4), amount DECIMAL(18,4)",
    "links": "source STRING, event_id STRING, rule STRING, b BIGINT",
    "persons": "node_id BIGINT, since TIMESTAMP, until TIMESTAMP, person_id BIGINT",
}
_VIEWS = {
    "money_events": """
SELECT * FROM events WHERE name IN ('Order Completed', 'Order Refunded') AND occurred_at <= TIMESTAMP '{now}'""",
    "lines": """
SELECT event_key, sum(coalesce(amount, CAST(quantity * unit_price AS DECIMAL(18,4)))) AS lines_total
FROM event_lines LEFT SEMI JOIN money_events USING (event_key) GROUP BY event_key""",
    "payments": """
SELECT * FROM (
    SELECT source, coalesce(order_id, event_id) AS order_id, event_key, node_id, coalesce(b, node_id) AS order_node,
           occurred_at, to_date(occurred_at + INTERVAL 8 HOURS) AS ordered_on,
           CAST(coalesce(total, lines_total, 0) AS DECIMAL(18,4)) AS paid,
           row_number() OVER (PARTITION BY source, coalesce(order_id, event_id)
                              ORDER BY batch, occurred_at, event_key) AS turn
    FROM money_events LEFT JOIN lines USING (event_key)
    LEFT JOIN (SELECT source, event_id, any_value(b) AS b FROM links WHERE rule = 'order_number'
               GROUP BY source, event_id) USING (source, event_id)
    WHERE name = 'Order Completed') WHERE turn = 1""",
    "returns": """
SELECT once.*, order_node, ordered_on, order_node IS NOT NULL AS matched FROM (
    SELECT source, coalesce(refund_id, event_id) AS refund_id, order_id, event_key, node_id, occurred_at,
           CAST(abs(coalesce(total, lines_total, 0)) AS DECIMAL(18,4)) AS amount,
           row_number() OVER (PARTITION BY source, coalesce(refund_id, event_id)
                              ORDER BY batch, occurred_at, event_key) AS turn
    FROM money_events LEFT JOIN lines USING (event_key) WHERE name = 'Order Refunded') AS once
LEFT JOIN (SELECT source, order_id, order_node, ordered_on FROM payments) USING (source, order_id) WHERE turn = 1""",
    "orders": """
SELECT source, order_id, event_key, node_id, coalesce(person_id, 0) AS person_id, payments.occurred_at, ordered_on,
       paid, CAST(coalesce(refunded, 0) AS DECIMAL(18,4)) AS refunded,
       CAST(paid - coalesce(refunded, 0) AS DECIMAL(18,4)) AS net
FROM payments LEFT JOIN persons USING (node_id)
LEFT JOIN (SELECT source, order_id, sum(amount) AS refunded FROM returns WHERE matched GROUP BY source, order_id)
USING (source, order_id)
WHERE person_id IS NULL OR ((since IS NULL OR payments.occurred_at >= since)
                            AND (until IS NULL OR payments.occurred_at < until))""",
    "refunds": "SELECT source, refund_id, order_id, event_key, node_id, occurred_at, amount, matched FROM returns",
    "unplaced": """
SELECT node_id, occurred_at, name, to_date(occurred_at + INTERVAL 8 HOURS) AS happened,
       to_date(occurred_at + INTERVAL 8 HOURS) AS effective, 0L AS amount
FROM events WHERE name NOT IN ('Order Completed', 'Order Refunded') AND occurred_at <= TIMESTAMP '{now}'
UNION ALL
SELECT node_id, occurred_at, 'Order Completed', ordered_on, ordered_on, CAST(paid * 10000 AS BIGINT) FROM payments
UNION ALL
SELECT coalesce(order_node, node_id), occurred_at, 'Order Refunded', to_date(occurred_at + INTERVAL 8 HOURS),
       coalesce(ordered_on, to_date(occurred_at + INTERVAL 8 HOURS)), CAST(-amount * 10000 AS BIGINT) FROM returns""",
    "facts": """
SELECT person_id, occurred_at, name AS event, datediff(DATE '{today}', happened) AS age,
       datediff(DATE '{today}', effective) AS money_age, amount
FROM unplaced JOIN persons USING (node_id)
WHERE node_id <> 0 AND (since IS NULL OR occurred_at >= since) AND (until IS NULL OR occurred_at < until)""",
}


def _aggregates() -> str:
    counts = {name: (f"event {events}" if events else "TRUE", days) for name, (events, days) in COUNTED.items()}
    columns = [
        f"count_if({test}{f' AND age < {days}' if days else ''}) AS {name}_rows"
        for name, (test, days) in counts.items()
    ]
    for days in (7, 30, 90):
        columns.append(f"count_if(event {MONEY} AND money_age < {days}) AS money_{days}d_rows")
        columns.append(f"coalesce(sum(amount) FILTER (WHERE money_age < {days}), 0) AS money_{days}d_amount")
    order = "FILTER (WHERE event = 'Order Completed')"
    return f"""
    SELECT person_id, count(*) AS any_rows, {", ".join(columns)}, sum(amount) AS money_amount,
           min(occurred_at) AS any_first_at, max(occurred_at) AS any_last_at,
           min(occurred_at) {order} AS order_first_at, max(occurred_at) {order} AS order_last_at
    FROM facts GROUP BY person_id"""


def build(master: str, inputs: Mapping[str, list[str]], out: str, today: str, now: str) -> dict[str, Any]:
    """Write orders, refunds and partials as Parquet; returns seconds, without those until the executors stand."""
    session = _session(master)
    session.range(0, 1000, numPartitions=8).selectExpr("sum(id)").collect()  # the executors stand, and are warm
    begun = perf_counter()
    for table, columns in _READ.items():
        session.read.schema(columns).parquet(*inputs[table]).createOrReplaceTempView(table)
    for view, query in _VIEWS.items():
        found = session.sql(query.format(today=today, now=now))
        if view in ("payments", "returns"):
            found = found.cache()  # each is read three times
        found.createOrReplaceTempView(view)
    for table, query in {"orders": "FROM orders", "refunds": "FROM refunds", "partials": _aggregates()}.items():
        _write(session.sql(query), f"{out}/{table}")
    seconds = perf_counter() - begun
    session.stop()
    return {"seconds": seconds}


def _write(rows: DataFrame, folder: str) -> None:
    rows.write.mode("overwrite").option("compression", "zstd").parquet(folder)


def _session(master: str) -> SparkSession:
    builder = SparkSession.builder.master(master).appName("peer")
    for name, value in {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.executor.cores": 1,
        "spark.cores.max": 2,
        "spark.executor.memory": "2g",
        "spark.sql.shuffle.partitions": 8,
        "spark.sql.session.timeZone": "UTC",
        "spark.log.level": "ERROR",
        "spark.ui.showConsoleProgress": "false",
    }.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()
