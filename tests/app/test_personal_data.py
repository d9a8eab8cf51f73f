"""Personal data that nobody declared: masked, left out or refused, as the source says; never kept as they came."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from qianmian.app import live as live_module
from qianmian.app.live import Live
from qianmian.app.sources import Sources
from qianmian.app.taken import Counts
from qianmian.app.tracking.plans import Plans
from qianmian.core.errors import InputError, UnknownNameError
from tests.app.test_flusher import batch, flushed, received, track
from tests.app.traces import Scene

PHONE = "13800138000"
NOTES = {"note": f"call {PHONE}", "a/b": PHONE, "x~y": {"deep": [PHONE]}, "colour": "red", "size": 7, "gone": None}
PLAN = "events: {Product Viewed: {properties: {product_id: text, note: {type: text, personal: phone}}}}"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path / "shop")
    sources(made).add("web", made.shop.workspace.entropy)
    yield made
    made.shop.close()


def sources(scene: Scene) -> Sources:
    return Sources(scene.shop.workspace.catalogue, scene.shop.workspace.clock)


def properties(scene: Scene) -> list[dict[str, object]]:
    return [json.loads(row["properties"] or "{}") for row in scene.rows("events", "ORDER BY event_id")]


def test_masked_is_the_default_and_counted(scene: Scene) -> None:
    received(scene, batch(track(1, properties=NOTES), track(2)))
    assert flushed(scene) == Counts(2, 2, hidden=1)
    told = {"note": "call [phone]", "a/b": "[phone]", "x~y": {"deep": ["[phone]"]}, "colour": "red", "size": 7}
    assert properties(scene)[0] == {**told, "gone": None}


def test_a_property_that_holds_some_is_left_out_whole(scene: Scene) -> None:
    sources(scene).treat("web", "drop")
    only = {"properties": {"note": PHONE}}
    named = {"properties": {PHONE: 1, "colour": "red"}, "context": {"channel": f"shop {PHONE}"}}
    received(scene, batch(track(1, properties=NOTES), track(2), track(3, **only), track(4, **named)))
    assert flushed(scene) == Counts(4, 4, hidden=3)
    assert properties(scene) == [
        {"colour": "red", "size": 7, "gone": None}, {"product_id": "i1"}, {}, {"colour": "red"},
    ]  # fmt: skip
    assert scene.rows("events", "ORDER BY event_id")[3]["channel"] == "shop [phone]"


def test_an_event_that_holds_some_is_refused_and_can_be_replayed(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_module, "_PAUSE_SECONDS", 0.0)
    sources(scene).treat("web", "refuse")
    received(scene, batch(track(1, properties=NOTES), track(2)))
    received(scene, batch(track(3, properties=NOTES)), source="app")
    shown = {one.event_id: (str(one.fate), one.reason) for one in Live(scene.shop.workspace).look().events}
    assert shown == {"m-1": ("refused", "personal_data"), "m-2": ("stored", ""), "m-3": ("stored", "")}
    assert flushed(scene) == Counts(3, 2, refused=1, hidden=1)
    [row] = scene.shop.workspace.refused.newest(("personal_data",), 10)
    assert (row.reason, row.field) == ("personal_data", "properties")
    assert PHONE not in row.detail.stored()
    assert PHONE not in str(scene.rows("events"))
    assert scene.shop.replay_plan().waiting == 1
    sources(scene).treat("web", "mask")
    assert scene.shop.replay_plan().stored == 1
    assert PHONE not in str(scene.rows("events"))
    assert scene.shop.workspace.refused.newest(("personal_data",), 10) == []


def test_what_the_plan_declares_personal_is_not_undeclared(scene: Scene) -> None:
    Plans(scene.shop.workspace.catalogue, scene.shop.workspace.clock).apply(PLAN, "plan.yaml", origin="file")
    sources(scene).treat("web", "refuse")
    received(scene, batch(track(1, properties={"product_id": "i1", "note": PHONE})))
    assert flushed(scene) == Counts(1, 1)
    assert properties(scene) == [{"product_id": "i1", "note": "[phone]"}]


def test_a_policy_that_is_none_is_refused(scene: Scene) -> None:
    with pytest.raises(InputError, match="policy 'keep'"):
        sources(scene).treat("web", "keep")
    with pytest.raises(UnknownNameError):
        sources(scene).treat("app", "drop")
    assert sources(scene).get("web").personal_data == "mask"
