"""Upgrades: a database of an earlier version is brought to the tables that this version declares.

The declarations are the only schema. What was declared since and may be empty is simply added; anything else is a
numbered change in `CHANGES`. A database of a later version is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.schema import CreateColumn

from qianmian.core.errors import WorkspaceError

#: A change that cannot be read off the declarations. It finds what was declared since already added, and must be
#: harmless where its tables are new: in SQLite, each file counts for itself.
Change = Callable[[sa.Connection], None]
#: All of them, oldest first: a database knows how many it has seen. None is ever taken away.
CHANGES: tuple[Change, ...] = ()
_SEEN = "; changes seen: "


def upgrade(engine: sa.Engine, metadata: sa.MetaData, changes: Sequence[Change] = CHANGES) -> None:
    """Make the tables and columns that a database lacks and run the changes that it has not seen, all or nothing.

    Raises:
        WorkspaceError: a later version wrote the database, or a stored column is not as it is declared.
    """
    with engine.connect() as connection:
        if _is_current(connection, metadata, changes):
            return
    with _alone(engine) as connection:
        if _is_current(connection, metadata, changes):  # another process was faster
            return
        is_new = not sa.inspect(connection).get_table_names()
        _add_lacking(connection, metadata)
        for change in changes[_seen(connection) :] if not is_new else ():
            change(connection)
        _note_seen(connection, len(changes))
        _refuse_unfit(connection, metadata)


def refuse_later_tables(engine: sa.Engine, metadata: sa.MetaData) -> None:
    """Refuse a database with tables that this version does not declare: no erasure would reach the people in them.

    Raises:
        WorkspaceError: a later version wrote the database.
    """
    with engine.connect() as connection:
        unknown = sorted(set(sa.inspect(connection).get_table_names()) - metadata.tables.keys())
    if unknown:
        raise WorkspaceError("database_of_later_version", what=unknown[0])


def _is_current(connection: sa.Connection, metadata: sa.MetaData, changes: Sequence[Change]) -> bool:
    if _seen(connection) > len(changes):
        raise WorkspaceError("database_of_later_version", what=f"{_seen(connection)} > {len(changes)}")
    stored = _stored(connection, metadata)
    _refuse_unknown_columns(stored, metadata)
    if any(column.name not in stored.get(table.name, {}) for table, column in _columns(metadata)):
        return False
    if _seen(connection) < len(changes):
        return False
    _refuse_unfit(connection, metadata)
    return True


def _stored(connection: sa.Connection, metadata: sa.MetaData) -> dict[str, dict[str, tuple[type, bool]]]:
    """Table → column → what Python calls its type, and whether it may be empty."""
    found = sa.inspect(connection).get_multi_columns()
    return {
        name: {column["name"]: (column["type"].python_type, column["nullable"]) for column in columns}
        for (_, name), columns in found.items()
        if name in metadata.tables
    }


def _columns(metadata: sa.MetaData) -> Iterator[tuple[sa.Table, sa.Column[object]]]:
    return ((table, column) for table in metadata.tables.values() for column in table.columns)


def _refuse_unknown_columns(stored: dict[str, dict[str, tuple[type, bool]]], metadata: sa.MetaData) -> None:
    for name, columns in stored.items():
        if unknown := sorted(columns.keys() - metadata.tables[name].columns.keys()):
            raise WorkspaceError("database_of_later_version", what=f"{name}.{unknown[0]}")


def _refuse_unfit(connection: sa.Connection, metadata: sa.MetaData) -> None:
    stored = _stored(connection, metadata)
    for table, column in _columns(metadata):
        if stored[table.name][column.name] != (column.type.python_type, column.nullable):
            raise WorkspaceError("stored_column_unfit", table=table.name, column=column.name)


def _add_lacking(connection: sa.Connection, metadata: sa.MetaData) -> None:
    stored, dialect = _stored(connection, metadata), connection.dialect
    metadata.create_all(connection)
    for table, column in _columns(metadata):
        if column.name in stored.get(table.name, {column.name}):
            continue
        if not column.nullable:
            raise WorkspaceError("stored_column_unfit", table=table.name, column=column.name)
        spelled = CreateColumn(column).compile(dialect=dialect)
        name = dialect.identifier_preparer.format_table(table)
        connection.exec_driver_sql(f"ALTER TABLE {name} ADD COLUMN {spelled}")


@contextmanager
def _alone(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that no other upgrade of the database meets."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(1, hashtext(current_schema()))")
        else:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield connection


def _seen(connection: sa.Connection) -> int:
    """How many changes a database has seen: a file says so in its head, a schema in its comment."""
    if connection.dialect.name == "postgresql":
        return int(_comment(connection).partition(_SEEN)[2] or 0)
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def _note_seen(connection: sa.Connection, number: int) -> None:
    if connection.dialect.name == "postgresql":
        comment = f"{_comment(connection).partition(_SEEN)[0]}{_SEEN}{number}"
        spelled = "SELECT format('COMMENT ON SCHEMA %%I IS %%L', current_schema(), CAST(%s AS text))"
        connection.exec_driver_sql(str(connection.exec_driver_sql(spelled, (comment,)).scalar_one()))
    else:
        connection.exec_driver_sql(f"PRAGMA user_version = {number}")


def _comment(connection: sa.Connection) -> str:
    return str(connection.exec_driver_sql("SELECT obj_description(current_schema()::regnamespace)").scalar() or "")
