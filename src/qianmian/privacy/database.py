"""SQLite files that hold secrets: private to their owner, durable on commit, and leaving no traces after a delete."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import ConnectionPoolEntry

from qianmian.core.errors import StorageFullError, WorkspaceError
from qianmian.core.tables import Personal, Table, Type

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "busy_timeout=10000")
#: How SQLite says that there is no room; of a file-size limit it only says that a write failed.
_FULL = {"SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_TRUNCATE"}
#: In SQLite an INTEGER has 64 bits, and only a key declared so is the row number itself.
_SQLITE_TYPES: dict[Type, type[sa.types.TypeEngine[Any]]] = {
    Type.ID: sa.Integer,
    Type.INTEGER: sa.Integer,
    Type.SMALL: sa.Integer,
    Type.INSTANT: sa.Integer,  # microseconds since 1970, UTC: SQLite has no instants
    Type.TEXT: sa.Text,
    Type.JSON: sa.Text,
    Type.NUMBER: sa.Float,
    Type.FLAG: sa.Boolean,
}


def open_database(path: Path, tables: Iterable[Table]) -> sa.Engine:
    """Open a private SQLite file (mode 0600) and create the declared tables that it lacks.

    Every commit is on disk when it returns. Statement errors never show the bound values.

    Raises:
        StorageFullError: here and at every write, if the disk has no room or a file-size limit was reached.
    """
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(path)), hide_parameters=True)
    sa.event.listen(engine, "connect", _set_pragmas)
    sa.event.listen(engine, "handle_error", _tell_full, retval=True)
    metadata = sa.MetaData()
    for table in tables:
        declared(table, metadata)
    metadata.create_all(engine)
    return engine


def _tell_full(context: sa.ExceptionContext) -> BaseException | None:
    if getattr(context.original_exception, "sqlite_errorname", "") not in _FULL:
        return None
    name = Path(str(context.engine.url.database)).name if context.engine else "a database"
    return StorageFullError("no_room_for_file", file=name)


def declared(table: Table, metadata: sa.MetaData) -> sa.Table:
    """The SQLAlchemy form of a declared table; sealed columns are bytes, instants are microseconds."""
    return sa.Table(
        table.name,
        metadata,
        *(
            sa.Column(
                column.name,
                sa.LargeBinary if column.personal is Personal.SEALED else _SQLITE_TYPES[column.type],
                primary_key=column.name in table.key,
                autoincrement=False,
                nullable=column.nullable,
            )
            for column in table.columns
        ),
    )


def scrub(engine: sa.Engine) -> None:
    """Take deleted bytes out of the write-ahead log: until this returns, they are still in that file.

    Raises:
        WorkspaceError: a reader holds the database open, so that the log could not be emptied.
    """
    with engine.connect() as connection:
        busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
    if busy:
        raise WorkspaceError("deleted_still_logged", file=Path(str(engine.url.database)).name)


def microseconds(instant: datetime) -> int:
    """An instant as it is stored: microseconds since 1970, UTC.

    >>> microseconds(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))
    1000000
    """
    return (instant - _EPOCH) // timedelta(microseconds=1)


def instant_of(stored: int) -> datetime:
    """The inverse of `microseconds`."""
    return _EPOCH + timedelta(microseconds=stored)


def _set_pragmas(connection: Any, _entry: ConnectionPoolEntry) -> None:
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
