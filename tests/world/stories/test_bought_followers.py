from __future__ import annotations

import duckdb

STARS = "SELECT person FROM bought_followers WHERE followers_bought > 0"


def test_the_star_shows_most_followers_and_sells_least_for_each_look(town_sql: duckdb.DuckDBPyConnection):
    rates = dict(
        town_sql.sql(
            """SELECT CASE WHEN followers_bought > 0 THEN 'star' WHEN role = 2 THEN 'koc' WHEN role = 3 THEN 'leader'
                      ELSE 'other' END, sum(orders) / sum(exposures) FROM bought_followers GROUP BY 1"""
        ).fetchall()
    )
    assert rates["koc"] > 5 * rates["star"]
    assert rates["leader"] > 5 * rates["star"]
    top = town_sql.sql("SELECT max_by(followers_bought > 0, followers_shown) FROM bought_followers").fetchall()
    assert top == [(True,)]


def test_the_ranking_holds_on_posts_that_were_held_out(town_sql: duckdb.DuckDBPyConnection):
    halves = dict(
        town_sql.sql(
            f"""SELECT (hash(post_id) % 2)::INT,
                  avg((order_id IS NOT NULL)::INT) FILTER (role IN ('koc', 'group_leader'))
                  / greatest(avg((order_id IS NOT NULL)::INT) FILTER (author IN ({STARS})), 0.0005)
                FROM exposures JOIN people ON people.person = author GROUP BY 1"""
        ).fetchall()
    )
    assert all(ratio > 3 for ratio in halves.values())


def test_bought_accounts_follow_at_night_and_never_shop(town_sql: duckdb.DuckDBPyConnection):
    # Seen in the events: followers of the star who follow between three and four, and nobody else.
    followers = f"""
        WITH star AS (SELECT user_id FROM people WHERE person IN ({STARS})),
        new AS (SELECT e.user_id, hour(moment + INTERVAL 8 HOUR) AS clock FROM event e
            JOIN star ON properties->>'target_user_id' = star.user_id WHERE event = 'User Followed'),
        shoppers AS (SELECT DISTINCT user_id FROM event WHERE event IN ('Product Viewed', 'Order Completed'))
        SELECT count(*) FILTER (clock = 3 AND s.user_id IS NULL), count(*) FILTER (clock = 3 AND s.user_id IS NOT NULL)
        FROM new LEFT JOIN shoppers s USING (user_id)"""
    silent, shopping = town_sql.sql(followers).fetchall()[0]
    (bought,) = town_sql.sql("SELECT sum(followers_bought) FROM bought_followers").fetchall()[0]
    assert silent >= 0.97 * int(bought)
    assert shopping <= 0.05 * silent
