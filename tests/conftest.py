"""What every test may use."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import objectstore
from tests.databases import SWITCH, Database, PostgreSQL, running
from tests.objectstore import ObjectStore

#: DuckDB asks it for instants that leave it row by row. It is no dependency, but a benchmark's library brings it here.
sys.modules["pytz"] = None  # type: ignore[assignment]


def pytest_configure(config: pytest.Config) -> None:
    """A shop that a test leaves open is no mistake, though a server's driver, unlike SQLite's, complains of it."""
    if os.environ.get(SWITCH) == "server":
        config.addinivalue_line("filterwarnings", "ignore:<psycopg.Connection:ResourceWarning")


@pytest.fixture(scope="session")
def root() -> Path:
    """The top folder of the repository."""
    return Path(__file__).parent.parent


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgreSQL]:
    """A real server."""
    with running() as server:
        yield server


@pytest.fixture(params=["file", "server"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of one's own, on each kind of home."""
    if request.param == "file":
        made = Database(tmp_path / "vault.db")
    else:
        server: PostgreSQL = request.getfixturevalue("postgres")
        made = Database(tmp_path / "none", server.new(), server)
    yield made
    made.close()


@pytest.fixture(scope="session")
def object_store() -> Iterator[ObjectStore]:
    """A real server of S3's protocol."""
    with objectstore.running() as server:
        yield server


@pytest.fixture(scope="session", autouse=True)
def _lakes_in_an_object_store(request: pytest.FixtureRequest) -> None:
    """With the switch, the lakes of ``tests/lake`` live in one."""
    if os.environ.get(objectstore.SWITCH) == "s3":
        request.getfixturevalue("object_store")


@pytest.fixture(scope="session", autouse=True)
def _every_workspace_on_a_server(request: pytest.FixtureRequest) -> Iterator[None]:
    """With the switch, every workspace that a test makes lives on a server."""
    if os.environ.get(SWITCH) == "server":
        os.environ["QIANMIAN_DATABASE"] = request.getfixturevalue("postgres").url
        yield
        del os.environ["QIANMIAN_DATABASE"]
    else:
        yield
