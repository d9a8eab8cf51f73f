"""The rates of the demo shop, as a practitioner would measure them in the events."""

from __future__ import annotations

import duckdb
import pytest


def value(sql: duckdb.DuckDBPyConnection, query: str) -> float:
    return float(sql.sql(query).fetchall()[0][0])


BOUGHT_ALONE = "event = 'Order Completed' AND NOT contains(properties, 'group_id')"
WINDOW = "moment >= TIMESTAMPTZ '2026-09-19 16:00:00Z'"


def test_of_all_looks_at_goods_about_a_tenth_goes_into_the_cart(town_sql: duckdb.DuckDBPyConnection):
    share = value(
        town_sql,
        "SELECT count(*) FILTER (event = 'Product Added') / count(*) FILTER (event = 'Product Viewed') FROM event",
    )
    assert 0.08 <= share <= 0.12


def test_of_the_visits_with_a_cart_about_a_third_pays(town_sql: duckdb.DuckDBPyConnection):
    # A visit: one person's events on one device with gaps of less than half an hour.
    share = value(
        town_sql,
        f"""WITH gaps AS (SELECT *, moment - lag(moment) OVER device > INTERVAL 30 MINUTE AS begins
              FROM event JOIN persons USING (message_id) WHERE anonymous_id IS NOT NULL AND person IS NOT NULL
              WINDOW device AS (PARTITION BY anonymous_id, person ORDER BY moment)),
            visits AS (SELECT anonymous_id, person, event, properties,
              sum(begins::INT) OVER (PARTITION BY anonymous_id, person ORDER BY moment) AS visit FROM gaps)
        SELECT avg(pays::INT) FROM (SELECT bool_or({BOUGHT_ALONE}) AS pays FROM visits
            GROUP BY anonymous_id, person, visit HAVING bool_or(event = 'Product Added'))""",
    )
    assert 0.25 <= share <= 0.36


def test_between_six_and_ten_of_a_hundred_orders_come_back(town_sql: duckdb.DuckDBPyConnection):
    share = value(
        town_sql,
        f"SELECT avg((refunded > 0)::INT) FROM orders SEMI JOIN (FROM event WHERE {BOUGHT_ALONE}) USING (order_id)",
    )
    assert 0.06 <= share <= 0.10


def test_about_two_in_three_group_buys_are_complete(town_sql: duckdb.DuckDBPyConnection):
    share = value(
        town_sql,
        """SELECT count(*) FILTER (event = 'Group Buy Filled') / count(*) FROM event
           WHERE event IN ('Group Buy Filled', 'Group Buy Failed')""",
    )
    assert share == pytest.approx(0.65, abs=0.06)


@pytest.mark.parametrize(("event", "low", "high"), [("Coupon Granted", 0.08, 0.15), ("Coupon Claimed", 0.30, 0.45)])
def test_claimed_coupons_are_redeemed_three_times_as_often_as_pushed_ones(
    town_sql: duckdb.DuckDBPyConnection, event: str, low: float, high: float
):
    share = value(
        town_sql,
        f"""SELECT avg((u.coupon_id IS NOT NULL)::INT) FROM (SELECT DISTINCT coupon_id FROM event
            WHERE event = '{event}') c LEFT JOIN (SELECT DISTINCT coupon_id FROM event WHERE event = 'Coupon Used') u
            USING (coupon_id)""",
    )
    assert low <= share <= high


def test_three_of_a_hundred_looks_at_posts_are_passed_on(town_sql: duckdb.DuckDBPyConnection):
    share = value(
        town_sql, "SELECT count(*) FILTER (event = 'Post Shared') / count(*) FILTER (event = 'Post Viewed') FROM event"
    )
    assert share == pytest.approx(0.03, abs=0.004)


def test_clothes_from_live_rooms_come_back_most_often(town_sql: duckdb.DuckDBPyConnection):
    # Bought while the room was open, by somebody who was in it.
    share = """
        WITH room AS (SELECT user_id, moment AS joined FROM event WHERE event = 'Live Joined'),
        bought AS (SELECT e.order_id FROM event e JOIN room USING (user_id)
            JOIN goods g ON g.item_id = json_extract_string(e.products, '$[0].item_id')
            WHERE e.event = 'Order Completed' AND g.category = '服饰'
              AND e.moment BETWEEN joined AND joined + INTERVAL 1 HOUR)
        SELECT avg((refunded > 0)::INT), count(*) FROM orders SEMI JOIN bought USING (order_id)"""
    returned, count = town_sql.sql(share).fetchall()[0]
    assert count > 30
    assert 0.15 <= returned <= 0.45


