"""The tuned script: what a DuckDB expert would write by hand for exactly this shop, and nothing that it does not need.

It knows what a product may not know: that the zone has no daylight saving, that only orders have lines that speak of
taste, that nothing is built twice. It leaves no history, no evidence but the numbers of rows, and no way to go on.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import duckdb

from benchmarks.peers.persons_duckdb import BEGINNING, Connection, find_persons
from benchmarks.peers.profiles_sql import profiles

OFFSET_US = 8 * 3_600_000_000  # Asia/Shanghai
DAY_US = 86_400_000_000
_LOCAL_DAY = "((epoch_us({at}) + {offset}) // {day})::INTEGER"
#: What the weights of taste need of an event, on its own row or, for an order, on its lines.
_TASTE = "('Product Viewed', 'Product Favourited', 'Product Added')"


def local_day(at: str) -> str:
    """SQL: the local date of an instant, in days since 1970."""
    return _LOCAL_DAY.format(at=at, offset=OFFSET_US, day=DAY_US)


_MONEY_EVENTS = f"""
CREATE TEMP TABLE money_events AS
SELECT source, event_id, event_key, node_id, occurred_at, name, order_id, refund_id, total, item_id,
       channel, device_type, region, batch, {local_day("occurred_at")} AS happened
FROM events WHERE name IN ('Order Completed', 'Order Refunded') AND occurred_at <= getvariable('now')
"""
_LINES = """
CREATE TEMP TABLE lines AS
SELECT event_key, sum(coalesce(amount, (quantity * unit_price)::DECIMAL(18,4))) AS lines_total FROM event_lines
WHERE event_key IN (SELECT event_key FROM money_events WHERE total IS NULL) GROUP BY event_key
"""
_PAYMENTS = """
CREATE TEMP TABLE payments AS
WITH numbered AS (
    SELECT source, event_id, any_value(b) AS order_node FROM links WHERE rule = 'order_number' GROUP BY ALL)
SELECT source, coalesce(order_id, event_id) AS order_id, event_key, node_id,
       coalesce(order_node, node_id) AS order_node, occurred_at, happened AS ordered,
       coalesce(total, lines_total, 0)::DECIMAL(18,4) AS paid
FROM money_events LEFT JOIN lines USING (event_key) LEFT JOIN numbered USING (source, event_id)
WHERE name = 'Order Completed'
QUALIFY row_number() OVER (PARTITION BY source, coalesce(order_id, event_id) ORDER BY batch, occurred_at, event_key) = 1
"""
_RETURNS = """
CREATE TEMP TABLE returns AS
WITH once AS (
    SELECT source, coalesce(refund_id, event_id) AS refund_id, order_id, event_key, node_id, occurred_at, happened,
           coalesce(total, abs(lines_total), 0)::DECIMAL(18,4) AS amount
    FROM money_events LEFT JOIN lines USING (event_key) WHERE name = 'Order Refunded'
    QUALIFY row_number() OVER (
        PARTITION BY source, coalesce(refund_id, event_id) ORDER BY batch, occurred_at, event_key) = 1)
SELECT once.*, order_node, ordered, order_node IS NOT NULL AS matched
FROM once LEFT JOIN (SELECT source, order_id, order_node, ordered FROM payments) USING (source, order_id)
"""
_REFUNDED = """
CREATE TEMP TABLE refunded AS
SELECT source, order_id, sum(amount) AS refunded FROM returns WHERE matched GROUP BY ALL
"""
_OWNERS = """
CREATE TEMP TABLE {name} AS
SELECT node_id, since, person_id FROM whose
WHERE {negate} node_id IN (SELECT node_id FROM whose GROUP BY node_id HAVING count(*) > 1)
"""
_PERSONS = f"""
SELECT node_id, CASE WHEN since > {BEGINNING} THEN make_timestamptz(since) END AS since, person_id
FROM whose ORDER BY node_id, whose.since
"""
_ORDERS = """
SELECT source, order_id, event_key, payments.node_id, coalesce(person_id, 0) AS person_id, occurred_at,
       DATE '1970-01-01' + ordered AS ordered_on, paid,
       coalesce(refunded, 0)::DECIMAL(18,4) AS refunded, (paid - coalesce(refunded, 0))::DECIMAL(18,4) AS net
FROM payments ASOF LEFT JOIN (SELECT node_id, since AS us, person_id FROM whose) AS owner
ON payments.node_id = owner.node_id AND epoch_us(occurred_at) >= owner.us
LEFT JOIN refunded USING (source, order_id) ORDER BY source, order_id
"""
#: An order's money counts on its date; a refund's on its order's, with the order's payer. Told twice, it counts once.
_MOVED_MONEY = """
CREATE TEMP VIEW of_money AS
SELECT CASE WHEN name = 'Order Refunded' THEN coalesce(returns.order_node, money_events.node_id)
       ELSE money_events.node_id END AS node_id, epoch_us(money_events.occurred_at) AS us, name,
       money_events.happened, coalesce(returns.ordered, money_events.happened) AS effective,
       coalesce(paid * 10000, -amount * 10000, 0)::BIGINT AS amount,
       channel, device_type, region, money_events.event_key, money_events.source, item_id
FROM money_events LEFT JOIN payments USING (event_key) LEFT JOIN returns USING (event_key)
WHERE paid IS NOT NULL OR amount IS NOT NULL
"""
_ALL = f"""
CREATE TEMP VIEW unplaced AS
SELECT node_id, epoch_us(occurred_at) AS us, name, {local_day("occurred_at")} AS happened, happened AS effective,
       0::BIGINT AS amount, channel, device_type, region, NULL::BIGINT AS event_key, source, item_id
