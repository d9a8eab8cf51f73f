"""One small world, generated once for all tests; made of several neighbourhoods."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from qianmian.world.generate import generate
from qianmian.world.plan import WorldPlan

PLAN = WorldPlan(seed=11, people=1_500, neighbourhood_events=14_000)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    generate(PLAN, folder)
    return folder


@pytest.fixture(scope="session")
def sql(world: Path) -> duckdb.DuckDBPyConnection:
    """The world as views: e = deliveries, event = each event once, and the tables of truth."""
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(f"CREATE VIEW e AS SELECT * FROM '{world}/events/*.parquet'")
    connection.execute(
        "CREATE TABLE event AS SELECT DISTINCT ON (message_id) * FROM e ORDER BY message_id, received_at"
    )
    connection.execute(f"CREATE VIEW goods AS SELECT * FROM '{world}/goods.csv'")
    for file in (world / "truth").glob("*.parquet"):
        connection.execute(f"CREATE VIEW {file.stem} AS SELECT * FROM '{file}'")
    return connection
