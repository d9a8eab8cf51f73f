from __future__ import annotations

import duckdb
import pytest


def test_friends_of_friends_who_like_the_category_fill_groups_far_more_often_than_strangers(
    town_sql: duckdb.DuckDBPyConnection,
):
    rates = {
        (relation, likes): (count, share)
        for relation, likes, count, share in town_sql.sql(
            "SELECT relation, likes_category, count(*), avg(joins::INT) FROM group_offers GROUP BY ALL"
        ).fetchall()
    }
    near, stranger = rates["friend_of_friend", True], rates["stranger", True]
    assert near[1] == pytest.approx(0.42, abs=3 * (0.42 * 0.58 / near[0]) ** 0.5)
    assert near[1] > 4 * stranger[1]


def test_most_groups_that_fail_are_short_by_one(town_sql: duckdb.DuckDBPyConnection):
    fates = dict(town_sql.sql("SELECT fate, count(*) FROM groups_short_by_one GROUP BY 1").fetchall())
    assert fates["short_by_one"] > fates["far"]


def test_a_taken_offer_is_a_join_in_the_events(town_sql: duckdb.DuckDBPyConnection):
    seen = """WITH joined AS (SELECT properties->>'group_id' AS group_id, person
            FROM event JOIN persons USING (message_id) WHERE event = 'Group Buy Joined')
        SELECT avg((j.person IS NOT NULL)::INT) FILTER (joins), avg((j.person IS NOT NULL)::INT) FILTER (NOT joins)
        FROM group_offers LEFT JOIN joined j USING (group_id, person)"""
    taken, left = town_sql.sql(seen).fetchall()[0]
    assert taken > 0.98
    assert left == 0


def test_second_degree_is_seen_in_who_bought_with_whom(town_sql: duckdb.DuckDBPyConnection):
    # Ties as the events show them: follows among people. The recommended offers to the second degree are taken more.
    lift = """
        WITH member AS (SELECT user_id, person FROM people WHERE user_id IS NOT NULL),
        tie AS (SELECT DISTINCT a.person AS one, b.person AS other FROM event e JOIN member a USING (user_id)
            JOIN member b ON b.user_id = e.properties->>'target_user_id' WHERE event = 'User Followed'),
        both_ways AS (SELECT one, other FROM tie UNION SELECT other, one FROM tie),
        second AS (SELECT DISTINCT a.one, b.other FROM both_ways a JOIN both_ways b ON a.other = b.one
            WHERE a.other IN (SELECT person FROM people WHERE role = 'ordinary'))
        SELECT avg(joins::INT) FILTER (s.one IS NOT NULL), avg(joins::INT) FILTER (s.one IS NULL)
        FROM group_offers o LEFT JOIN second s ON s.one = o.opener AND s.other = o.person
        WHERE relation <> 'friend' AND likes_category"""
    near, far = town_sql.sql(lift).fetchall()[0]
    assert near > 1.5 * far
