"""Who may send, how much, and how those are treated whose clients understand no error."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from qianmian.app import collecting as module
from qianmian.app.arrivals import Arrivals, Sender
from qianmian.app.collecting import Collecting, collecting
from qianmian.app.flusher import Flusher
from qianmian.app.sources import Sources
from qianmian.collect.wire.contracts import Delivery
from qianmian.core.errors import LimitError, QianmianError, TokenError, WireError
from tests.app.traces import NOW, Scene

WEB = Sender("web", "prod")


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path / "shop")
    yield made
    made.shop.close()


def sources(scene: Scene) -> Sources:
    return Sources(scene.shop.workspace.catalogue, scene.shop.workspace.clock)


def source(scene: Scene, **limits: int) -> str:
    """A source with limits of its own; its key."""
    key = sources(scene).add("web", scene.shop.workspace.entropy)
    sources(scene).limit("web", limits)
    return key


def delivery(key: str, events: int, dialect: str = "segment", first: int = 0) -> Delivery:
    lines = b"".join(
        b'{"type":"track","messageId":"m-%d","event":"Seen","userId":"u"}\n' % number
        for number in range(first, first + events)
    )
    return Delivery(dialect, key, lines, events)


def run(scene: Scene, story: Callable[[Collecting], Awaitable[Any]]) -> Any:
    async def told() -> Any:
        async with collecting(scene.shop.workspace) as found:
            found.allowances.monotonic = lambda: 0.0  # nothing is refilled, however slow the machine is
            return await story(found)

    return asyncio.run(told())


def answered(scene: Scene) -> dict[tuple[str, int], tuple[int, int]]:
    arrivals = Arrivals(scene.shop.workspace.catalogue, scene.shop.workspace.clock)
    return {
        (sender.source, status): (sums.requests, sums.events)
        for (sender, status), sums in arrivals.answered(NOW.replace(hour=0)).items()
    }


def test_over_its_rate_a_source_is_refused_and_nothing_of_it_is_received(scene: Scene) -> None:
    key = source(scene, events_per_second=1, burst_events=20)

    async def story(found: Collecting) -> int:
        await found.accept(delivery(key, 120))
        with pytest.raises(LimitError) as error:
            await found.accept(delivery(key, 5, first=120))
        return int(error.value.message.values["seconds"])

    assert run(scene, story) == 101
    assert Flusher(scene.shop.workspace).flush_all().counts.received == 120
    assert answered(scene) == {("web", 200): (1, 120), ("web", 429): (1, 5)}


def test_a_days_quota_outlives_the_server(scene: Scene) -> None:
    key = source(scene, events_per_day=30)

    async def story(found: Collecting) -> None:
        await found.accept(delivery(key, 15))

    run(scene, story)
    run(scene, story)
    with pytest.raises(LimitError, match="30 events of today"):
        run(scene, story)


def test_clients_that_understand_no_error_are_held_up_and_then_taken(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, waits = source(scene, events_per_second=10, burst_events=20, events_per_day=25), list[float]()

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr(module.asyncio, "sleep", sleep)
    monkeypatch.setattr(module, "_note", lambda *_: sleep(0))

    async def story(found: Collecting) -> None:
        for _ in range(3):
            await found.accept(delivery(key, 40, "sensors"))

    run(scene, story)
    assert [seconds for seconds in waits if seconds] == [2.1, 5.0]  # no longer than a client waits for its answer
    assert answered(scene) == {("web", 200): (3, 120)}


def test_whoever_is_not_known_or_speaks_otherwise_is_counted_apart(scene: Scene) -> None:
    entropy = scene.shop.workspace.entropy
    key = sources(scene).add("app", entropy, dialects=["sensors"])

    async def story(found: Collecting) -> None:
        refusals: list[tuple[Delivery, type[QianmianError]]] = [
            (delivery("qmw_nobody", 3), TokenError),
            (delivery(key, 2), WireError),
        ]
        for told, kind in refusals:
            with pytest.raises(kind):
                await found.accept(told)
        found.turned_away(413, key)
        found.turned_away(503, "")

    run(scene, story)
    assert answered(scene) == {("", 401): (1, 3), ("app", 400): (1, 2), ("app", 413): (1, 0), ("", 503): (1, 0)}


def test_what_could_not_be_kept_costs_a_source_nothing(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    key = source(scene, events_per_second=1, burst_events=10)

    async def story(found: Collecting) -> None:
        async def fails(*_: Any) -> None:
            raise OSError(28, "no room")

        with monkeypatch.context() as broken:
            broken.setattr(found.writer, "append", fails)
            with pytest.raises(OSError, match="no room"):
                await found.accept(delivery(key, 10))
        await found.accept(delivery(key, 10))

    run(scene, story)
    assert answered(scene) == {("web", 200): (1, 10), ("web", 503): (1, 10)}
