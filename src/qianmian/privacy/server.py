"""A PostgreSQL server as the home of a workspace's vault and catalogue: a schema of its own, durable on commit.

The driver is an extra (``qianmian[postgres]``); nothing here imports it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import ConnectionPoolEntry

from qianmian.core.errors import (
    LeaseHeldError,
    QianmianError,
    ServerUnreachableError,
    SettingsError,
    StorageFullError,
    WorkspaceError,
)
from qianmian.core.messages import Message
from qianmian.core.tables import Table
from qianmian.privacy.database import all_declared
from qianmian.privacy.upgrades import upgrade

_DRIVER = "postgresql+psycopg"
_OLDEST = 140_000  # `idle_session_timeout`
#: A dead connection is noticed within minutes, not by the system's two hours; a lock waits no longer than in SQLite.
_CONNECT = {"connect_timeout": 10, "keepalives_idle": 60, "keepalives_interval": 10, "keepalives_count": 6}
#: Every commit is on the server's disk when it returns, whatever the role's default is; a stricter one stays.
_PREPARE = (
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'",
    "SET lock_timeout = '10s'",
    "SET idle_session_timeout = 0",
)
#: SQLSTATE of a disk that is full, of a server that goes down or comes up, and of a right that is missing.
_FULL, _DOWN, _DENIED, _CROWDED, _BUSY = "53100", ("08", "57P0"), "42501", "53300", "55P03"
_HOLDER = """
SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND classid::bigint = :high AND objid::bigint = :low
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


@dataclass(frozen=True)
class Server:
    """Where on a server a workspace is.

    Attributes:
        url: SQLAlchemy's address of the database; may hold a password, so that it never shows itself.
        schema: the workspace's own; lower-case letters, digits and underscores.
    """

    url: str = field(repr=False)
    schema: str


def make_schema(server: Server, owner: str) -> None:
    """Make the schema of a new workspace; one that is there already must be empty.

    Args:
        server: where.
        owner: fingerprint of the workspace's keys; the schema remembers whose it is.

    Raises:
        WorkspaceError: the schema holds something already, or may not be made.
        ServerUnreachableError: no connection.
    """
    engine = _engine(server)
    try:
        with engine.begin() as connection:
            if server.schema not in sa.inspect(connection).get_schema_names():
                connection.execute(sa.schema.CreateSchema(server.schema))
            if sa.inspect(connection).get_table_names(server.schema):
                raise WorkspaceError("schema_taken", schema=server.schema)
            connection.exec_driver_sql(f"COMMENT ON SCHEMA {server.schema} IS '{_mark(owner)}'")
    finally:
        engine.dispose()


def drop_schema(server: Server) -> None:
    """Drop a schema with everything in it."""
    engine = _engine(server)
    try:
        with engine.begin() as connection:
            connection.execute(sa.schema.DropSchema(server.schema, cascade=True, if_exists=True))
    finally:
        engine.dispose()


def open_server(server: Server, tables: Iterable[Table], owner: str) -> sa.Engine:
    """Open the schema of a workspace and bring it to the declared tables: see `upgrade`.

    Every commit is on disk when it returns. Statement errors never show the bound values. A connection that was lost
    between two transactions is made again; one that is lost within one is told, and nothing of it was done.

    Raises:
        WorkspaceError: the schema is missing or another workspace's, its tables do not fit, or the server is not safe.
        ServerUnreachableError: here and at every statement, if the connection is lost.
        StorageFullError: here and at every write, if the server's disk has no room.
    """
    engine = _engine(server)
    try:
        with engine.connect() as connection:
            _check_safe(connection)
            _check_owner(connection, server.schema, owner)
        upgrade(engine, all_declared(tables))
    except BaseException:
        engine.dispose()
        raise
    return engine


@contextmanager
def locked(server: Server, holder: str) -> Iterator[Callable[[], None]]:
    """Hold a workspace's only right to write, among all machines; the server ends it with the connection.

    Args:
        server: where the workspace is.
        holder: who takes it, shown to others who ask; ASCII, at most 63 signs.

    Yields:
        What to call before anything is made visible: it raises if the right may be gone.

    Raises:
        LeaseHeldError: somebody else holds it; names who.
        ServerUnreachableError: no connection, here or at a later check.
    """
    engine, key = _engine(server), int.from_bytes(sha256(server.schema.encode()).digest()[:8], signed=True)
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.select(sa.func.set_config("application_name", holder, False)))
            if not connection.execute(sa.select(sa.func.pg_try_advisory_lock(sa.cast(key, sa.BigInteger)))).scalar():
                raise LeaseHeldError("lease_held", holder=_holder(connection, key))

            def check() -> None:
                try:
                    connection.exec_driver_sql("SELECT 1")
                except (sa.exc.SQLAlchemyError, ServerUnreachableError):
                    raise ServerUnreachableError("lease_lost") from None

            yield check
    finally:
        engine.dispose()


