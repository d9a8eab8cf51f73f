"""Rows leave a table: the files that hold them are written again without them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import duckdb

from qianmian.lake.connection import literal, quoted, select_files
from qianmian.lake.files import Change
from qianmian.lake.snapshot import Snapshot
from qianmian.lake.store import Lake
from qianmian.lake.write import write_rows

_AS_THEY_ARE: Mapping[str, str] = MappingProxyType({})


def rewrite_without(
    lake: Lake,
    connection: duckdb.DuckDBPyConnection,
    snapshot: Snapshot,
    table: str,
    leaves: str,
    *,
    amended: Mapping[str, str] = _AS_THEY_ARE,
) -> Change | None:
    """Write the files of a table that hold leaving rows again; nothing is visible before a release.

    Args:
        lake: where the table lives.
        connection: may read and write in the lake's folder, and sees whatever ``leaves`` names.
        snapshot: the state that rows leave.
        table: name of the table.
        leaves: SQL, true for the rows that leave; it may name the table's columns as ``held.<column>``.
        amended: column → SQL of its new value in the rows that stay.

    Returns:
        The change to release; None if no row leaves.
    """
    files = lake.files(snapshot, table)
    held = dict(zip(map(str, lake.locations(table, files)), files, strict=True))
    if not held:
        return None
    paths = ", ".join(literal(path) for path in held)
    scan = f"read_parquet([{paths}], filename = true, union_by_name = true, hive_partitioning = {_days(lake, table)})"
    changes = " OR ".join((f"({leaves})", *(f"held.{name} IS DISTINCT FROM {new}" for name, new in amended.items())))
    touched = connection.execute(f"SELECT DISTINCT held.filename FROM {scan} AS held WHERE {changes}").fetchall()
    files = [held[path] for (path,) in touched]
    if not files:
        return None
    view = f"staying_{table}"
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW {quoted(view)} AS "
        f"SELECT * {_replaced(amended)} FROM ({select_files(lake, table, files)}) AS held WHERE ({leaves}) IS NOT TRUE"
    )
    return Change(table, write_rows(lake, connection, table, view), tuple(files))


def _replaced(amended: Mapping[str, str]) -> str:
    listed = ", ".join(f"{new} AS {name}" for name, new in amended.items())
    return f"REPLACE ({listed})" if listed else ""


def _days(lake: Lake, table: str) -> str:
    return "true, hive_types = {'day': DATE}" if lake.tables[table].partition_by else "false"
