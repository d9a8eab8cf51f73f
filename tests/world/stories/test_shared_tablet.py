from __future__ import annotations

import duckdb


def test_the_three_share_a_tablet_and_the_number_moves(town_sql: duckdb.DuckDBPyConnection):
    families = town_sql.sql("SELECT count(*) FROM shared_tablet WHERE part = 'father'").fetchall()[0][0]
    assert families == 3  # one in each neighbourhood
    together = """WITH used AS (SELECT DISTINCT anonymous_id, person, part FROM event JOIN persons USING (message_id)
            JOIN shared_tablet USING (person) WHERE anonymous_id IS NOT NULL AND part <> 'former_owner')
        SELECT count(*) FROM (SELECT anonymous_id FROM used GROUP BY 1 HAVING count(DISTINCT part) = 3)"""
    assert town_sql.sql(together).fetchall() == [(families,)]
    moved = """WITH used AS (SELECT DISTINCT phone, part FROM event JOIN persons USING (message_id)
            JOIN shared_tablet USING (person) WHERE phone IS NOT NULL)
        SELECT count(*) FROM (SELECT phone FROM used GROUP BY 1
                              HAVING list_sort(list(part)) = ['father', 'former_owner'])"""
    assert town_sql.sql(moved).fetchall() == [(families,)]


def test_a_loose_rule_takes_the_four_for_one_person(town_sql: duckdb.DuckDBPyConnection):
    fathers = """SELECT family, count(DISTINCT person) FROM (
            SELECT p.person, (t.person // 4000)::INT AS family, mode(p.naive) AS naive FROM persons p
            JOIN shared_tablet t USING (person) GROUP BY ALL)
        GROUP BY family, naive ORDER BY 2 DESC LIMIT 1"""
    assert town_sql.sql(fathers).fetchall()[0][1] >= 3


def test_the_man_of_the_house_seems_to_love_lipstick(town_sql: duckdb.DuckDBPyConnection):
    taste = dict(
        town_sql.sql(
            "SELECT part, mode(preferred_category) FROM people JOIN shared_tablet USING (person) GROUP BY 1"
        ).fetchall()
    )
    assert taste["daughter"] == "美妆个护"
    assert taste["father"] == "户外露营"
    assert town_sql.sql(
        """SELECT DISTINCT gender, age_band FROM people JOIN shared_tablet USING (person) WHERE part = 'father'"""
    ).fetchall() == [("male", "45+")]
