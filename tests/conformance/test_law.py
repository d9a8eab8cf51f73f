"""The law: neither the split of buckets, nor memory, nor the engine, nor going on from yesterday changes an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

import qianmian
from qianmian.app import build as building
from qianmian.app.plan import plan
from qianmian.world.generate import generate
from qianmian.world.plan import WorldPlan
from tests.app.traces import Scene
from tests.conformance.process_engine import ProcessEngine

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


@pytest.fixture(scope="module")
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


def test_the_world_is_hard_enough(world: World, scene: Scene, full: Built) -> None:
    assert world.multi_device_share >= 0.3
    persons = full["persons"]
    assert sum(row["since"] is not None for row in persons) >= 0.05 * len(persons)
    rows: dict[int, int] = {}
    for row in full["history"]:
        rows[row["person_id"]] = rows.get(row["person_id"], 0) + (row["line"] == 0)
    assert max(rows.values()) >= 0.1 * sum(rows.values())
    assert len(full["profiles"]) > 100
    assert full["refunds"]


@pytest.mark.parametrize(("parts", "memory_mib"), [(2, 512), (4, 256), (8, 1024), (16, 512)])
def test_any_split_and_any_memory_give_equal_rows(scene: Scene, full: Built, parts: int, memory_mib: int) -> None:
    workspace = scene.shop.workspace
    limited = replace(workspace, settings=workspace.settings.model_copy(update={"memory_mib": memory_mib}))
    building.apply(limited, replace(plan(limited, full=True), parts=parts))
    assert scene.built() == full


def _in_processes(scene: Scene, patch: pytest.MonkeyPatch, *, full: bool) -> dict[str, Any]:
    patch.setattr(building, "LocalEngine", ProcessEngine)
    return scene.build_in(2 if full else 1, full=full)


def test_an_engine_of_other_processes_gives_equal_rows(
    scene: Scene, full: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    _in_processes(scene, monkeypatch, full=True)
    assert scene.built() == full


@pytest.mark.parametrize("engine", ["local, 1 part", "local, 8 parts", "processes"])
def test_going_on_from_yesterday_gives_equal_rows(
    world: World, full: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    ways: dict[str, Callable[[Scene], dict[str, Any]]] = {
        "local, 1 part": lambda scene: scene.build_in(1, full=False),
        "local, 8 parts": lambda scene: scene.build_in(8, full=False),
        "processes": lambda scene: _in_processes(scene, monkeypatch, full=False),
    }
    scene = world.copied(tmp_path / "shop")
    result = ways[engine](scene)
    assert result["anew"] == ""
    assert result["moved"] > 0
    assert 0 < result["people_folded"] < result["people"]
    assert scene.built() == full
    scene.shop.close()
