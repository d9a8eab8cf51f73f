"""A small world and a town, each generated once for all tests; made of several neighbourhoods."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from qianmian.world.generate import generate
from qianmian.world.plan import WorldPlan

PLAN = WorldPlan(seed=11, people=1_500, neighbourhood_events=20_000)
#: Large enough for every story, and for rates to settle.
TOWN = WorldPlan(seed=3, people=12_000, neighbourhood_events=160_000)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    generate(PLAN, folder)
    return folder


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town")
    generate(TOWN, folder)
    return folder


@pytest.fixture(scope="session")
def sql(world: Path) -> duckdb.DuckDBPyConnection:
    """The world as views: e = deliveries, event = each event once, and the tables of truth."""
    return opened(world)


@pytest.fixture(scope="session")
def town_sql(town: Path) -> duckdb.DuckDBPyConnection:
    """The town as views, with ``moment`` = the true instant of each event."""
    return opened(town)


def opened(folder: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(f"CREATE VIEW e AS SELECT * FROM '{folder}/events/*.parquet'")
    connection.execute(
        """CREATE TABLE event AS SELECT DISTINCT ON (message_id) *, timestamp + (received_at - sent_at) AS moment
           FROM e ORDER BY message_id, received_at"""
    )
    connection.execute(f"CREATE VIEW goods AS SELECT * FROM '{folder}/goods.csv'")
    for file in (folder / "truth").glob("*.parquet"):
        connection.execute(f"CREATE VIEW {file.stem} AS SELECT * FROM '{file}'")
    return connection
