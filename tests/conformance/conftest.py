"""A world that is hard on identity, built once; and every engine that must give the same answers."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb
import pytest

import qianmian
from qianmian.app import build as building
from qianmian.app.jobs import Job
from qianmian.app.workspace import Workspace
from qianmian.engines.base import Engine
from qianmian.engines.order import Place
from qianmian.world.generate import generate
from qianmian.world.plan import WorldPlan
from tests.app.traces import Scene
from tests.conformance import cluster as clusters
from tests.conformance.process_engine import in_processes

PLAN = WorldPlan(
    seed=5,
    people=250,
    days=40,
    history_days=10,
    items=240,
    events_per_person=14,
    multi_device_share=0.4,
    shared_device_share=0.3,
    recycled_phone_share=0.06,
    heavy_person_share=0.16,
)
NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
#: The last day's deliveries come in a file of their own.
LAST_DAY = "2026-11-18"
MAPPINGS = Path(qianmian.__file__).parent / "cli" / "demo"
Built = dict[str, list[Any]]


@dataclass
class World:
    """A shop with all but its last day imported and built, and the file of that day."""

    yesterday: Path
    today: Path
    multi_device_share: float

    def copied(self, to: Path) -> Scene:
        """A shop that has imported the last day too, and built nothing of it yet."""
        scene = Scene(self.yesterday, NOW).copied(to)
        scene.shop.import_file(self.today, MAPPINGS / "events.yaml")
        return scene


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("law")
    generate(PLAN, folder / "world")
    parts = {"before": f"received_at::DATE < '{LAST_DAY}'", "today": f"received_at::DATE >= '{LAST_DAY}'"}
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for name, where in parts.items():
            connection.execute(
                f"COPY (SELECT * FROM '{folder}/world/events/*.parquet' WHERE {where}) TO '{folder}/{name}.parquet'"
            )
        devices = f"""SELECT count(*) FILTER (WHERE n > 1) / count(*) FROM (SELECT person, count(*) AS n
            FROM '{folder}/world/truth/identifiers.parquet' WHERE namespace = 'device' GROUP BY 1)"""
        share = connection.execute(devices).fetchall()[0][0]
    scene = Scene(folder / "shop", NOW)
    scene.shop.import_file(folder / "world" / "goods.csv", MAPPINGS / "goods.yaml")
    scene.shop.import_file(folder / "before.parquet", MAPPINGS / "events.yaml")
    scene.shop.build()
    scene.shop.close()
    return World(scene.folder, folder / "today.parquet", share)


@pytest.fixture(scope="module")
def scene(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    made = world.copied(tmp_path_factory.mktemp("full") / "shop")
    yield made
    made.shop.close()


@pytest.fixture(scope="module")
def full(scene: Scene) -> Built:
    """What a full build in one part makes."""
    scene.build_in(1)
    return scene.built()


Opener = Callable[[Workspace, Job, Path], AbstractContextManager[Engine]]


def place(workspace: Workspace, exchange: Path) -> Place:
    """A slot of another process: one thread, and its share of the build's memory."""
    settings = workspace.settings
    tables = "qianmian.app.tables:ALL_TABLES"
    return Place(str(workspace.lake.root), tables, str(exchange), 1, settings.memory_mib // settings.threads)


@contextmanager
def _in_processes(workspace: Workspace, _job: Job, exchange: Path) -> Iterator[Engine]:
    with in_processes(place(workspace, exchange)) as engine:
        yield engine


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Spark cluster; without Spark or Java its tests are skipped, and say so."""
    if lacking := clusters.missing():
        pytest.skip(lacking)
    with clusters.cluster(tmp_path_factory.mktemp("cluster")) as address:
        yield address


@pytest.fixture(scope="session")
def spark(cluster: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opener]:
    """The Spark engine; a driver that builds share, with executors to spare: both take longer to start than a test."""
    module, folder = import_module("qianmian.engines.spark"), tmp_path_factory.mktemp("driver")
    asked = module.Cluster(cluster, slots=4, threads=1, memory_mib=512, python=sys.executable)
    nowhere = Place(str(folder), "qianmian.app.tables:ALL_TABLES", str(folder), 1, 512)

    with module.opened(asked, nowhere, folder / "spark.log", lambda: None) as engine:

        @contextmanager
        def opened(workspace: Workspace, job: Job, exchange: Path) -> Iterator[Engine]:
            yield replace(engine, place=place(workspace, exchange), pulse=job.check)

        yield opened


@pytest.fixture(params=["local", "processes", "spark"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each engine in turn; builds run on it."""
    if request.param == "processes":
        monkeypatch.setattr(building, "opened_engine", _in_processes)
    elif request.param == "spark":
        monkeypatch.setattr(building, "opened_engine", request.getfixturevalue("spark"))
    name: str = request.param
    return name


@pytest.fixture
def on_spark(spark: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    """Builds run on the cluster."""
    monkeypatch.setattr(building, "opened_engine", spark)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Spark's Python side leaves its sockets to the garbage collector."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"))
