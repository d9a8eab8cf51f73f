from __future__ import annotations

import duckdb

LEAK = "(contains(properties, '漏') OR contains(properties, '全是水') OR contains(properties, '往外渗'))"
ITEM = """(SELECT mode(json_extract_string(products, '$[0].item_id')) FROM event
           SEMI JOIN leaking_serum USING (order_id) WHERE event = 'Order Completed')"""


def test_reviews_speak_of_it_days_before_the_refunds(town_sql: duckdb.DuckDBPyConnection):
    days = """SELECT median(r.moment - p.occurred_at), median(f.moment - p.occurred_at) FROM leaking_serum l
        JOIN orders p USING (order_id)
        LEFT JOIN event r ON r.order_id = l.order_id AND r.event = 'Review Written'
        LEFT JOIN event f ON f.order_id = l.order_id AND f.event = 'Order Refunded'"""
    reviewed, refunded = (lag.total_seconds() / 86_400 for lag in town_sql.sql(days).fetchall()[0])
    assert 3.5 <= refunded - reviewed <= 6.5


def test_what_the_reviews_of_the_batch_say_is_known_aspect_by_aspect(town_sql: duckdb.DuckDBPyConnection):
    wrong = """SELECT count(*), count(*) FILTER (aspect = '漏液' AND aspect_sentiment = 'negative') FROM opinions
        JOIN event USING (message_id) JOIN leaking_serum l USING (order_id) WHERE l.reviewed AND aspect = '漏液'"""
    judged, negative = town_sql.sql(wrong).fetchall()[0]
    assert judged > 50
    assert negative == judged


def test_the_share_of_leak_reviews_rises_with_the_batch(town_sql: duckdb.DuckDBPyConnection):
    shares = dict(
        town_sql.sql(
            f"""SELECT moment BETWEEN TIMESTAMPTZ '2026-10-10 00:00:00Z' AND TIMESTAMPTZ '2026-10-27 00:00:00Z',
                  avg({LEAK}::INT) FROM event WHERE event = 'Review Written' AND item_id = {ITEM} GROUP BY 1"""
        ).fetchall()
    )
    assert shares[True] > 3 * shares.get(False, 0)
    assert shares[True] > 0.3


def test_two_chats_talk_about_it(town_sql: duckdb.DuckDBPyConnection):
    chats = town_sql.sql(
        f"""SELECT properties->>'chat_id', count(*) FROM event WHERE event = 'Chat Posted' AND item_id = {ITEM}
            AND contains(properties, '漏') GROUP BY 1"""
    ).fetchall()
    assert len(chats) == 6  # two in each neighbourhood


def test_a_count_of_refunds_misses_a_third_of_the_buyers(town_sql: duckdb.DuckDBPyConnection):
    true, careless = town_sql.sql(
        "SELECT sum(part), sum(careless_part) FROM stories WHERE story = 'leaking_serum'"
    ).fetchall()[0]
    assert true == town_sql.sql("SELECT count(*) FROM leaking_serum").fetchall()[0][0]
    assert careless < 0.8 * true