def test_evenings_are_the_busiest_and_the_night_is_quiet(town_sql: duckdb.DuckDBPyConnection):
    exposures = dict(
        town_sql.sql(
            """SELECT hour(moment + INTERVAL 8 HOUR), count(*) FROM event JOIN persons USING (message_id)
               WHERE event = 'Product Viewed' AND person IS NOT NULL GROUP BY 1"""
        ).fetchall()
    )
    assert {20, 21, 22} == set(sorted(exposures, key=exposures.__getitem__)[-3:])
    assert max(exposures[hour] for hour in (2, 3, 4)) < 0.1 * exposures[21]
    assert exposures[12] > 1.5 * exposures[15]


def test_people_wait_before_the_festival_and_rest_after_it(town_sql: duckdb.DuckDBPyConnection):
    orders = dict(
        town_sql.sql(
            """SELECT strftime(occurred_at + INTERVAL 8 HOUR, '%m-%d'), count(*) FROM orders
               WHERE occurred_at >= TIMESTAMPTZ '2026-09-19 16:00:00Z' GROUP BY 1"""
        ).fetchall()
    )
    before = sum(orders[day] for day in ("10-26", "10-27", "10-29", "10-30")) / 4
    usual = sum(orders[f"10-{day:02}"] for day in range(8, 19)) / 11
    after = sum(orders[f"11-{day}"] for day in range(14, 19)) / 5
    assert before < 0.9 * usual
    assert orders["10-31"] > 2 * usual
    assert orders["11-11"] > 4 * usual
    assert after < 0.3 * orders["11-11"]


def test_the_people_are_as_the_shop_knows_them(town_sql: duckdb.DuckDBPyConnection):
    count = value(town_sql, "SELECT count(*) FROM people")
    assert value(town_sql, "SELECT avg((gender = 'female')::INT) FROM people") == pytest.approx(0.66, abs=0.02)
    ages = dict(town_sql.sql(f"SELECT age_band, count(*) / {count} FROM people GROUP BY 1").fetchall())
    for band, share in (("18-24", 0.27), ("25-34", 0.40), ("35-44", 0.20), ("45+", 0.13)):
        assert ages[band] == pytest.approx(share, abs=0.02)
    roles = dict(town_sql.sql(f"SELECT role, count(*) / {count} * 2000 FROM people GROUP BY 1").fetchall())
    for role, number in (("kol", 4), ("koc", 20), ("group_leader", 24), ("distributor", 60)):
        assert roles[role] == pytest.approx(number, rel=0.35)


def test_the_best_segment_of_the_live_rooms_sells_best(town_sql: duckdb.DuckDBPyConnection):
    rates = dict(town_sql.sql("SELECT segment, sum(clicks) / sum(viewers) FROM live_segments GROUP BY 1").fetchall())
    told = dict(
        town_sql.sql(
            """SELECT (properties->>'segment')::INT, count(*) FROM event WHERE event = 'Live Product Clicked'
               GROUP BY 1"""
        ).fetchall()
    )
    assert max(rates, key=rates.__getitem__) == 4
    assert max(told, key=told.__getitem__) == 4


def test_people_who_follow_a_post_search_and_open_a_group_buy(town_sql: duckdb.DuckDBPyConnection):
    followed = """
        WITH mine AS (SELECT p.person, e.event, e.moment, pt.first_at, pt.last_at FROM patterns pt
            JOIN persons p USING (person) JOIN event e USING (message_id) WHERE pattern = 'post_search_group')
        SELECT avg(seen::INT), avg(searched::INT), avg(opened::INT), median(last_at - first_at) FROM (
            SELECT person, any_value(first_at) AS first_at, any_value(last_at) AS last_at,
              bool_or(event = 'Post Viewed' AND abs(epoch(moment - first_at)) < 5) AS seen,
              bool_or(event = 'Products Searched' AND moment > first_at AND moment < last_at) AS searched,
              bool_or(event = 'Group Buy Opened' AND abs(epoch(moment - last_at)) < 600) AS opened
            FROM mine GROUP BY person)"""
    seen, searched, opened, lag = town_sql.sql(followed).fetchall()[0]
    assert seen > 0.99
    assert searched > 0.95
    assert opened > 0.95
    assert 2.5 <= lag.total_seconds() / 86_400 <= 3.6


