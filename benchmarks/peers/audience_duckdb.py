"""The eight audiences as somebody who knows the tables would write them in SQL."""

from __future__ import annotations

from functools import partial
from typing import Any

import duckdb

from benchmarks.measuring.asking import timed

TODAY = "DATE '2026-11-18'"


def _since(days: int) -> str:
    return f"happened_on BETWEEN {TODAY} - {days - 1} AND {TODAY}"


_BEFORE = """PARTITION BY person_id ORDER BY occurred_at, event_key
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING"""
_MAIN = "FROM behaviour WHERE line = 0 AND event"
QUERIES = {
    "tags": """SELECT count(*) FROM profiles WHERE lifecycle = 'loyal' AND net_90d >= 500
        AND preferred_category IN ('美妆个护', '服饰')""",
    "many tags": """SELECT count(*) FROM profiles
        WHERE orders_30d >= 1 OR (views_30d >= 10 AND favourites_30d > 0) OR rfm = 'important_keep'""",
    "did": f"""SELECT count(*) FROM (SELECT person_id {_MAIN} = 'Order Completed' AND {_since(30)}
        GROUP BY person_id HAVING count(*) >= 2)""",
    "did not": f"""SELECT count(*) FROM profiles
        ANTI JOIN (SELECT person_id {_MAIN} = 'Product Viewed' AND {_since(7)}) USING (person_id)""",
    "category": f"""SELECT count(*) FROM (SELECT person_id FROM (SELECT DISTINCT person_id, event_key FROM behaviour
        WHERE event = 'Order Completed' AND category = '零食生鲜' AND {_since(60)})
        GROUP BY person_id HAVING count(*) >= 2)""",
    "mixed": f"""SELECT count(*) FROM (SELECT person_id FROM profiles WHERE lifecycle <> 'lost')
        SEMI JOIN (SELECT person_id {_MAIN} = 'Product Added' AND channel IN ('app', 'web') AND {_since(14)})
        USING (person_id)
        ANTI JOIN (SELECT person_id {_MAIN} = 'Order Completed' AND {_since(14)}) USING (person_id)""",
    "sequence": f"""SELECT count(DISTINCT person_id) FROM (
        SELECT person_id, occurred_at, event, max(began) FILTER (event = 'Product Added') OVER before AS began FROM (
            SELECT person_id, occurred_at, event_key, event,
                   max(occurred_at) FILTER (event = 'Product Viewed') OVER before AS began
            FROM behaviour WHERE line = 0 AND event IN ('Product Viewed', 'Product Added', 'Order Completed')
            WINDOW before AS ({_BEFORE})) WINDOW before AS ({_BEFORE}))
        WHERE event = 'Order Completed' AND occurred_at - began <= INTERVAL 7 DAY""",
    "by category": f"""SELECT count(DISTINCT person_id) FROM (
        SELECT person_id, occurred_at, event,
               max(occurred_at) FILTER (event = 'Product Viewed') OVER ({_BEFORE}) AS began
        FROM (SELECT DISTINCT person_id, occurred_at, event_key, event FROM behaviour
              WHERE event IN ('Product Viewed', 'Order Completed') AND category = '美妆个护' AND {_since(30)}))
        WHERE event = 'Order Completed' AND occurred_at - began <= INTERVAL 3 DAY""",
}


def sizes(profiles: list[str], behaviour: str) -> dict[str, Any]:
    """The size of each audience, and how long it took to find."""
    with duckdb.connect(config={"threads": 2}) as connection:
        listed = ", ".join(f"'{file}'" for file in profiles)
        connection.execute(f"CREATE VIEW profiles AS FROM read_parquet([{listed}])")
        connection.execute(f"CREATE VIEW behaviour AS FROM read_parquet('{behaviour}')")
        return {name: timed(partial(_one, connection, sql)) for name, sql in QUERIES.items()}


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(connection.execute(query).fetchall()[0][0])
