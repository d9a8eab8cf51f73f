"""Rows of a connection become data files of a table: typed, sorted, checked, durable."""

from __future__ import annotations

from datetime import date

import duckdb

from qianmian.core.errors import LakeError
from qianmian.core.tables import Table
from qianmian.lake.connection import quoted
from qianmian.lake.durable import storage_errors
from qianmian.lake.files import DataFile
from qianmian.lake.schema import stored_columns
from qianmian.lake.store import Lake

#: A bucket is found by row-group statistics, so groups are small enough to skip and large enough to scan.
ROW_GROUP_ROWS = 32_768


def write_rows(
    lake: Lake, connection: duckdb.DuckDBPyConnection, table: str, relation: str, *, layer: int = 0
) -> tuple[DataFile, ...]:
    """Write all rows of a relation as new files of a table: one a day if the table has days, else one.

    Args:
        lake: where the table lives.
        connection: a connection that may write into the lake's folder.
        table: name of the declared table.
        relation: name of a view or table on the connection that has the declared columns; it is read once a day.
        layer: number of the layer, if the table has layers; none of the rows is gone.

    Returns:
        The files, ready for a `Change`; none for a relation without rows.

    Raises:
        LakeError: a column is missing or a required one empty.
        StorageFullError: no room; what was written is deleted again.
    """
    paths = {lake.new_file(table, day=day, layer=layer): day for day in _days(lake, connection, table, relation)}
    if layer:
        layered = f"{relation} of layer"
        connection.execute(
            f"CREATE OR REPLACE TEMP VIEW {quoted(layered)} AS "
            f"SELECT *, {layer} AS layer, false AS gone FROM {quoted(relation)}"
        )
        relation = layered
    copy = _copy_sql(lake.tables[table], relation)
    try:
        for path, day in paths.items():
            with storage_errors(table):
                connection.execute(copy, {"path": str(path)} | ({"day": day} if day else {}))
        return lake.describe_all(table, list(paths))
    except BaseException:
        lake.storage.delete(paths)
        raise


def _days(lake: Lake, connection: duckdb.DuckDBPyConnection, table: str, relation: str) -> list[date | None]:
    if not lake.tables[table].partition_by:
        return [None] if connection.execute(f"SELECT 1 FROM {quoted(relation)} LIMIT 1").fetchall() else []
    days = [day for (day,) in connection.execute(f"SELECT DISTINCT day FROM {quoted(relation)} ORDER BY 1").fetchall()]
    if None in days:
        raise LakeError("row_without_day", table=table)
    return days


def _copy_sql(table: Table, relation: str) -> str:
    columns = ", ".join(
        f"CAST({quoted(column.name)} AS {column.type.sql}) AS {quoted(column.name)}" for column in stored_columns(table)
    )
    of_day = "WHERE day = $day" if table.partition_by else ""
    order = f"ORDER BY {', '.join(quoted(name) for name in table.sort_by)}" if table.sort_by else ""
    return (
        f"COPY (SELECT {columns} FROM {quoted(relation)} {of_day} {order}) TO $path "
        f"(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE {ROW_GROUP_ROWS})"
    )
