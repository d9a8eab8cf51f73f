from __future__ import annotations

import duckdb
import pytest

FAULT = "moment BETWEEN TIMESTAMPTZ '2026-10-27 16:00:00Z' AND TIMESTAMPTZ '2026-11-02 16:10:00Z'"


def test_only_iphones_in_the_mini_program_fail_and_only_while_the_fault_lasts(town_sql: duckdb.DuckDBPyConnection):
    rates = town_sql.sql(
        f"""WITH tries AS (SELECT device_type, channel, {FAULT} AS inside, event FROM event
              WHERE channel IN ('app', 'mini_program') AND device_type IN ('ios', 'android'))
            SELECT device_type = 'ios' AND channel = 'mini_program' AND inside,
              count(*) FILTER (event = 'Payment Failed') / count(*) FILTER (event = 'Checkout Started')
            FROM tries GROUP BY 1"""
    ).fetchall()
    assert dict(rates)[False] < 0.02
    assert dict(rates)[True] > 0.4


def test_the_lost_money_is_the_carts_of_those_who_gave_up(town_sql: duckdb.DuckDBPyConnection):
    seen = f"""
        WITH failed AS (SELECT anonymous_id, moment FROM event WHERE event = 'Payment Failed'
            AND {FAULT} AND contains(properties, 'wxpay_ios')),
        lost AS (SELECT f.* FROM failed f ANTI JOIN event o ON o.anonymous_id = f.anonymous_id
            AND o.event = 'Order Completed' AND o.moment BETWEEN f.moment AND f.moment + INTERVAL 10 MINUTE)
        SELECT count(*) FROM lost"""
    planted, money = town_sql.sql("SELECT count(*), sum(money) FROM checkout_fault WHERE lost").fetchall()[0]
    assert town_sql.sql(seen).fetchall()[0][0] == pytest.approx(planted, abs=0.02 * planted)
    told = town_sql.sql("SELECT sum(part) FROM stories WHERE story = 'checkout_fault'").fetchall()[0][0]
    assert told == pytest.approx(money)
    assert money > 5_000


def test_deposits_wait_for_their_balance(town_sql: duckdb.DuckDBPyConnection):
    paid, open_ended = town_sql.sql(
        """SELECT count(*) FILTER (o.order_id IS NOT NULL), count(*) FILTER (o.order_id IS NULL)
           FROM event d LEFT JOIN orders o USING (order_id) WHERE d.event = 'Deposit Paid'"""
    ).fetchall()[0]
    assert paid > 3 * open_ended > 0
    early = """SELECT count(*) FROM event d JOIN event o USING (order_id)
        WHERE d.event = 'Deposit Paid' AND o.event = 'Order Completed' AND o.moment < d.moment"""
    assert town_sql.sql(early).fetchall() == [(0,)]
