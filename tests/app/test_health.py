"""How sources do: every acknowledged event is in exactly one place, and silence is told by what is usual."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from qianmian.app.arrivals import TAKEN, Answered, Arrivals, Counter, Sender, Sums
from qianmian.app.contracts.sources import SourceHealthTold
from qianmian.app.flusher import Flusher
from qianmian.app.health import SourceHealth, health
from qianmian.app.sources import Sources
from qianmian.core.clock import FixedClock
from tests.app.test_flusher import batch, form, received, track
from tests.app.traces import NOW, Scene

WEB = Sender("web", "prod")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path / "shop")
    sources(made).add("web", made.shop.workspace.entropy)
    yield made
    made.shop.close()


def sources(scene: Scene) -> Sources:
    return Sources(scene.shop.workspace.catalogue, scene.shop.workspace.clock)


def told(scene: Scene, name: str = "web") -> SourceHealthTold:
    workspace = scene.shop.workspace
    found = {one.name: one for one in health(workspace).sources}
    return SourceHealthTold.of(found[name], workspace.settings)


def balance(one: SourceHealthTold) -> tuple[int, int]:
    return one.received, one.stored + one.duplicates + one.skipped + one.refused + one.waiting


def test_every_acknowledged_event_is_in_one_place(scene: Scene) -> None:
    item = {"type": "item_set", "item_type": "coupon", "item_id": "1", "time": 1780200000000, "properties": {}}
    received(
        scene, batch(track(1), track(2), track(2)), batch(track(3, timestamp="yesterday"), {"type": "look"}), form(item)
    )
    waiting = told(scene)
    assert (waiting.waiting, waiting.stored, balance(waiting)) == (6, 0, (6, 6))
    assert waiting.waiting_since == NOW
    Flusher(scene.shop.workspace).flush_all()
    received(scene, batch(track(4)))
    after = told(scene)
    assert (after.stored, after.duplicates, after.skipped, after.refused, after.waiting) == (2, 1, 1, 2, 1)
    assert balance(after) == (7, 7)
    assert {one.reason: one.events for one in after.refusals} == {"bad_time": 1, "bad_kind": 1}


def test_what_came_before_midnight_is_not_of_today(scene: Scene) -> None:
    received(scene, batch(track(1)))
    Flusher(scene.shop.workspace).flush_all()
    tomorrow = Scene(scene.folder, now=NOW + timedelta(hours=13))
    assert told(tomorrow).received == 0
    assert told(scene).received == 1
    tomorrow.shop.close()


def test_a_source_in_development_is_counted_apart(scene: Scene) -> None:
    sources(scene).add("app", scene.shop.workspace.entropy, environment="dev")
    received(scene, batch(track(1), track(2, timestamp="yesterday")), source="app", environment="dev")
    Flusher(scene.shop.workspace).flush_all()
    dev = told(scene, "app")
    assert (dev.environment, dev.stored, dev.refused, balance(dev)) == ("dev", 1, 1, (2, 2))
    assert told(scene).received == 0


def test_sdks_are_named_with_their_versions(scene: Scene) -> None:
    library = {"library": {"name": "analytics-node", "version": "3.1"}}
    received(scene, batch(track(1, context=library), track(2, context=library), track(3)))
    assert told(scene).libraries == ["analytics-node 3.1"]


def test_answers_are_counted_by_the_minute_and_the_status(scene: Scene) -> None:
    workspace = scene.shop.workspace
    counter, arrivals = Counter(workspace.clock), Arrivals(workspace.catalogue, workspace.clock)
    counter.note(WEB, TAKEN, 100)
    counter.note(WEB, TAKEN, 20)
    counter.note(WEB, 429, 50)
    counter.note(Sender(), 401, 7)
    arrivals.add(counter.take())
    counter.note(WEB, TAKEN, 3)
    arrivals.add(counter.take())
    arrivals.add(
        {Answered(WEB, NOW - 59 * MINUTE, TAKEN): Sums(1, 5), Answered(WEB, NOW - 60 * MINUTE, TAKEN): Sums(1, 9)}
    )
    found = health(workspace)
    [one] = found.sources
    assert (one.minutes[-1], one.minutes[0], sum(one.minutes)) == (123, 5, 128)
    assert (one.turned_away, found.unknown) == ({429: 1}, {401: 1})


def test_a_count_that_could_not_be_written_is_not_lost() -> None:
    counter = Counter(FixedClock(NOW))
    counter.note(WEB, TAKEN, 1)
    counter.put_back(counter.take())
    counter.note(WEB, TAKEN, 2)
    assert list(counter.take().values()) == [Sums(2, 3)]


def silence(scene: Scene, minutes_ago: int, *before: int) -> SourceHealth:
    """The source after events so many minutes ago."""
    arrivals = Arrivals(scene.shop.workspace.catalogue, FixedClock(NOW))
    arrivals.add({Answered(WEB, NOW - ago * MINUTE, TAKEN): Sums(1, 1) for ago in (minutes_ago, *before)})
    [one] = health(scene.shop.workspace).sources
    return one


def test_a_source_is_silent_when_nothing_comes_for_longer_than_ever(scene: Scene) -> None:
    every_hour = tuple(range(100, 3000, 60))
    one = silence(scene, 99, *every_hour)
    assert (one.is_silent, one.usual_pause) == (True, timedelta(hours=1))
    sources(scene).disable("web")
    assert not next(iter(health(scene.shop.workspace).sources)).is_silent


@pytest.mark.parametrize(
    ("minutes_ago", "before"),
    [(59, tuple(range(100, 3000, 60))), (29, tuple(range(30, 3000, 5))), (300, (301, 302, 303))],
    ids=["as usual", "short", "too little is known"],
)
def test_a_usual_pause_is_no_silence(scene: Scene, minutes_ago: int, before: tuple[int, ...]) -> None:
    assert not silence(scene, minutes_ago, *before).is_silent


def test_counts_are_dropped_after_their_days(scene: Scene) -> None:
    workspace = scene.shop.workspace
    Arrivals(workspace.catalogue, FixedClock(NOW - timedelta(days=9))).add(
        {Answered(WEB, NOW - timedelta(days=9), TAKEN): Sums(1, 1)}
    )
    arrivals = Arrivals(workspace.catalogue, FixedClock(NOW))
    arrivals.add({Answered(WEB, NOW, TAKEN): Sums(1, 1)})
    assert len(arrivals.minutes(NOW - timedelta(days=30))) == 1
