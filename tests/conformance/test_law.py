"""The law: neither the split of buckets, nor memory, nor the engine, nor going on from yesterday changes an answer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from qianmian.app import build as building
from qianmian.app.plan import plan
from tests.app.traces import Scene
from tests.conformance.conftest import Built, World


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
    _build(scene, parts, memory_mib)
    assert scene.built() == full


@pytest.mark.parametrize(
    ("engine", "parts", "memory_mib"),
    [("processes", 2, 512), ("spark", 1, 1024), ("spark", 4, 512)],
    indirect=["engine"],
)
def test_every_engine_gives_equal_rows(engine: str, scene: Scene, full: Built, parts: int, memory_mib: int) -> None:
    _build(scene, parts, memory_mib)
    assert scene.built() == full


def _build(scene: Scene, parts: int, memory_mib: int) -> None:
    workspace = scene.shop.workspace
    limited = replace(workspace, settings=workspace.settings.model_copy(update={"memory_mib": memory_mib}))
    building.apply(limited, replace(plan(limited, full=True), parts=parts))


@pytest.mark.parametrize(
    ("engine", "parts"), [("local", 1), ("local", 8), ("processes", 1), ("spark", 1), ("spark", 8)], indirect=["engine"]
)
def test_going_on_from_yesterday_gives_equal_rows(
    engine: str, world: World, full: Built, tmp_path: Path, parts: int
) -> None:
    scene = world.copied(tmp_path / "shop")
    result = scene.build_in(parts, full=False)
    assert result["anew"] == ""
    assert result["moved"] > 0
    assert 0 < result["people_folded"] < result["people"]
    assert scene.built() == full
    scene.shop.close()
