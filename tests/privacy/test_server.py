"""A server that goes down, is full, is strange or foreign says so in our words, and never its address."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from qianmian.core.errors import (
    LeaseHeldError,
    QianmianError,
    ServerUnreachableError,
    SettingsError,
    StorageFullError,
    WorkspaceError,
)
from qianmian.privacy.bulk import read_integers, write_rows
from qianmian.privacy.database import declared
from qianmian.privacy.server import Server, _engine, locked, make_schema, open_server
from qianmian.privacy.tables import IDENTIFIERS
from tests.databases import OWNER, Database, PostgreSQL, running

STORED = declared(IDENTIFIERS)
ROWS = [(number, -number, "phone", b"sealed", 1) for number in range(1, 2001)]


@pytest.fixture
def engine(postgres: PostgreSQL) -> Iterator[sa.Engine]:
    opened = open_server(postgres.new(), (IDENTIFIERS,), OWNER)
    yield opened
    opened.dispose()


@pytest.fixture(scope="module")
def mortal() -> Iterator[PostgreSQL]:
    """A server that these tests stop and start."""
    with running() as server:
        yield server


def count(engine: sa.Engine) -> int:
    with engine.connect() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(STORED)).scalar_one()


def put(engine: sa.Engine, rows: list[tuple[object, ...]]) -> None:
    with engine.begin() as connection:
        write_rows(connection, STORED, rows)


def test_rows_in_bulk_come_back_on_either_home(database: Database) -> None:
    engine = database.open(IDENTIFIERS)
    put(engine, [])
    with engine.connect() as connection:
        assert read_integers(connection, (STORED.c.node_id, STORED.c.check_hash)).shape == (0, 2)
    put(engine, [(2**63 - 1, -(2**63), "phone", b"x", 1), (0, 7, "邮箱", b"", 2)])
    with engine.connect() as connection:
        numbers = read_integers(connection, (STORED.c.node_id, STORED.c.check_hash))
        whole = connection.execute(sa.select(STORED).order_by(STORED.c.node_id)).all()
    assert sorted(map(tuple, numbers.tolist())) == [(0, 7), (2**63 - 1, -(2**63))]
    assert [tuple(row) for row in whole] == [(0, 7, "邮箱", b"", 2), (2**63 - 1, -(2**63), "phone", b"x", 1)]


def test_a_server_that_restarts_between_two_transactions_is_not_noticed(mortal: PostgreSQL) -> None:
    engine = open_server(mortal.new(), (IDENTIFIERS,), OWNER)
    put(engine, ROWS[:5])
    mortal.control("restart", "-m", "immediate")
    put(engine, ROWS[5:10])
    assert count(engine) == 10
    engine.dispose()


@pytest.mark.parametrize("way", ["statement", "copy", "commit"])
def test_a_server_that_restarts_within_a_transaction_undoes_it_and_says_so(mortal: PostgreSQL, way: str) -> None:
    engine = open_server(mortal.new(), (IDENTIFIERS,), OWNER)
    put(engine, ROWS[:5])
    connection = engine.connect()
    connection.begin()
    write_rows(connection, STORED, ROWS[5:10])
    mortal.control("restart", "-m", "immediate")
    with pytest.raises(ServerUnreachableError, match="was not done") as told:
        {
            "statement": lambda: connection.execute(
                sa.insert(STORED), dict(zip(STORED.c.keys(), ROWS[11], strict=True))
            ),
            "copy": lambda: write_rows(connection, STORED, ROWS[11:]),
            "commit": connection.commit,
        }[way]()
    assert "run the same again" in told.value.hint
    connection.close()
    assert count(engine) == 5
    put(engine, ROWS[5:])
    assert count(engine) == len(ROWS)
    engine.dispose()


def test_a_server_that_is_down_is_told_without_its_address(mortal: PostgreSQL) -> None:
    server = mortal.new()
    engine = open_server(server, (IDENTIFIERS,), OWNER)
    mortal.control("stop", "-m", "immediate")
    try:
        for deed in (lambda: count(engine), lambda: open_server(server, (IDENTIFIERS,), OWNER)):
            with pytest.raises(ServerUnreachableError, match="refused or lost") as told:
                deed()
            assert str(mortal.folder) not in f"{told.value!r} {told.value.__cause__!r}"
    finally:
        mortal.control("start")
    assert count(engine) == 0
    engine.dispose()


@pytest.mark.parametrize(
    ("address", "error", "words"),
    [
        ("postgresql+psycopg://shop:hush-hush@127.0.0.1:1/shop", ServerUnreachableError, "refused or lost"),
        ("postgresql://shop:hush-hush@127.0.0.1:port/shop", SettingsError, "no address that can be read"),
        ("postgresql+psycopg://hush-hush", ServerUnreachableError, "refused or lost"),
    ],
)
def test_no_error_shows_the_address(address: str, error: type[QianmianError], words: str) -> None:
    server = Server(address, "shop")
    with pytest.raises(error, match=words) as told:
        open_server(server, (IDENTIFIERS,), OWNER)
    assert "hush" not in f"{told.value} {told.value!r} {server!r}"
    assert told.value.__suppress_context__ or told.value.__cause__ is None


def test_a_foreign_missing_or_taken_schema_is_refused_by_name(postgres: PostgreSQL) -> None:
    server = postgres.new()
    with pytest.raises(WorkspaceError, match="belongs to another workspace"):
        open_server(server, (IDENTIFIERS,), "somebody else")
    with pytest.raises(WorkspaceError, match="has no schema 'missing'"):
        open_server(replace(server, schema="missing"), (IDENTIFIERS,), OWNER)
    open_server(server, (IDENTIFIERS,), OWNER).dispose()
    with pytest.raises(WorkspaceError, match="holds tables already"):
        make_schema(server, OWNER)


def test_two_workspaces_share_a_server_and_see_nothing_of_each_other(postgres: PostgreSQL) -> None:
    one, other = (open_server(postgres.new(), (IDENTIFIERS,), OWNER) for _ in range(2))
    put(one, ROWS)
    assert (count(one), count(other)) == (2000, 0)
    one.dispose()
    other.dispose()


def test_a_commit_is_on_disk_though_the_role_is_told_not_to_wait(postgres: PostgreSQL) -> None:
    server = postgres.new()
    postgres.query("CREATE ROLE hasty LOGIN SUPERUSER")
    postgres.query("ALTER ROLE hasty SET synchronous_commit = off")
    hasty = replace(server, url=postgres.url.replace("postgres:@", "hasty:@"))
    engine = open_server(hasty, (IDENTIFIERS,), OWNER)
    with engine.connect() as connection:
        asked = [connection.exec_driver_sql(f"SHOW {name}").scalar() for name in ("synchronous_commit", "role")]
        assert connection.exec_driver_sql("SELECT current_user").scalar() == "hasty"
    assert asked[0] == "on"
    engine.dispose()


def test_a_server_that_does_not_wait_for_its_disk_is_refused(mortal: PostgreSQL) -> None:
    server = mortal.new()
    mortal.query("ALTER SYSTEM SET fsync = off")
    mortal.control("reload")
    mortal.control("restart")
    try:
        with pytest.raises(WorkspaceError, match="fsync is off"):
            open_server(server, (IDENTIFIERS,), OWNER)
    finally:
        mortal.query("ALTER SYSTEM RESET fsync")
        mortal.control("restart")
    open_server(server, (IDENTIFIERS,), OWNER).dispose()


def test_a_user_without_rights_is_told_what_is_missing(postgres: PostgreSQL) -> None:
    postgres.query("CREATE ROLE guest LOGIN")
    server = Server(postgres.url.replace("postgres:@", "guest:@"), "guests")
    with pytest.raises(WorkspaceError, match="denies this user"):
        make_schema(server, OWNER)


@pytest.mark.parametrize(("state", "error"), [("53100", StorageFullError), ("57P01", ServerUnreachableError)])
def test_what_the_server_raises_is_told_in_our_words(engine: sa.Engine, state: str, error: type[QianmianError]) -> None:
    raising = f"DO $$ BEGIN RAISE EXCEPTION 'of phone 13100131000' USING ERRCODE = '{state}'; END $$"
    with engine.connect() as connection, pytest.raises(error) as told:
        connection.exec_driver_sql(raising)
    assert "13100131000" not in str(told.value)


def test_a_failing_copy_does_not_show_its_values(engine: sa.Engine) -> None:
    put(engine, ROWS[:1])
    with pytest.raises(Exception, match="unique") as told:
        put(engine, [(1, 2, "phone", b"13100131000", 1)])
    assert "13100131000" not in str(told.value)
    assert count(engine) == 1


HOLD = """
import sys
from qianmian.privacy.server import Server, locked
with locked(Server({url!r}, {schema!r}), "qianmian, process 7 on another-machine"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_of_two_machines_one_writes(postgres: PostgreSQL) -> None:
    server, neighbour = postgres.new(), postgres.new()
    code = HOLD.format(url=server.url, schema=server.schema)
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(LeaseHeldError, match="process 7 on another-machine"), locked(server, "me"):
            pass
        with locked(neighbour, "me") as check:
            check()
        other.kill()
    with locked(server, "me") as check:  # the server ends it with the connection
        check()


def test_a_holder_whose_connection_was_lost_may_not_go_on(postgres: PostgreSQL) -> None:
    server = postgres.new()
    with locked(server, "me") as check:
        check()
        postgres.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'me'")
        with locked(server, "the next"), pytest.raises(ServerUnreachableError, match="another machine may write"):
            check()


def test_without_the_driver_the_extra_is_named(tmp_path: Path, postgres: PostgreSQL) -> None:
    (tmp_path / "psycopg.py").write_text("raise ModuleNotFoundError(name='psycopg')")
    code = f"from qianmian.privacy.server import *; make_schema(Server({postgres.url!r}, 'shop'), 'me')"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, env=environment)
    assert "pip install 'qianmian[postgres]'" in done.stderr


def test_the_engine_never_shows_a_password() -> None:
    engine = _engine(Server("postgresql+psycopg://shop:hush-hush@127.0.0.1/shop", "shop"))
    assert "hush" not in repr(engine)
