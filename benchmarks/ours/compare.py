"""Are two results the same? Text, whole numbers, money and instants exactly, decimals of doubles to 1e-9."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb

from benchmarks.ours.shops import results as results_of

_DIFFERENT = {"DOUBLE": "abs(a.{0} - b.{0}) > 1e-9 OR (a.{0} IS NULL) <> (b.{0} IS NULL)"}
_EXACTLY = "a.{0} IS DISTINCT FROM b.{0}"


def differences(ours: Sequence[str], theirs: Sequence[str], key: Sequence[str], exact: bool = False) -> dict[str, Any]:
    """Compare two Parquet tables row by row in all columns that both have.

    Returns:
        ``rows`` and ``columns`` compared, rows ``missing`` on either side, and by column how many rows ``differ``.
    """
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for name, files in (("a", ours), ("b", theirs)):
            listed = ", ".join(f"'{file}'" for file in files)
            connection.execute(f"CREATE VIEW {name} AS FROM read_parquet([{listed}], hive_partitioning = false)")
        types = {name: kind for name, kind, *_ in connection.execute("DESCRIBE a").fetchall()}
        both = [name for (name, *_) in connection.execute("DESCRIBE b").fetchall() if name in types]
        on = " AND ".join(f"a.{name} IS NOT DISTINCT FROM b.{name}" for name in key)
        tests = {name: (_EXACTLY if exact else _DIFFERENT.get(types[name], _EXACTLY)).format(name) for name in both}
        counts = ", ".join(f"count(*) FILTER ({test}) AS {name}" for name, test in tests.items())
        found = (
            connection.sql(f"SELECT count(*) AS rows, {counts} FROM a JOIN b ON {on}").to_arrow_table().to_pylist()[0]
        )
        missing = {
            side: connection.execute(f"SELECT count(*) FROM {side} ANTI JOIN {other} ON {on}").fetchall()[0][0]
            for side, other in (("a", "b"), ("b", "a"))
        }
    rows = found.pop("rows")
    return {"rows": rows, "columns": len(both), "missing": missing, "differ": {k: n for k, n in found.items() if n}}


def results(shop: str, script: str, keys: dict[str, list[str]]) -> dict[str, Any]:
    """Compare what a build and the script left, table by table."""
    built = results_of(shop, keys, f"{script}/ours")
    found = {name: differences([built[name]], [f"{script}/{name}.parquet"], key) for name, key in keys.items()}
    found["persons"]["missing"]["a"] = 0  # ours also lists the ids that persons had, so that they can be looked up
    return found


def builds(ours: str, theirs: str) -> dict[str, Any]:
    """Compare the profiles of two shops, bit by bit; text of the same instant is the same."""
    told = [results_of(shop, ["profiles"], f"{shop}/results")["profiles"] for shop in (ours, theirs)]
    return differences(told[:1], told[1:], ["person_id"], exact=True)
