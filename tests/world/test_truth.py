from __future__ import annotations

import json
from decimal import Decimal

import duckdb

CONTACTS = ("user_id", "wechat_unionid", "phone", "email", "anonymous_id")


def rows(sql: duckdb.DuckDBPyConnection, query: str) -> list[tuple]:
    return sql.sql(query).fetchall()


def test_net_is_paid_less_the_refunds_that_the_events_tell(sql: duckdb.DuckDBPyConnection):
    told = """WITH back AS (SELECT order_id, sum(total) AS money FROM
                (SELECT DISTINCT order_id, refund_id, total FROM event WHERE event = 'Order Refunded') GROUP BY ALL)
        SELECT count(*), count(*) FILTER (refunded <> coalesce(money, 0)), count(*) FILTER (net <> paid - refunded)
        FROM orders LEFT JOIN back USING (order_id)"""
    count, wrong_refund, wrong_net = rows(sql, told)[0]
    assert count > 1_000
    assert (wrong_refund, wrong_net) == (0, 0)


def test_paid_is_the_declared_total_or_else_the_sum_of_the_lines(sql: duckdb.DuckDBPyConnection):
    undeclared = 0
    for paid, total, products in rows(
        sql, "SELECT paid, total, products FROM event JOIN orders USING (order_id) WHERE event = 'Order Completed'"
    ):
        lines = sum(Decimal(line["amount"]) for line in json.loads(products))
        assert paid == (lines if total is None else total)
        undeclared += total is None
    assert undeclared > 0


def test_no_order_gives_back_more_than_was_paid(sql: duckdb.DuckDBPyConnection):
    assert rows(sql, "SELECT count(*) FROM orders WHERE net < 0 OR paid <= 0") == [(0,)]


def test_every_paid_order_is_in_the_truth_and_no_other(sql: duckdb.DuckDBPyConnection):
    paid = "SELECT DISTINCT order_id FROM event WHERE event = 'Order Completed'"
    assert rows(sql, f"SELECT count(*) FROM ({paid}) FULL JOIN orders o USING (order_id) WHERE o.person IS NULL") == [
        (0,)
    ]
    assert rows(sql, f"SELECT count(*) FROM orders ANTI JOIN ({paid}) USING (order_id)") == [(0,)]


def test_stages_follow_their_definitions(sql: duckdb.DuckDBPyConnection):
    wrong = """
        WITH o AS (SELECT person, date_diff('day', (occurred_at + INTERVAL 8 HOUR)::DATE, DATE '2026-11-18') AS days
                   FROM orders),
        f AS (SELECT person, count(*) AS n, count(*) FILTER (days < 90) AS recent, min(days) AS last
              FROM o GROUP BY ALL)
        SELECT count(*) FROM people LEFT JOIN f USING (person) WHERE stage <> CASE
            WHEN recent >= 3 THEN 'loyal' WHEN n = 1 AND last < 30 THEN 'new' WHEN last < 30 THEN 'active'
            WHEN last < 60 THEN 'at_risk' WHEN n > 0 THEN 'lost' ELSE 'potential' END"""
    assert rows(sql, wrong) == [(0,)]
    assert len(rows(sql, "SELECT DISTINCT stage FROM people")) == 6


def test_rfm_compares_with_the_mean_of_the_buyers(sql: duckdb.DuckDBPyConnection):
    wrong = """
        WITH m AS (SELECT avg(r) AS r, avg(f) AS f, avg(m) AS m FROM people WHERE f > 0)
        SELECT count(*) FROM people p, m WHERE rfm IS DISTINCT FROM CASE WHEN p.f = 0 THEN NULL ELSE
            CASE WHEN p.m >= m.m THEN 'important_' ELSE 'general_' END ||
            CASE WHEN p.r <= m.r AND p.f >= m.f THEN 'value' WHEN p.r <= m.r THEN 'develop'
                 WHEN p.f >= m.f THEN 'keep' ELSE 'retain' END END"""
    assert rows(sql, wrong) == [(0,)]
    assert len(rows(sql, "SELECT DISTINCT rfm FROM people WHERE rfm IS NOT NULL")) == 8


def test_an_identifier_of_truth_owns_the_events_that_show_it(sql: duckdb.DuckDBPyConnection):
    shown = " UNION ALL ".join(
        f"SELECT message_id, '{namespace}' AS namespace, {column} AS value, "
        f"timestamp + (received_at - sent_at) AS moment "
        f"FROM event WHERE {column} IS NOT NULL AND event <> 'Signed Out'"
        for namespace, column in (*((name, name) for name in CONTACTS), ("device", "device_id"))
    )
    owned = """SELECT namespace, value, coalesce(since, TIMESTAMPTZ '1970-01-01 00:00:00Z') AS since, person AS owner
               FROM identifiers"""
    wrong = f"""
        SELECT count(*), count(*) FILTER (owner IS DISTINCT FROM person) FROM ({shown}) s ASOF JOIN ({owned}) i
            ON i.namespace = s.namespace AND i.value = s.value AND s.moment >= i.since
        JOIN persons p ON p.message_id = s.message_id"""
    count, different = rows(sql, wrong)[0]
    assert count > 40_000
    assert different == 0
