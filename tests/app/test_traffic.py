"""Traffic that may be no visits of people: counted for each source, marked by pseudonym, and never dropped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qianmian.app import live as live_module
from qianmian.app.contracts.sources import SourceHealthTold
from qianmian.app.contracts.traffic import TrafficTold
from qianmian.app.flusher import Flusher
from qianmian.app.health import health
from qianmian.app.live import Live, Wanted
from qianmian.app.taken import Counts
from qianmian.app.traffic import TrafficRules
from qianmian.core.errors import InputError, TrafficError, UnknownNameError
from qianmian.core.people import id_text, parse_identifier
from tests.app.test_flusher import batch, flushed, form, received, track
from tests.app.test_upgrades import earlier as earlier
from tests.app.traces import Scene

BOT = {"context": {"userAgent": "Mozilla/5.0 (compatible; Baiduspider/2.0)"}}
HEADLESS = {"context": {"userAgent": "Mozilla/5.0 HeadlessChrome/141.0"}}


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path / "shop")
    yield made
    made.shop.close()


def rules(scene: Scene) -> TrafficRules:
    return TrafficRules(scene.shop.workspace.catalogue, scene.shop.workspace.clock)


def mark(scene: Scene, name: str, note: str = "") -> str:
    key = scene.shop.workspace.keys.node
    return id_text(rules(scene).mark(key, parse_identifier(name), note=note).node_id)


def flags(scene: Scene) -> dict[str, str | None]:
    return {row["event_id"]: row["traffic"] for row in scene.rows("events", "ORDER BY event_id")}


def test_flagged_events_are_stored_and_counted_by_source_and_reason(scene: Scene) -> None:
    received(scene, batch(track(1), track(2, **BOT), track(2, **BOT), track(3, **HEADLESS)))
    assert flushed(scene) == Counts(4, 3, 1, flagged={"bot": 1, "headless": 1})
    received(scene, batch(track(4, **BOT)))
    received(scene, batch(track(5, **BOT)), source="app", environment="dev")
    assert flushed(scene).flagged == {"bot": 2}
    assert flags(scene) == {"m-1": None, "m-2": "bot", "m-3": "headless", "m-4": "bot"}
    told = {
        one.name: SourceHealthTold.of(one, scene.shop.workspace.settings)
        for one in health(scene.shop.workspace).sources
    }
    assert [(one.reason, one.events) for one in told["web"].flagged] == [("bot", 2), ("headless", 1)]
    assert [(one.reason, one.events) for one in told["app"].flagged] == [("bot", 1)]
    [lake] = TrafficTold.of(scene.shop.workspace).sources
    assert (lake.source, lake.events, [(one.reason, one.events) for one in lake.flagged]) == (
        "web", 4, [("bot", 2), ("headless", 1)],
    )  # fmt: skip


def test_the_other_protocol_is_flagged_by_its_own_property(scene: Scene) -> None:
    event = {"type": "track", "event": "ProductViewed", "time": 1780200000000, "distinct_id": "d1", "_track_id": 1}
    received(scene, form(event | {"properties": {"$user_agent": "curl/8.5.0"}}), source="app")
    assert flushed(scene).flagged == {"script": 1}


def test_who_is_marked_is_flagged_from_then_on_whatever_the_rules_say(scene: Scene) -> None:
    received(scene, batch(track(1), track(3)))
    flushed(scene)
    number = mark(scene, "u1", note="QA 13800138000")
    mark(scene, "device:tablet-7")
    received(scene, batch(track(4, **BOT), track(6), track(9, context={"device": {"id": "tablet-7"}})))
    flushed(scene)
    assert flags(scene) == {"m-1": None, "m-3": None, "m-4": "internal", "m-6": None, "m-9": "internal"}
    assert {(one.namespace, one.note) for one in rules(scene).marked()} == {
        ("user_id", "QA 138****8000"),
        ("device", ""),
    }
    rules(scene).unmark(number)
    received(scene, batch(track(7)))
    flushed(scene)
    assert flags(scene)["m-7"] is None
    with pytest.raises(UnknownNameError, match=number):
        rules(scene).unmark(number)


@pytest.mark.parametrize("name", ["null", "phone:138****8000", "order:shop:A-1"])
def test_who_is_nobody_cannot_be_marked(scene: Scene, name: str) -> None:
    with pytest.raises(InputError, match="names nobody"):
        mark(scene, name)
    assert rules(scene).marked() == []


def test_own_rules_hold_from_the_next_flush_and_have_versions(scene: Scene) -> None:
    own = "rules: [{reason: load_test, holds: [okjmeter]}, {reason: ordinary, holds: [baiduspider]}]"
    assert rules(scene).apply(own, "own.yaml").version == 1
    assert rules(scene).apply(own, "own.yaml").version == 1
    received(scene, batch(track(1, **BOT), track(2, context={"userAgent": "OkJmeter 1"})))
    assert flushed(scene).flagged == {"load_test": 1}
    with pytest.raises(TrafficError):
        rules(scene).apply("rules: 7", "own.yaml")
    assert rules(scene).apply("", "own.yaml").version == 2
    received(scene, batch(track(3, **BOT)))
    assert flushed(scene).flagged == {"bot": 1}


def test_the_live_view_shows_flags_and_filters_by_them(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_module, "_PAUSE_SECONDS", 0.0)
    received(scene, batch(track(1), track(2, **BOT), track(3, **HEADLESS)))
    live = Live(scene.shop.workspace)

    def found(traffic: str) -> list[tuple[str, str]]:
        return [(one.event_id, one.traffic) for one in live.look(Wanted(traffic=traffic)).events]

    assert found("") == [("m-3", "headless"), ("m-2", "bot"), ("m-1", "")]
    assert found("flagged") == [("m-3", "headless"), ("m-2", "bot")]
    assert found("bot") == [("m-2", "bot")]
    assert found("ordinary") == [("m-1", "")]


def test_an_erasure_takes_marks_along(scene: Scene) -> None:
    received(scene, batch(track(1), track(2)))
    flushed(scene)
    mark(scene, "u1")
    kept = mark(scene, "u2")
    scene.shop.build()
    scene.shop.erase(scene.shop.plan_erase(["u1"]))
    assert [id_text(one.node_id) for one in rules(scene).marked()] == [kept]


def test_a_workspace_of_before_the_flags_goes_on(earlier: Scene) -> None:
    before = len(earlier.rows("events"))
    received(earlier, batch(track(1, **BOT)))
    assert Flusher(earlier.shop.workspace).flush_all().counts == Counts(1, 1, flagged={"bot": 1})
    assert [
        row["n"] for row in earlier.query("SELECT count(*) AS n FROM events WHERE traffic IS NULL").to_pylist()
    ] == [before]
    assert {one.source: len(one.flagged) for one in TrafficTold.of(earlier.shop.workspace).sources} == {
        "shop": 0,
        "web": 1,
    }
