"""What is planted shows in the events, in the planned shares."""

from __future__ import annotations

import duckdb
import pytest

from tests.world.conftest import PLAN


def value(sql: duckdb.DuckDBPyConnection, query: str) -> float:
    return float(sql.sql(query).fetchall()[0][0])


MINE = "event JOIN persons USING (message_id)"


def test_a_tenth_of_the_people_and_more_share_a_device(sql: duckdb.DuckDBPyConnection):
    shared = f"""WITH used AS (SELECT anonymous_id FROM {MINE} WHERE anonymous_id IS NOT NULL
                   GROUP BY anonymous_id HAVING count(DISTINCT person) > 1)
        SELECT count(DISTINCT person) FROM {MINE} SEMI JOIN used USING (anonymous_id)"""
    assert value(sql, shared) / PLAN.people >= 0.10


def test_a_third_of_the_people_use_several_devices_of_their_own(sql: duckdb.DuckDBPyConnection):
    several = f"""WITH used AS (SELECT anonymous_id FROM {MINE} WHERE anonymous_id IS NOT NULL
                    GROUP BY anonymous_id HAVING count(DISTINCT person) = 1),
        many AS (SELECT person FROM {MINE} SEMI JOIN used USING (anonymous_id) WHERE person IS NOT NULL
                 GROUP BY person HAVING count(DISTINCT anonymous_id) > 1)
        SELECT count(*) FROM many"""
    assert value(sql, several) / PLAN.people >= 0.30


def test_phones_move_to_another_person_and_both_have_used_them(sql: duckdb.DuckDBPyConnection):
    moved = f"""SELECT count(*) FROM (SELECT phone FROM {MINE} WHERE phone IS NOT NULL
                  GROUP BY phone HAVING count(DISTINCT person) = 2)"""
    assert value(sql, moved) / PLAN.people == pytest.approx(0.03, abs=0.01)


def test_a_recycled_phone_is_never_two_persons_at_a_time(sql: duckdb.DuckDBPyConnection):
    overlapping = f"""
        WITH used AS (SELECT phone, person, timestamp + (received_at - sent_at) AS moment FROM {MINE}
                      WHERE phone IS NOT NULL),
        spans AS (SELECT phone, person, min(moment) AS first, max(moment) AS last FROM used GROUP BY ALL)
        SELECT count(*) FROM spans a JOIN spans b ON a.phone = b.phone AND a.person < b.person
        WHERE a.first <= b.last AND b.first <= a.last"""
    assert value(sql, overlapping) == 0


def test_thirty_of_a_hundred_orders_name_no_user(sql: duckdb.DuckDBPyConnection):
    guests = "SELECT avg((user_id IS NULL)::INT) FROM event WHERE event = 'Order Completed'"
    assert value(sql, guests) == pytest.approx(PLAN.guest_order_share, abs=0.02)


def test_two_of_a_hundred_phones_and_emails_are_mistyped(sql: duckdb.DuckDBPyConnection):
    mistyped = "SELECT count(*) FROM dirt WHERE kind IN ('mistyped_phone', 'mistyped_email')"
    shown = "SELECT count(phone) + count(email) FROM event"
    assert value(sql, mistyped) / value(sql, shown) == pytest.approx(PLAN.typo_share, abs=0.008)


def test_a_mistyped_phone_is_nobodys(sql: duckdb.DuckDBPyConnection):
    hits = """SELECT count(*) FROM event JOIN dirt USING (message_id) JOIN identifiers ON value = phone
              WHERE kind = 'mistyped_phone' AND namespace = 'phone'"""
    assert value(sql, hits) == 0


def test_duplicates_repeat_the_same_message(sql: duckdb.DuckDBPyConnection):
    copies = """SELECT count(DISTINCT (message_id, event, timestamp, user_id, order_id, properties)),
                       count(DISTINCT message_id), count(*) FROM e SEMI JOIN duplicates USING (message_id)"""
    different, messages, rows = sql.sql(copies).fetchall()[0]
    assert different == messages
    assert rows == 2 * messages
    assert messages / PLAN.people / PLAN.events_per_person == pytest.approx(PLAN.duplicate_share, rel=0.3)


