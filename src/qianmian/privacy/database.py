"""Databases that hold secrets: private to their owner, durable on commit, and leaving no traces after a delete.

They are SQLite files, or a schema on a PostgreSQL server (`qianmian.privacy.server`); the declared tables are the same.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import ConnectionPoolEntry

from qianmian.core.errors import StorageFullError, WorkspaceError
from qianmian.core.tables import Personal, Table, Type
from qianmian.privacy.upgrades import upgrade

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "busy_timeout=10000")
#: How SQLite says that there is no room; of a file-size limit it only says that a write failed.
_FULL = {"SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_TRUNCATE"}

#: How SQLite says that a file is none of its own, or its pages do not hang together.
_DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB")


class _ServerText(sa.types.TypeDecorator[str]):
    """Text on a server: in the order of its code points, as in SQLite, and without NUL, which a server cannot hold."""

    impl = sa.Text
    cache_ok = True

    def _without_nul(self, value: str | None, dialect: sa.Dialect) -> str | None:
        return None if value is None else value.replace("\0", "\N{REPLACEMENT CHARACTER}")

    process_bind_param = _without_nul


#: In SQLite an INTEGER has 64 bits, and only a key declared so is the row number itself.
_INTEGER = sa.Integer().with_variant(sa.BigInteger(), "postgresql")
_TEXT = sa.Text().with_variant(_ServerText(collation="C"), "postgresql")
_TYPES: dict[Type, sa.types.TypeEngine[Any]] = {
    Type.ID: _INTEGER,
    Type.INTEGER: _INTEGER,
    Type.SMALL: _INTEGER,
    Type.INSTANT: _INTEGER,  # microseconds since 1970, UTC: SQLite has no instants
    Type.TEXT: _TEXT,
    Type.JSON: _TEXT,
    Type.NUMBER: sa.Float(),
    Type.FLAG: sa.Boolean(),
}


def open_database(path: Path, tables: Iterable[Table]) -> sa.Engine:
    """Open a private SQLite file (mode 0600) and bring it to the declared tables: see `upgrade`.

    Every commit is on disk when it returns. Statement errors never show the bound values.

    Raises:
        WorkspaceError: the stored tables do not fit the declared ones; here and later, the file is damaged.
        StorageFullError: here and at every write, if the disk has no room or a file-size limit was reached.
    """
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(path)), hide_parameters=True)
    sa.event.listen(engine, "connect", _set_pragmas)
    sa.event.listen(engine, "handle_error", _told, retval=True)
    try:
        upgrade(engine, all_declared(tables))
    except BaseException:
        engine.dispose()
        raise
    return engine


def _told(context: sa.ExceptionContext) -> BaseException | None:
    """The error by name for what SQLite says of its file; None = as it is."""
    name = getattr(context.original_exception, "sqlite_errorname", "")
    file = Path(str(context.engine.url.database)).name if context.engine else "a database"
    if name in _FULL:
        return StorageFullError("no_room_for_file", file=file)
    return WorkspaceError("damaged_database", file=file) if name.startswith(_DAMAGED) else None


def all_declared(tables: Iterable[Table]) -> sa.MetaData:
    """The SQLAlchemy form of several declared tables."""
    return _together(tuple(tables))


@cache
def _together(tables: tuple[Table, ...]) -> sa.MetaData:
    metadata = sa.MetaData()
    for table in tables:
        declared(table).to_metadata(metadata)
    return metadata


@cache
def declared(table: Table) -> sa.Table:
    """The SQLAlchemy form of a declared table; sealed columns are bytes, instants are microseconds."""
    return sa.Table(
        table.name,
        sa.MetaData(),
        *(
            sa.Column(
                column.name,
                sa.LargeBinary() if column.personal is Personal.SEALED else _TYPES[column.type],
                primary_key=column.name in table.key,
                autoincrement=False,
                nullable=column.nullable,
            )
            for column in table.columns
        ),
    )


def scrub(engine: sa.Engine, table: str) -> None:
    """Take what was deleted from a table out of its database: until this returns, it is still in files there.

    SQLite overwrites it at once and keeps it in the write-ahead log; a server keeps the rows until they are vacuumed,
    and what it wrote about them in its own log for as long as that is kept (docs/guides/postgresql.md).

    Raises:
        WorkspaceError: a reader holds the SQLite file open, so that the log could not be emptied.
    """
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"VACUUM {engine.dialect.identifier_preparer.quote(table)}")
        return
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
