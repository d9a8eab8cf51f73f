from __future__ import annotations

import math

import duckdb
import pytest

BACK = "moment >= TIMESTAMPTZ '2026-11-11 16:00:00Z' AND channel IN ('app', 'mini_program', 'web')"


def test_members_come_back_about_twice_as_often_but_only_a_part_is_the_chats_doing(
    town_sql: duckdb.DuckDBPyConnection,
):
    joined, others, effect = town_sql.sql(
        """SELECT avg(returns::INT) FILTER (joined), avg(returns::INT) FILTER (NOT joined),
                  avg(returns::INT - returns_without::INT) FILTER (took)
           FROM group_invitation JOIN people USING (person) WHERE user_id IS NOT NULL"""
    ).fetchall()[0]
    assert 1.9 <= joined / others <= 2.7
    assert 0.1 <= effect < 0.8 * (joined - others)


def test_the_randomised_invitation_recovers_the_effect(town_sql: duckdb.DuckDBPyConnection):
    arms = town_sql.sql(
        """SELECT invited, count(*), avg(joined::INT), avg(returns::INT) FROM group_invitation WHERE asked
           GROUP BY 1 ORDER BY 1"""
    ).fetchall()
    (_, left, joined_left, back_left), (_, asked, joined_asked, back_asked) = arms
    error = math.sqrt(back_left * (1 - back_left) / left + back_asked * (1 - back_asked) / asked)
    take_up = joined_asked - joined_left
    (planted,) = town_sql.sql(
        "SELECT avg(returns::INT - returns_without::INT) FROM group_invitation WHERE took"
    ).fetchall()[0]
    assert take_up > 0.2
    assert (back_asked - back_left) / take_up == pytest.approx(planted, abs=2.5 * error / take_up)
    assert back_asked - back_left > 3 * error


def test_invitations_and_returns_show_in_the_events(town_sql: duckdb.DuckDBPyConnection):
    unlike = f"""
        WITH invited AS (SELECT DISTINCT person FROM event JOIN persons USING (message_id)
            WHERE event = 'Chat Invited'),
        back AS (SELECT DISTINCT person FROM event JOIN persons USING (message_id)
            WHERE {BACK} AND event IN ('Product Viewed', 'Signed In', 'Order Completed'))
        SELECT avg((invited <> (i.person IS NOT NULL))::INT), avg((returns <> (b.person IS NOT NULL))::INT)
        FROM group_invitation g LEFT JOIN invited i USING (person) LEFT JOIN back b USING (person)"""
    wrong_invited, wrong_back = town_sql.sql(unlike).fetchall()[0]
    assert wrong_invited == 0
    assert wrong_back < 0.04
