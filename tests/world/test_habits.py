"""What a person is said to be likeliest to do is what people like them do in the events."""

from __future__ import annotations

import duckdb
import pytest

#: Events of visits that nobody planned: what a cause brings comes at its own time.
_LOOKS = "event IN ('Product Viewed', 'Products Searched')"


def rows(sql: duckdb.DuckDBPyConnection, query: str) -> list[tuple]:
    return sql.sql(query).fetchall()


def test_everybody_has_habits(town_sql: duckdb.DuckDBPyConnection) -> None:
    assert rows(town_sql, "SELECT count(*) FROM people ANTI JOIN habits USING (person)") == [(0,)]
    assert {one for (one,) in rows(town_sql, "SELECT DISTINCT rhythm FROM habits")} == {
        *("commuter", "lunch_break", "night_owl", "mother")
    }


def test_the_likeliest_hours_have_many_looks_of_a_rhythm_and_more_than_of_the_others(
    town_sql: duckdb.DuckDBPyConnection,
) -> None:
    looks = f"""SELECT rhythm, hours, hour(moment + INTERVAL 8 HOUR)::VARCHAR AS h
                FROM event JOIN persons USING (message_id) JOIN habits USING (person) WHERE {_LOOKS}"""
    rhythms = "SELECT DISTINCT rhythm AS of, hours AS likely FROM habits"
    share = "avg(list_contains(likely, h)::INT)"
    found = rows(
        town_sql,
        f"""SELECT of, {share} FILTER (rhythm = of), {share} FILTER (rhythm <> of)
            FROM ({looks}) CROSS JOIN ({rhythms}) GROUP BY 1""",
    )
    assert len(found) == 4
    for rhythm, own, others in found:
        assert own > 0.25, rhythm  # three of 24 hours
        assert own > others + 0.04, rhythm


def test_the_usual_device_has_the_largest_share_of_the_looks(town_sql: duckdb.DuckDBPyConnection) -> None:
    share = rows(
        town_sql,
        f"""SELECT avg((e.device_type = h.device_type)::INT), avg((e.channel = h.channel)::INT)
            FROM event e JOIN persons USING (message_id) JOIN habits h USING (person)
            WHERE {_LOOKS} AND e.device_type IS NOT NULL""",
    )[0]
    assert share[0] > 0.8
    assert share[1] > 0.8


def test_people_look_at_their_brand_as_often_and_at_goods_as_dear_as_is_said(
    town_sql: duckdb.DuckDBPyConnection,
) -> None:
    found = rows(
        town_sql,
        """WITH item AS (SELECT item_id, arg_max(brand, valid_from) AS brand, arg_max(price, valid_from) AS price
                         FROM goods GROUP BY 1),
                look AS (SELECT person, item.brand, item.price FROM event JOIN persons USING (message_id)
                         JOIN item USING (item_id) WHERE event = 'Product Viewed')
           SELECT faithful > 0.53 AS more, avg((brand = preferred_brand)::INT), avg(faithful), avg(look.price),
                  avg(h.price)
           FROM look JOIN habits h USING (person) JOIN people USING (person) GROUP BY 1 ORDER BY 1""",
    )
    assert len(found) == 2
    for _, looked, said, paid, price in found:
        assert looked == pytest.approx(said, abs=0.04)
        assert paid == pytest.approx(price, rel=0.06)
