"""Databases follow the declarations, and what cannot be read off these is a numbered change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from multiprocessing.pool import ThreadPool

import pytest
import sqlalchemy as sa

from qianmian.core.errors import WorkspaceError
from qianmian.core.tables import Column, Erase, Leave, Table, Type
from qianmian.privacy.database import all_declared
from qianmian.privacy.upgrades import Change, upgrade
from tests.databases import Database

SHOPS = Table(
    "shops",
    (Column("shop", Type.TEXT, "its name", nullable=False), Column("size", Type.INTEGER, "in m²")),
    ("shop",),
    "one row a shop",
    "privacy",
    Erase(Leave.KEEP),
)
COLUMNS = {
    type_: Column(f"a_{type_.name.lower()}", type_, "anything")
    for type_ in Type
    if type_ not in (Type.MONEY, Type.DATE)  # of the lake alone
}


def opened(database: Database, *columns: Column, changes: Sequence[Change] = ()) -> sa.Engine:
    engine = database.connect()
    upgrade(engine, all_declared([replace(SHOPS, columns=(*SHOPS.columns, *columns))]), changes)
    return engine


def rows(engine: sa.Engine) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql("SELECT * FROM shops ORDER BY shop")]


def filled(database: Database) -> None:
    engine = opened(database)
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO shops VALUES ('a', 1), ('B', 2)")


@pytest.mark.parametrize("column", COLUMNS.values(), ids=lambda column: column.name)
def test_a_column_of_every_type_is_added_and_then_as_it_is_declared(database: Database, column: Column) -> None:
    filled(database)
    for _ in range(2):
        engine = opened(database, column)
        assert rows(engine) == [("B", 2, None), ("a", 1, None)]


def test_a_column_that_may_not_be_empty_is_not_added(database: Database) -> None:
    filled(database)
    with pytest.raises(WorkspaceError, match=r"shops\.city is not as this version declares it"):
        opened(database, Column("city", Type.TEXT, "where", nullable=False))
    assert rows(opened(database)) == [("B", 2), ("a", 1)]


def test_a_column_of_another_type_is_refused(database: Database) -> None:
    filled(database)
    changed = replace(SHOPS, columns=(SHOPS.columns[0], Column("size", Type.TEXT, "in words")))
    with pytest.raises(WorkspaceError, match=r"shops\.size is not as this version declares it"):
        upgrade(database.open(), all_declared([changed]))


def test_several_who_open_at_once_upgrade_once(database: Database) -> None:
    filled(database)
    columns = list(COLUMNS.values())
    with ThreadPool(4) as pool:
        engines = pool.map(lambda _: opened(database, *columns, changes=(enlarge,)), range(4))
    assert [row[:2] for row in rows(engines[0])] == [("B", 12), ("a", 11)]


def enlarge(connection: sa.Connection) -> None:
    connection.exec_driver_sql("UPDATE shops SET size = size + 10")


def fail(connection: sa.Connection) -> None:
    enlarge(connection)
    raise RuntimeError("half-way")


def test_a_numbered_change_runs_once_and_never_where_the_database_is_new(database: Database) -> None:
    filled(database)
    for changes, expected in (((enlarge,), 11), ((enlarge,), 11), ((enlarge, enlarge), 21)):
        engine = opened(database, changes=changes)
        assert rows(engine)[1] == ("a", expected)
    with pytest.raises(WorkspaceError, match="later version"):
        opened(database, changes=(enlarge,))


def test_a_change_is_not_run_on_a_new_database(database: Database) -> None:
    for _ in range(2):
        assert rows(opened(database, changes=(fail,))) == []


def test_an_upgrade_that_fails_leaves_everything_as_it_was(database: Database) -> None:
    filled(database)
    with pytest.raises(RuntimeError, match="half-way"):
        opened(database, COLUMNS[Type.TEXT], changes=(enlarge, fail))
    assert rows(opened(database)) == [("B", 2), ("a", 1)]
