"""What the screens show, as somebody who knows the tables would ask it in SQL: bare facts on one open connection."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import duckdb

from benchmarks.measuring.asking import spread
from benchmarks.peers.audience_duckdb import QUERIES

RANGES = (7, 30, 90)
_TODAY = "DATE '2026-11-18'"
_OVERVIEW = (
    "SELECT happened_on, count(*) FROM behaviour WHERE line = 0 GROUP BY 1",
    "SELECT ordered_on, count(*), sum(net) FROM orders GROUP BY 1",
    f"""SELECT happened_on, count(DISTINCT person_id) FROM behaviour WHERE line = 0 AND event = 'Order Completed'
        AND happened_on BETWEEN {_TODAY} - $days + 1 AND {_TODAY} GROUP BY 1""",
    "SELECT lifecycle, count(*) FROM profiles GROUP BY 1",
)
_PERSON = (
    "SELECT * FROM profiles WHERE person_id = $person",
    "SELECT node_id, min(since) FROM names WHERE person_id = $person GROUP BY 1",
    "SELECT event, count(*), min(occurred_at), max(occurred_at) FROM behaviour WHERE person_id = $person GROUP BY 1",
)
_TIME_LINE = ("SELECT * FROM behaviour WHERE person_id = $person ORDER BY occurred_at DESC LIMIT 100",)
_ORDERS = ("SELECT * FROM orders WHERE person_id = $person ORDER BY occurred_at DESC LIMIT 20",)
_PEOPLE = (
    "SELECT count(*) FROM profiles",
    """SELECT person_id, lifecycle, rfm, orders_total, net_revenue, region, channel FROM profiles
       ORDER BY net_revenue DESC NULLS LAST, person_id LIMIT 50""",
)
_ITEM = (
    "SELECT count(DISTINCT person_id) FROM behaviour WHERE event = 'Order Completed' AND item = $item",
    "SELECT count(DISTINCT person_id) FROM behaviour WHERE event = 'Product Viewed' AND item = $item",
)


def screens(people: list[int], items: list[str], tags: list[str], **tables: str) -> dict[str, Any]:
    """Milliseconds of each screen's queries.

    Args:
        people: person_ids that are looked at.
        items: item numbers that are looked at.
        tags: names of the tags that are looked at.
        tables: Parquet file of each table.
    """
    with duckdb.connect(config={"threads": 2}) as connection:
        for name, file in tables.items():
            connection.execute(f"CREATE VIEW {name} AS FROM read_parquet('{file}')")
        ask = partial(_asked, connection)
        by_person = [{"person": person} for person in people]
        coverage = f"SELECT count(*), {', '.join(f'count({tag})' for tag in tags)} FROM profiles"
        screens: dict[str, list[Callable[[], object]]] = {
            "overview": [partial(ask, _OVERVIEW, {"days": days}) for days in RANGES * 5],
            "people": [partial(ask, _PEOPLE)] * 20,
            "person": [partial(ask, _PERSON, values) for values in by_person],
            "time line": [partial(ask, _TIME_LINE, values) for values in by_person],
            "orders": [partial(ask, _ORDERS, values) for values in by_person],
            "coverage": [partial(ask, (coverage,))] * 10,
            "tag": [
                partial(ask, (f"SELECT {tag}, count(*) FROM profiles GROUP BY 1 ORDER BY 2 DESC",)) for tag in tags
            ],
            "audience": [partial(ask, (query,)) for query in QUERIES.values()] * 5,
            "item": [partial(ask, _ITEM, {"item": item}) for item in items],
        }
        return {name: spread(asks) for name, asks in screens.items()}


def _asked(
    connection: duckdb.DuckDBPyConnection, queries: tuple[str, ...], values: dict[str, Any] | None = None
) -> None:
    for query in queries:
        told = {name: value for name, value in (values or {}).items() if f"${name}" in query}
        connection.sql(query, params=told or None).to_arrow_table().to_pylist()