@contextmanager
def driver_errors(connection: sa.Connection) -> Iterator[None]:
    """Tell in our words what the driver raises where SQLAlchemy does not stand in between."""
    try:
        yield
    except connection.dialect.loaded_dbapi.Error as error:
        found = _told(error, connection.dialect)
        if isinstance(found, ServerUnreachableError):
            connection.invalidate()
        raise found or _silenced(error) from None


def _engine(server: Server) -> sa.Engine:
    try:
        url = sa.make_url(server.url).set(drivername=_DRIVER)
        given = {name: value for name, value in _CONNECT.items() if name not in url.query}
        engine = sa.create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args=given)
    except ModuleNotFoundError:
        raise SettingsError("no_driver") from None
    except (sa.exc.ArgumentError, ValueError):
        raise SettingsError("database_unfit") from None

    def prepare(connection: Any, _entry: ConnectionPoolEntry) -> None:
        connection.autocommit = True
        for statement in (*_PREPARE, f'SET search_path TO "{server.schema}"'):
            connection.execute(statement)
        connection.autocommit = False

    # before SQLAlchemy's own first look at the connection, which asks for the schema
    sa.event.listen(engine, "connect", prepare, insert=True)
    sa.event.listen(engine, "handle_error", _tell, retval=True)
    return engine


def _tell(context: sa.ExceptionContext) -> BaseException | None:
    error, wrapped = context.original_exception, context.sqlalchemy_exception
    if context.is_pre_ping or not isinstance(error, context.dialect.loaded_dbapi.Error):
        return None
    found = _told(error, context.dialect)
    _silenced(error)
    if wrapped:
        wrapped.args = (str(error),)
    return found


def _silenced(error: Any) -> Exception:
    """The same error without what it may quote: the server's address, or the values of a row."""
    error.args = (error.diag.message_primary or type(error).__name__,)
    return error  # type: ignore[no-any-return]


def _told(error: Exception, dialect: sa.Dialect) -> QianmianError | None:
    """What an error of the driver means; None: not ours to explain."""
    state = getattr(error, "sqlstate", None) or ""
    if state == _FULL:
        return StorageFullError("no_room_on_server")
    if state == _DENIED:
        return WorkspaceError("server_denies")
    if state == _CROWDED:
        return ServerUnreachableError("server_crowded")
    if state == _BUSY:
        return WorkspaceError("server_busy")
    is_lost = not state and isinstance(error, dialect.loaded_dbapi.OperationalError)
    return ServerUnreachableError("server_lost") if is_lost or state.startswith(_DOWN) else None


def _check_safe(connection: sa.Connection) -> None:
    names = "server_version_num", "fsync", "server_encoding"
    found = connection.execute(sa.select(*(sa.func.current_setting(name) for name in names))).one()
    if int(found[0]) < _OLDEST:
        raise WorkspaceError("server_old", version=int(found[0]) // 10_000)
    if found[1] != "on":
        raise WorkspaceError("server_forgets")
    if found[2] != "UTF8":
        raise WorkspaceError("server_encoding", encoding=found[2])


def _check_owner(connection: sa.Connection, schema: str, owner: str) -> None:
    query = sa.text("SELECT obj_description(oid) FROM pg_namespace WHERE nspname = :schema")
    comment = str(connection.execute(query, {"schema": schema}).scalar() or "")
    if not comment.startswith(_mark(owner)):
        raise WorkspaceError("schema_foreign" if comment else "no_schema", schema=schema)


def _mark(owner: str) -> str:
    return f"qianmian, keys {owner}"


def _holder(connection: sa.Connection, key: int) -> str | Message:
    halves = {"high": key >> 32 & 0xFFFFFFFF, "low": key & 0xFFFFFFFF}
    return connection.execute(sa.text(_HOLDER), halves).scalar() or Message("just_starting")