def test_people_who_wait_for_the_festival_buy_what_they_had_looked_at(town_sql: duckdb.DuckDBPyConnection):
    bought = """
        SELECT avg((o.order_id IS NOT NULL)::INT), count(*) FROM patterns pt LEFT JOIN (
            SELECT person, json_extract_string(products, '$[0].item_id') AS item_id, moment, order_id
            FROM event JOIN persons USING (message_id) WHERE event = 'Order Completed') o
          ON o.person = pt.person AND o.item_id = pt.item_id AND abs(epoch(o.moment - pt.last_at)) < 1800
        WHERE pattern = 'keep_wait_festival'"""
    share, count = town_sql.sql(bought).fetchall()[0]
    assert count > 150
    assert share > 0.9


def test_the_pattern_of_waiting_recurs_more_often_than_by_chance(town_sql: duckdb.DuckDBPyConnection):
    # Looked at in the last week of October and bought on the festival, beside another week and another festival day.
    lift = """
        WITH looked AS (SELECT DISTINCT person, item_id, date_trunc('week', moment) AS week FROM event
            JOIN persons USING (message_id) WHERE event = 'Product Viewed'),
        bought AS (SELECT DISTINCT person, json_extract_string(products, '$[0].item_id') AS item_id FROM event
            JOIN persons USING (message_id) WHERE event = 'Order Completed'
            AND moment BETWEEN TIMESTAMPTZ '2026-11-09 16:00:00Z' AND TIMESTAMPTZ '2026-11-11 16:00:00Z')
        SELECT count(b.person) FILTER (week = DATE '2026-10-26') / count(*) FILTER (week = DATE '2026-10-26'),
               count(b.person) FILTER (week = DATE '2026-10-12') / count(*) FILTER (week = DATE '2026-10-12')
        FROM looked LEFT JOIN bought b USING (person, item_id)"""
    waiting, otherwise = town_sql.sql(lift).fetchall()[0]
    assert waiting > 1.8 * otherwise


def test_stages_of_a_journey_come_in_their_order(town_sql: duckdb.DuckDBPyConnection):
    stages = ("need", "compare", "decide", "buy", "engage", "loyal")
    order = list(stages)
    reached = dict(town_sql.sql("SELECT stage, count(*) FROM purchase_journeys GROUP BY 1").fetchall())
    assert [reached[stage] for stage in stages[:4]] == sorted(reached.values(), reverse=True)[:4]
    assert reached["engage"] > 30
    wrong = f"""SELECT count(*) FROM purchase_journeys a JOIN purchase_journeys b USING (person, category)
        WHERE list_position({order}, a.stage) < list_position({order}, b.stage) AND a.since > b.since
          AND a.stage <> 'engage'"""
    assert value(town_sql, wrong) == 0


def test_friends_live_in_one_circle_and_what_they_do_shows_it(town_sql: duckdb.DuckDBPyConnection):
    # Who joins whose group buy is seen; a stranger would share the community in less than one of a hundred cases.
    same = """SELECT avg((a.community = b.community)::INT) FROM group_offers o JOIN traits a ON a.person = o.opener
        JOIN traits b ON b.person = o.person WHERE o.joins"""
    communities = value(town_sql, "SELECT count(DISTINCT community) FROM traits")
    assert value(town_sql, same) > 0.5 > 50 / communities


def test_what_is_passed_on_names_the_share_it_came_through(town_sql: duckdb.DuckDBPyConnection):
    links = """
        WITH shared AS (SELECT properties->>'share_id' AS share, person FROM event JOIN persons USING (message_id)
                        WHERE event = 'Post Shared'),
        seen AS (SELECT properties->>'share_id' AS share, properties->>'post_id' AS post_id, person FROM event
                 JOIN persons USING (message_id) WHERE event = 'Post Viewed' AND properties->>'share_id' IS NOT NULL)
        SELECT count(*), count(l.person) FROM seen JOIN shared USING (share) LEFT JOIN exposures l
          ON l.post_id = seen.post_id AND l.person = seen.person AND l.passed_by = shared.person"""
    found, true = town_sql.sql(links).fetchall()[0]
    assert found > 500
    assert true == found
