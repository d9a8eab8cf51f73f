"""A shop's first week through the Python door: bring traces, look, doubt, take back, go on, and let somebody go."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import qianmian
from qianmian.core.clock import FixedClock
from qianmian.core.errors import UnknownNameError
from qianmian.core.people import id_text
from tests.app.conftest import GOODS, STORY
from tests.app.traces import EVENTS, NOW, Scene, trace


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The week, told once; each claim looks at what was seen on the way."""
    scene = Scene(tmp_path_factory.mktemp("week") / "shop")
    seen: dict[str, Any] = {"scene": scene}
    scene.goods(GOODS)
    report = scene.take(STORY)
    seen["again"] = scene.shop.import_file(*_last_file(scene))
    seen["plan"] = scene.shop.plan_build().explain()
    scene.shop.build()
    seen["anna"] = scene.shop.profile("anna")
    seen["buyers"] = scene.shop.audience("orders_total > 0").size()
    first = scene.built()

    scene.shop.undo(report.batch)
    scene.shop.build()
    seen["undone"] = scene.shop.audience("orders_total > 0").size()
    scene.shop.import_file(*_last_file(scene))
    scene.shop.build()
    seen["as before"] = _without_batch(scene.built()) == _without_batch(first)

    scene.take([trace("Product Viewed", "2026-05-31", id="late", device="tablet")])
    scene.shop.build()
    seen["boris"] = scene.shop.profile("device:tablet")
    scene.shop.erase(scene.shop.plan_erase(["anna"]))
    seen["left"] = scene.shop.audience("orders_total > 0").size()
    scene.shop.close()
    return seen


def _last_file(scene: Scene) -> tuple[Path, Path]:
    file = scene.folder / "rows-1.jsonl"
    return file, file.with_suffix(".yaml")


def _without_batch(built: dict[str, list[Any]]) -> dict[str, list[Any]]:
    return {table: [{k: v for k, v in row.items() if k != "batch"} for row in rows] for table, rows in built.items()}


def test_a_file_is_taken_once(week: dict[str, Any]) -> None:
    assert (week["again"].already, week["again"].batch) == (True, 0)


def test_the_plan_says_what_the_build_will_do(week: dict[str, Any]) -> None:
    assert "everything anew: it is the first build" in week["plan"]
    assert f"fold     {len(STORY)} of {len(STORY)} events" in week["plan"]


def test_a_profile_shows_its_person_masked_with_values_and_evidence(week: dict[str, Any]) -> None:
    anna = week["anna"]
    assert {one["namespace"] for one in anna.identifiers} == {"user_id", "phone", "device", "order:shop"}
    assert "13900000001" not in str(anna.identifiers)
    assert (anna["orders_total"], anna["net_revenue"], anna["lifecycle"]) == (1, 49, "new")
    evidence = {value.tag.name: value.evidence for value in anna.tags}["orders_total"]
    assert (evidence.rows, evidence.first.event_id) == (1, "a3")


def test_what_is_undone_is_gone_and_comes_back_the_same(week: dict[str, Any]) -> None:
    assert (week["buyers"], week["undone"]) == (3, 0)
    assert week["as before"]


def test_a_tablet_leads_to_whoever_has_it_now(week: dict[str, Any]) -> None:
    assert week["boris"].person == id_text(week["scene"].node("boris"))
    assert week["boris"]["last_seen_at"].isoformat() == "2026-05-31T04:00:00+00:00"


def test_an_audience_is_one_less_once_somebody_has_left(week: dict[str, Any]) -> None:
    assert week["left"] == week["buyers"] - 1


@pytest.fixture
def reopened(week: dict[str, Any]) -> Iterator[qianmian.Shop]:
    shop = qianmian.open(week["scene"].folder, clock=FixedClock(NOW))
    yield shop
    shop.close()


def test_the_shop_opens_again_as_it_was_left(reopened: qianmian.Shop) -> None:
    with pytest.raises(UnknownNameError):
        reopened.profile("anna")
    assert reopened.profile("boris")["orders_total"] == 1
    jobs = [job["kind"] for job in reversed(reopened.workspace.jobs.latest())]
    assert " ".join(jobs) == "import import import build undo build import build import build erase"


def test_the_mapping_is_kept_with_its_batch(reopened: qianmian.Shop) -> None:
    assert EVENTS in {batch["mapping"] for batch in reopened.batches.all()}
