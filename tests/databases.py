"""The two homes of vault and catalogue in tests: SQLite files, and a schema on a real PostgreSQL server.

A test that takes `database` runs on both. ``QIANMIAN_TEST_DATABASE=server`` puts every workspace of a run on a server.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy as sa

from qianmian.core.settings import FILE_NAME
from qianmian.core.tables import Table
from qianmian.privacy.database import open_database
from qianmian.privacy.server import Server, _engine, make_schema, open_server

#: Says where every workspace of a run lives.
SWITCH = "QIANMIAN_TEST_DATABASE"
OWNER = "a test"


@dataclass(frozen=True)
class PostgreSQL:
    """A running server.

    Attributes:
        url: SQLAlchemy's address of its database.
        folder: its files.
        programs: the folder of ``pg_ctl``.
    """

    url: str
    folder: Path
    programs: Path

    def new(self) -> Server:
        """A schema of one's own, empty."""
        server = Server(self.url, f"test_{uuid.uuid4().hex}")
        make_schema(server, OWNER)
        return server

    def control(self, *words: str) -> None:
        """Start, stop or restart it; it runs as its own user where the tests are root's."""
        command = [str(self.programs / "pg_ctl"), "-D", str(self.folder), "-w", "-l", str(self.folder / "log"), *words]
        command += ["-o", f"-h '' -k {self.folder}"] if words[0] in ("start", "restart") else []
        user = {"user": self.folder.owner()} if os.geteuid() == 0 else {}
        subprocess.run(command, check=True, capture_output=True, cwd=self.folder, timeout=60, **user)

    def files(self) -> bytes:
        """Everything in its files, without its log of changes to come."""
        self.query("CHECKPOINT")
        return b"\0".join(path.read_bytes() for path in (self.folder / "base").rglob("*") if path.is_file())

    def query(self, sql: str) -> list[tuple[object, ...]]:
        """Ask it as its administrator."""
        engine = sa.create_engine(self.url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            found = connection.exec_driver_sql(sql)
            return [tuple(row) for row in found] if found.returns_rows else []


@contextmanager
def running() -> Iterator[PostgreSQL]:
    """A server of one's own, gone afterwards; the test is skipped where its wheel is not installed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a desktop's folders, which a server has not
        wheel = pytest.importorskip("pgserver", reason="no PostgreSQL here: pip install pgserver")
    folder = Path(tempfile.mkdtemp(prefix="qm-"))
    with (Path(tempfile.gettempdir()) / "qianmian-test-server.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # the first server of a machine adds a user, which two at once cannot
        server = wheel.get_server(folder, cleanup_mode="delete")
    try:
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        yield PostgreSQL(url, folder, Path(wheel.__file__).parent / "pginstall" / "bin")
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class Database:
    """A database for some tables, in a file or on a server.

    Attributes:
        file: where it is, if in a file.
        server: where it is, if on a server.
        postgres: that server.
    """

    file: Path
    server: Server | None = None
    postgres: PostgreSQL | None = None
    opened: list[sa.Engine] = field(default_factory=list)

    def open(self, *tables: Table) -> sa.Engine:
        """Open it once more."""
        return self._kept(open_server(self.server, tables, OWNER) if self.server else open_database(self.file, tables))

    def connect(self) -> sa.Engine:
        """Open it as it is, without looking at its tables."""
        return self._kept(_engine(self.server) if self.server else sa.create_engine(f"sqlite:///{self.file}"))

    def close(self) -> None:
        """Close whatever was opened."""
        for engine in self.opened:
            engine.dispose()

    def _kept(self, engine: sa.Engine) -> sa.Engine:
        self.opened.append(engine)
        return engine

    @property
    def code(self) -> str:
        """What opens it, as code for a process of its own that knows a tuple `tables`."""
        if self.server:
            return f"open_server(Server({self.server.url!r}, {self.server.schema!r}), tables, {OWNER!r})"
        return f"open_database(Path({str(self.file)!r}), tables)"

    def stored(self) -> bytes:
        """Everything that it keeps in files."""
        if self.postgres:
            return self.postgres.files()
        return b"\0".join(path.read_bytes() for path in sorted(self.file.parent.glob(f"{self.file.name}*")))

    def rewrite(self, table: str) -> None:
        """What the guide names for who wants the freed bytes of a server's pages gone, too; files have none."""
        if self.server and self.postgres:
            self.postgres.query(f"VACUUM FULL {self.server.schema}.{table}")

    def blob(self, size: int) -> str:
        """SQL of so many bytes."""
        return f"decode(repeat('00', {size}), 'hex')" if self.server else f"zeroblob({size})"


def copy_workspace(folder: Path, to: Path) -> Path:
    """Copy a workspace, keys and all, with a schema of its own if it lives on a server."""
    shutil.copytree(folder, to)
    toml = (to / FILE_NAME).read_text(encoding="utf-8")
    found = [line.split('"')[1] for line in toml.splitlines() if line.startswith("database_schema")]
    for old in found:
        new = f"test_{uuid.uuid4().hex}"
        _copy_schema(old, new)
        (to / FILE_NAME).write_text(toml.replace(old, new), encoding="utf-8")
    return to


def _copy_schema(old: str, new: str) -> None:
    engine = sa.create_engine(os.environ["QIANMIAN_DATABASE"], poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {new}")
        for table in sa.inspect(connection).get_table_names(old):
            connection.exec_driver_sql(f"CREATE TABLE {new}.{table} (LIKE {old}.{table} INCLUDING ALL)")
            connection.exec_driver_sql(f"INSERT INTO {new}.{table} SELECT * FROM {old}.{table}")
        (comment,) = connection.exec_driver_sql(f"SELECT obj_description('{old}'::regnamespace)").scalars()
        connection.exec_driver_sql(f"COMMENT ON SCHEMA {new} IS '{comment}'")
