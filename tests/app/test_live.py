"""Events as they arrive: within a look, masked, with what becomes of them, however many look."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from qianmian.app import live as module
from qianmian.app.flusher import Flusher
from qianmian.app.live import Live, Wanted
from qianmian.app.tracking.plans import Plans
from qianmian.core.language import Language
from tests.app.test_flusher import batch, form, received, track
from tests.app.traces import Scene

PLAN = """
events:
  Product Viewed:
    title: {zh-CN: 浏览商品, en: Item viewed}
    properties:
      product_id: {type: text}
      price: {type: number, required: true}
"""
PHONE, USER, NAME = "13800138000", "member-1024", "李小明"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path / "shop")
    yield made
    made.shop.close()


@pytest.fixture
def live(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Live:
    monkeypatch.setattr(module, "_PAUSE_SECONDS", 0.0)
    return Live(scene.shop.workspace)


def test_each_event_is_told_with_what_becomes_of_it(scene: Scene, live: Live) -> None:
    received(scene, batch(track(1), track(2, timestamp="yesterday"), {"type": "look"}))
    received(scene, batch(track(3)), environment="dev")
    item = {"type": "item_set", "item_type": "sku", "item_id": "1", "time": 1780200000000, "properties": {}}
    seen = {"type": "track", "event": "Seen", "time": 1780200000000, "distinct_id": "a"}
    received(scene, form(item, seen, item | {"item_type": "coupon"}), source="app")
    found = live.look().events
    assert [one.name for one in found[:3]] == ["item_set", "Seen", "item_set"]
    assert [(one.source, one.environment, one.fate, one.reason) for one in found] == [
        ("app", "prod", "skipped", ""),
        ("app", "prod", "stored", ""),
        ("app", "prod", "stored", ""),
        ("web", "dev", "checked", ""),
        ("web", "prod", "refused", "bad_kind"),
        ("web", "prod", "refused", "bad_time"),
        ("web", "prod", "stored", ""),
    ]
    assert (found[5].field, found[5].why.what(Language.ZH)) == ("client_at", "client_at：应为时间")
    assert found[6].occurred_at is not None
    assert Flusher(scene.shop.workspace).flush_all().counts.refused == 2  # as it was told


def test_what_the_tracking_plan_keeps_apart_is_told_as_it_will_be(scene: Scene, live: Live) -> None:
    plans = Plans(scene.shop.workspace.catalogue, scene.shop.workspace.clock)
    plans.apply(PLAN, "plan.yaml", origin="file")
    plans.choose("quarantine", source="web")
    priced = {"properties": {"product_id": "i1", "price": 9.9}}
    received(scene, batch(track(1), track(2, **priced)))
    received(scene, batch(track(3)), source="other")
    found = live.look().events
    assert [(one.source, one.fate, one.reason, one.field) for one in found] == [
        ("other", "stored", "", ""),
        ("web", "stored", "", ""),
        ("web", "refused", "missing_property", "price"),
    ]
    assert Flusher(scene.shop.workspace).flush_all().counts.refused == 1


def test_only_newer_events_come_with_a_cursor(scene: Scene, live: Live) -> None:
    received(scene, batch(track(1), track(2)))
    first = live.look()
    assert [one.event_id for one in first.events] == ["m-2", "m-1"]
    assert live.look(cursor=first.cursor).events == ()
    received(scene, batch(track(3)))
    second = live.look(cursor=first.cursor)
    assert [one.event_id for one in second.events] == ["m-3"]
    assert [one.event_id for one in Live(scene.shop.workspace).look(cursor=second.cursor).events] == [
        "m-3",
        "m-2",
        "m-1",
    ]


def test_events_are_found_by_source_environment_and_name(scene: Scene, live: Live) -> None:
    received(scene, batch(track(1), track(2, event="Order Completed")))
    received(scene, batch(track(3)), source="app", environment="dev")

    def ids(wanted: Wanted) -> list[str]:
        return [one.event_id for one in live.look(wanted).events]

    assert ids(Wanted(name="order")) == ["m-2"]
    assert ids(Wanted(source="app")) == ids(Wanted(environment="dev")) == ["m-3"]
    assert ids(Wanted(source="app", environment="prod")) == []


def test_no_raw_identifier_is_shown(scene: Scene, live: Live) -> None:
    told = track(1, type="identify", userId=USER, traits={"phone": PHONE, "name": NAME, "vip": True})
    told["properties"] = {"note": f"of {USER}", "call": int(PHONE), "url": f"https://x.cn/?m={PHONE}"}
    told["context"] = {"ip": "10.20.30.40", "library": {"name": "node", "version": "3.1"}}
    login = {"$identity_login_id": USER, "shop_card": "card-778899"}
    signed = {"type": "track", "event": "Seen", "time": 1780200000000, "distinct_id": USER, "identities": login,
              "lib": {"$lib": "python", "$lib_version": "1.11"}, "properties": {"$ip": "10.20.30.40"}}  # fmt: skip
    received(scene, batch(told, {"type": "none", "userId": USER, "deep": {"userId": [USER]}}), form(signed))
    shown = live.look().events
    text = json.dumps([one.event for one in shown], ensure_ascii=False)
    for secret in (PHONE, USER, NAME, "10.20.30.40", "card-778899"):
        assert secret not in text
    assert "138****8000" in text
    assert '"vip": true' in text
    assert {one.library for one in shown} == {"node 3.1", "python 1.11", ""}


def test_a_loud_source_does_not_hide_a_quiet_one(scene: Scene, live: Live) -> None:
    received(scene, batch(track(0)), source="quiet")
    received(scene, *(batch(*(track(10 * n + m) for m in range(10))) for n in range(1, 40)), source="loud")
    first = live.look(limit=500)
    assert {one.source for one in first.events} == {"quiet", "loud"}
    assert len(first.events) <= 61
    received(scene, *(batch(*(track(10 * n + m) for m in range(10))) for n in range(40, 80)), source="loud")
    second = live.look(cursor=first.cursor, limit=500)
    assert len(second.events) + second.passed == 400


def test_looking_holds_up_no_release(scene: Scene, live: Live) -> None:
    received(scene, batch(track(1)))
    live.look()
    Flusher(scene.shop.workspace).flush_all()
    assert all(file.is_released for file in scene.shop.workspace.journal.files())
    received(scene, batch(track(2)))
    assert live.look().events[0].event_id == "m-2"


def test_a_file_that_cannot_be_read_hides_no_other(scene: Scene, live: Live) -> None:
    received(scene, batch(track(1)))
    (old,) = scene.shop.workspace.journal.files()
    received(scene, batch(track(2)))
    old.path.write_bytes(b"no database" * 1000)
    assert [one.event_id for one in live.look().events] == ["m-2"]


def test_nothing_is_kept_for_who_went_away(scene: Scene, live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    received(scene, batch(track(1)))
    cursor = live.look().cursor
    monkeypatch.setattr(module, "_IDLE_SECONDS", -1.0)
    assert [one.event_id for one in live.look(cursor=cursor).events] == ["m-1"]