def test_the_true_instant_survives_a_wrong_clock(sql: duckdb.DuckDBPyConnection):
    # The refund of an order of the client comes from the server, whose clock is right.
    early = """WITH paid AS (SELECT order_id, timestamp + (received_at - sent_at) AS moment FROM event
                             WHERE event = 'Order Completed')
        SELECT count(*) FROM paid JOIN orders USING (order_id) WHERE abs(epoch(moment - occurred_at)) > 3"""
    assert value(sql, early) == 0
    skewed = """SELECT max(abs(epoch(timestamp - received_at))) FROM event JOIN dirt USING (message_id)
                WHERE kind = 'skewed_clock'"""
    assert value(sql, skewed) > 3_600


def test_a_shared_device_is_in_one_pair_of_hands_at_a_time(sql: duckdb.DuckDBPyConnection):
    # Between two sign-ins on a device all events with a user_id are of the one who signed in.
    mixed = f"""WITH used AS (SELECT anonymous_id FROM {MINE} GROUP BY ALL HAVING count(DISTINCT user_id) > 1),
        marked AS (SELECT anonymous_id, user_id, event,
                     last_value(CASE WHEN event = 'Signed In' THEN user_id END IGNORE NULLS)
                       OVER (PARTITION BY anonymous_id ORDER BY timestamp + (received_at - sent_at)) AS holder
                   FROM {MINE} SEMI JOIN used USING (anonymous_id))
        SELECT count(*) FROM marked WHERE user_id <> holder"""
    assert value(sql, mixed) == 0


def test_what_is_done_signed_out_on_a_shared_device_is_nobodys(sql: duckdb.DuckDBPyConnection):
    strangers = f"""WITH used AS (SELECT anonymous_id FROM {MINE} GROUP BY ALL HAVING count(DISTINCT user_id) > 1)
        SELECT count(*), count(person) FROM {MINE} SEMI JOIN used USING (anonymous_id) WHERE user_id IS NULL"""
    events, claimed = sql.sql(strangers).fetchall()[0]
    assert events > 0
    assert claimed == 0


def test_most_refunds_name_only_the_order(sql: duckdb.DuckDBPyConnection):
    nameless = """SELECT avg((user_id IS NULL AND anonymous_id IS NULL AND phone IS NULL)::INT),
                         avg((order_id IS NOT NULL)::INT) FROM event WHERE event = 'Order Refunded'"""
    share, named = sql.sql(nameless).fetchall()[0]
    assert 0.5 < share < 0.9
    assert named == 1


def test_about_a_third_of_the_reviews_say_nothing(sql: duckdb.DuckDBPyConnection):
    silent = "SELECT avg((properties LIKE '%此用户没有填写评价%')::INT) FROM event WHERE event = 'Review Written'"
    assert value(sql, silent) == pytest.approx(0.35, abs=0.08)


def test_some_texts_hold_the_writers_own_phone_or_email(sql: duckdb.DuckDBPyConnection):
    own = f"""SELECT count(*) FROM {MINE} JOIN identifiers i ON i.person = persons.person
        AND contains(properties, i.value) WHERE namespace IN ('phone', 'email') AND event LIKE '%e%'"""
    assert value(sql, own) > 0


def test_categories_are_renamed_half_way(sql: duckdb.DuckDBPyConnection):
    renamed = "SELECT item_id FROM goods GROUP BY item_id HAVING count(DISTINCT category) = 2 AND count(*) = 2"
    assert len(sql.sql(renamed).fetchall()) == 2 * (PLAN.items // 8)


def test_the_festival_is_the_peak_of_orders(sql: duckdb.DuckDBPyConnection):
    day = """SELECT (occurred_at + INTERVAL 8 HOUR)::DATE AS day, count(*) FROM orders GROUP BY day
             ORDER BY count(*) DESC LIMIT 1"""
    assert str(sql.sql(day).fetchall()[0][0]) in {"2026-11-10", "2026-11-11"}
