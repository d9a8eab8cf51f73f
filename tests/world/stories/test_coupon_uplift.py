from __future__ import annotations

import math

import duckdb
import pytest

CAMPAIGN = "occurred_at BETWEEN TIMESTAMPTZ '2026-11-10 02:00:00Z' AND TIMESTAMPTZ '2026-11-13 02:30:00Z'"


def test_each_kind_of_response_buys_as_planted(town_sql: duckdb.DuckDBPyConnection):
    arms = town_sql.sql(
        """SELECT response, granted, count(*), avg((order_id IS NOT NULL)::INT),
                  any_value(CASE WHEN granted THEN buys_with ELSE buys_without END)
           FROM coupon_uplift GROUP BY ALL"""
    ).fetchall()
    assert len(arms) == 8
    for response, granted, count, bought, planted in arms:
        assert bought == pytest.approx(planted, abs=0.015 + 1.5 / count), (response, granted)


def test_the_holdout_tells_the_planted_uplift_from_events_alone(town_sql: duckdb.DuckDBPyConnection):
    # Arms as the shop knows them: who was sent the coupon, and who else it could have been sent to.
    arms = town_sql.sql(
        f"""WITH bought AS (SELECT DISTINCT person FROM orders WHERE {CAMPAIGN})
            SELECT granted, count(*), avg((b.person IS NOT NULL)::INT) FROM coupon_uplift c
            LEFT JOIN bought b USING (person) GROUP BY 1 ORDER BY 1"""
    ).fetchall()
    (_, held, base), (_, sent, lifted) = arms
    (planted,) = town_sql.sql("SELECT avg(buys_with - buys_without) FROM coupon_uplift").fetchall()[0]
    error = math.sqrt(base * (1 - base) / held + lifted * (1 - lifted) / sent)
    assert lifted - base == pytest.approx(planted, abs=2.5 * error)
    assert lifted - base > 2 * error


def test_lots_are_drawn_within_each_kind_of_response(town_sql: duckdb.DuckDBPyConnection):
    shares = town_sql.sql("SELECT response, avg(granted::INT) FROM coupon_uplift GROUP BY 1").fetchall()
    for response, share in shares:
        assert share == pytest.approx(0.75, abs=0.01), response


def test_who_was_granted_shows_in_the_events(town_sql: duckdb.DuckDBPyConnection):
    unlike = """WITH sent AS (SELECT DISTINCT person FROM event JOIN persons USING (message_id)
            WHERE event = 'Coupon Granted' AND contains(properties, 'double-11'))
        SELECT count(*) FILTER (granted <> (s.person IS NOT NULL))
        FROM coupon_uplift c LEFT JOIN sent s USING (person)"""
    assert town_sql.sql(unlike).fetchall() == [(0,)]


def test_a_third_of_the_money_went_to_people_who_buy_anyway_and_the_increment_is_below_one(
    town_sql: duckdb.DuckDBPyConnection,
):
    spent = dict(
        town_sql.sql(
            """SELECT response, sum(used::INT) / sum(sum(used::INT)) OVER () FROM coupon_uplift
               GROUP BY 1"""
        ).fetchall()
    )
    assert 0.25 <= spent["sure_thing"] <= 0.42
    true, careless = town_sql.sql(
        """SELECT sum(part) / sum(whole), sum(careless_part) / sum(careless_whole) FROM stories
           WHERE story = 'coupon_uplift'"""
    ).fetchall()[0]
    assert true < 1
    assert 3 <= careless <= 5.5


def test_the_same_is_earned_with_far_less_money_on_those_whom_it_persuades(town_sql: duckdb.DuckDBPyConnection):
    everybody, persuadable = town_sql.sql(
        """SELECT sum((buys_with - buys_without)::DOUBLE) FILTER (granted),
                  sum(buys_with - buys_without) FILTER (granted AND response = 'persuadable') FROM coupon_uplift"""
    ).fetchall()[0]
    used = dict(town_sql.sql("SELECT response, sum(used::INT) FROM coupon_uplift GROUP BY 1").fetchall())
    assert persuadable >= everybody
    assert used["persuadable"] <= 0.6 * sum(used.values())


def test_the_response_can_be_learned_from_what_is_seen(town_sql: duckdb.DuckDBPyConnection):
    bands = dict(
        town_sql.sql(
            """SELECT price_band, avg((response = 'persuadable')::INT) FROM people JOIN traits USING (person)
               GROUP BY 1"""
        ).fetchall()
    )
    assert bands["low"] > 2 * bands["high"]