FROM events WHERE name NOT IN ('Order Completed', 'Order Refunded') AND node_id <> 0
  AND occurred_at <= getvariable('now')
UNION ALL BY NAME FROM of_money WHERE node_id <> 0
"""
#: Almost all nodes have one interval and need no look at the time.
_FACTS = f"""
CREATE TEMP TABLE facts AS
WITH placed AS (
    SELECT unplaced.*, person_id FROM unplaced JOIN quiet USING (node_id)
    UNION ALL
    SELECT rows.*, busy.person_id FROM (FROM unplaced SEMI JOIN busy USING (node_id)) AS rows
    ASOF JOIN busy ON rows.node_id = busy.node_id AND rows.us >= busy.since)
SELECT person_id, us, name::EVENT AS event, (getvariable('today') - happened)::SMALLINT AS age,
       (getvariable('today') - effective)::SMALLINT AS money_age, amount,
       ((us + {OFFSET_US}) // 3600000000 % 24)::TINYINT AS hour, channel::CHANNEL AS channel,
       device_type::DEVICE_TYPE AS device_type, region::REGION AS region, cell,
       CASE WHEN name = 'Order Completed' THEN event_key END AS event_key
FROM placed LEFT JOIN (SELECT source, item_id, cell FROM goods) USING (source, item_id)
"""
#: An item is what its latest row says; its cell is (category, brand, price band) as one number.
_GOODS = """
CREATE TEMP TABLE goods AS
WITH latest AS (
    SELECT source, item_id, arg_max(category_id, valid_from) AS category, arg_max(brand_id, valid_from) AS brand,
           arg_max(price, valid_from) AS price FROM items GROUP BY ALL)
SELECT *, dense_rank() OVER (ORDER BY category, brand, price_band)::SMALLINT AS cell FROM (
    SELECT *, CASE WHEN price IS NOT NULL THEN ['low', 'mid', 'high'][1 +
        (3 * (rank() OVER same - 1) // count(*) OVER (PARTITION BY category, price IS NULL))::INTEGER] END AS price_band
    FROM latest WINDOW same AS (PARTITION BY category, price IS NULL ORDER BY price))
"""
_TASTES = f"""
CREATE TEMP VIEW tastes AS
SELECT person_id, us, 0 AS line, cell, CASE event WHEN 'Product Viewed' THEN 1.0::DOUBLE WHEN 'Product Favourited'
       THEN 2.0 WHEN 'Product Added' THEN 3.0 ELSE 5.0 END AS weight
FROM facts WHERE event IN {_TASTE} OR (event = 'Order Completed' AND cell IS NOT NULL)
UNION ALL
SELECT person_id, us, line, goods.cell, 5.0
FROM facts JOIN event_lines AS lines USING (event_key) LEFT JOIN goods USING (source, item_id)
WHERE event = 'Order Completed' AND (line > 0 OR facts.cell IS NULL)
UNION ALL
SELECT person_id, us, 0, NULL, 5.0 FROM facts ANTI JOIN (FROM event_lines WHERE line = 0) USING (event_key)
WHERE event = 'Order Completed' AND cell IS NULL
"""


def build(
    inputs: Mapping[str, list[str]], out: str, today: str, now: str, threads: int, memory_mib: int
) -> dict[str, int]:
    """Write persons, orders, refunds and profiles as durable Parquet files.

    Args:
        inputs: Parquet files of events, event_lines, links, nodes and items.
        out: folder for the results.
        today: local date on which windows end.
        now: instant after which nothing counts.
        threads: processor threads.
        memory_mib: memory before it spills.
    """
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(config={"threads": threads, "memory_limit": f"{memory_mib}MiB"}) as connection:
        connection.execute(
            f"SET TimeZone = 'UTC'; SET preserve_insertion_order = false; SET temp_directory = '{folder}/spill'"
        )
        for table, files in inputs.items():
            listed = ", ".join(f"'{file}'" for file in files)
            connection.execute(f"CREATE VIEW {table} AS FROM read_parquet([{listed}], hive_partitioning = false)")
        connection.execute(
            f"SET VARIABLE today = DATE '{today}' - DATE '1970-01-01'; SET VARIABLE now = TIMESTAMPTZ '{now}'"
        )
        find_persons(connection)
        for query in (_MONEY_EVENTS, _LINES, _PAYMENTS, _RETURNS, _REFUNDED, _GOODS, _MOVED_MONEY, _ALL):
            connection.execute(query)
        for name, negate in (("quiet", "NOT"), ("busy", "")):
            connection.execute(_OWNERS.format(name=name, negate=negate))
        for name, column in (
            ("EVENT", "name"),
            *((word.upper(), word) for word in ("channel", "device_type", "region")),
        ):
            connection.execute(
                f"CREATE TYPE {name} AS ENUM (SELECT DISTINCT {column} FROM events WHERE {column} IS NOT NULL)"
            )
        connection.execute(_FACTS)
        connection.execute(_TASTES)
        _write(connection, _PERSONS, folder / "persons.parquet")
        _write(connection, _ORDERS, folder / "orders.parquet")
        _write(
            connection,
            "SELECT * EXCLUDE (happened, ordered) FROM returns ORDER BY source, refund_id",
            folder / "refunds.parquet",
        )
        connection.execute("DROP TABLE quiet; DROP TABLE busy")
        people = _write(connection, profiles(connection), folder / "profiles.parquet")
    return {"people": people}


def _write(connection: Connection, query: str, path: Path) -> int:
    options = "(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 32768)"
    rows = connection.execute(f"COPY ({query}) TO '{path}' {options}").fetchall()[0][0]
    for place in (path, path.parent):
        opened = os.open(place, os.O_RDONLY)
        os.fsync(opened)
        os.close(opened)
    return int(rows)
