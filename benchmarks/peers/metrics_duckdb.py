"""The questions as somebody who knows the tables would write them in SQL."""

from __future__ import annotations

from functools import partial
from typing import Any

import duckdb

from benchmarks.measuring.asking import timed

_TODAY = "DATE '2026-11-18'"
_DATES = f"BETWEEN {_TODAY} - 29 AND {_TODAY}"
_MAIN = f"FROM behaviour WHERE line = 0 AND happened_on {_DATES}"
_DONE = ", ".join(
    f"count(DISTINCT person_id) FILTER (event = '{event}')"
    for event in ("Product Viewed", "Products Searched", "Product Added", "Post Shared")
)
#: A question may be several queries; all their numbers are added up.
QUERIES = {
    "overview": (
        f"SELECT happened_on, count(*) {_MAIN} GROUP BY happened_on",
        f"""SELECT ordered_on, count(*), count(DISTINCT person_id) FILTER (person_id > 0), sum(net)
            FROM orders WHERE ordered_on {_DATES} GROUP BY ordered_on""",
    ),
    "active": (f"SELECT happened_on, count(DISTINCT person_id), {_DONE} {_MAIN} GROUP BY happened_on",),
    "rolling": (
        f"""SELECT ends, count(DISTINCT person_id)
            FROM (SELECT DISTINCT person_id, happened_on FROM behaviour WHERE line = 0)
            JOIN (SELECT unnest(range({_TODAY} - 29, {_TODAY} + 1, INTERVAL 1 DAY))::DATE AS ends)
              ON happened_on BETWEEN ends - 29 AND ends GROUP BY ends""",
    ),
    "retention": (
        f"""WITH firsts AS (SELECT person_id, min(happened_on) AS first_on FROM behaviour GROUP BY person_id)
            SELECT 0, count(DISTINCT person_id) FILTER (happened_on = first_on + 7)
                      / count(DISTINCT person_id) FILTER (happened_on = first_on)
            FROM behaviour JOIN firsts USING (person_id)
            WHERE line = 0 AND first_on {_DATES} AND first_on < {_TODAY} - 7""",
    ),
    "lifecycle": (
        f"""SELECT lifecycle, count(DISTINCT person_id) FROM orders JOIN profiles USING (person_id)
            WHERE ordered_on {_DATES} GROUP BY lifecycle""",
        f"""SELECT lifecycle, count(DISTINCT person_id) FROM (SELECT person_id {_MAIN} AND event = 'Product Viewed')
            JOIN profiles USING (person_id) GROUP BY lifecycle""",
    ),
}


def answers(profiles: list[str], behaviour: str, orders: list[str] | str) -> dict[str, Any]:
    """What each question answers, all its numbers added up in ten-thousandths, and how long it took."""
    with duckdb.connect(config={"threads": 2}) as connection:
        for name, files in (("profiles", profiles), ("orders", orders), ("behaviour", behaviour)):
            listed = ", ".join(f"'{file}'" for file in ([files] if isinstance(files, str) else files))
            connection.execute(f"CREATE VIEW {name} AS FROM read_parquet([{listed}])")
        return {name: timed(partial(_sum, connection, queries)) for name, queries in QUERIES.items()}


def _sum(connection: duckdb.DuckDBPyConnection, queries: tuple[str, ...]) -> int:
    rows = [row for query in queries for row in connection.execute(query).fetchall()]
    return round(1e4 * float(sum(float(value or 0) for row in rows for value in row[1:])))
