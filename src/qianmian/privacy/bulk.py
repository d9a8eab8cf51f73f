"""Millions of rows in and out of a database, by the shortest way that it has: rows are not worth an object each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.dialects import postgresql, sqlite

from qianmian.privacy.server import driver_errors

#: What becomes of a column of a row that is there, from its stored value and the given one.
Merge = Callable[[sa.Column[Any], sa.ColumnElement[Any]], sa.ColumnElement[Any]]
_INSERTS: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
#: What Python calls a column's type → what a PostgreSQL server calls it; `declared` knows no others.
_COPIED = {int: "int8", str: "text", bytes: "bytea", float: "float8", bool: "bool"}


def write_rows(connection: sa.Connection, table: sa.Table, rows: Sequence[Sequence[object]]) -> None:
    """Insert rows that are new, each with a value for every column of the table, in its order.

    Args:
        connection: in a transaction; nothing is written unless that commits.
        table: a declared table.
        rows: text without NUL.
    """
    assert connection.in_transaction(), "the driver would begin one that nobody ends"
    if connection.dialect.name == "postgresql":
        _copy_in(connection, table, rows)
    elif rows:
        connection.exec_driver_sql(str(sa.insert(table).compile(connection)), list(map(tuple, rows)))


def replaced(_stored: sa.Column[Any], given: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """The given value, whatever was stored."""
    return given


def upsert(
    connection: sa.Connection, table: sa.Table, rows: Sequence[Sequence[object]], merge: Merge = replaced
) -> None:
    """Insert rows; one whose key is there already is merged with the stored one.

    Args:
        connection: in a transaction.
        table: a declared table.
        rows: each with a value for every column, in its order.
        merge: how.
    """
    if not rows:
        return
    insert = _INSERTS[connection.dialect.name](table)
    rest = {c.name: merge(c, insert.excluded[c.name]) for c in table.columns if not c.primary_key}
    statement = insert.on_conflict_do_update(index_elements=list(table.primary_key), set_=rest)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(str(statement.compile(connection)), list(map(tuple, rows)))
    else:
        connection.execute(statement, [dict(zip(table.columns.keys(), row, strict=True)) for row in rows])


def read_integers(connection: sa.Connection, columns: Sequence[sa.Column[int]]) -> NDArray[np.int64]:
    """Columns of a table as one array, a row a row, in no order.

    Args:
        connection: to the database.
        columns: of one table; none of them may be empty in any row.
    """
    if connection.dialect.name == "postgresql":
        return _packed(connection, columns)
    rows = _driver(connection).execute(str(sa.select(*columns).compile(connection)))
    return np.fromiter(chain.from_iterable(rows), dtype=np.int64).reshape(-1, len(columns))


def _driver(connection: sa.Connection) -> Any:
    return connection.connection.driver_connection


def _packed(connection: sa.Connection, columns: Sequence[sa.Column[int]]) -> NDArray[np.int64]:
    """The columns as the server packs them, big-endian: one row from it for each 64th of what the first can be."""
    names = [connection.dialect.identifier_preparer.quote(column.name) for column in columns]
    row = " || ".join(f"int8send({name})" for name in names)
    table = connection.dialect.identifier_preparer.format_table(columns[0].table)
    query = f"SELECT string_agg({row}, ''::bytea) FROM {table} GROUP BY {names[0]} >> 57"
    packed = b"".join(connection.exec_driver_sql(query).scalars())
    return np.frombuffer(packed, ">i8").reshape(-1, len(columns)).astype(np.int64)


def _copy_in(connection: sa.Connection, table: sa.Table, rows: Sequence[Sequence[object]]) -> None:
    quoted = connection.dialect.identifier_preparer
    names = ", ".join(quoted.quote(column.name) for column in table.columns)
    with (
        driver_errors(connection),
        _driver(connection).cursor() as cursor,
        cursor.copy(f"COPY {quoted.format_table(table)} ({names}) FROM STDIN (FORMAT BINARY)") as copying,
    ):
        copying.set_types([_COPIED[column.type.python_type] for column in table.columns])
        for row in rows:
            copying.write_row(row)
