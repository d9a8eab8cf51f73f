"""The door takes in so much at a time; the rest hears at once that it is to come again."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Callable
from typing import Any

import pytest

from qianmian.collect.wire.contracts import Delivery
from qianmian.core.clock import FixedClock
from qianmian.core.errors import LimitError, NotTakenError
from qianmian.http.collector import Collector
from qianmian.http.room import Room
from tests.collect.wire.requests import KEY, RECEIVED_AT
from tests.http.test_collector import BATCH, Heard

LEAST = 16 << 10


class Door:
    """A collector whose deliveries wait until they are let go, before a room for two small requests."""

    def __init__(self, most_bytes: int = 2 * LEAST) -> None:
        self.free, self.taken = asyncio.Event(), 0
        self.away: list[tuple[int, str]] = []
        self.error: Exception | None = None
        self.collector = Collector(
            self._nobody,
            self._accept,
            FixedClock(RECEIVED_AT),
            KEY,
            turned_away=lambda status, key: self.away.append((status, key)),
            room=Room(most_bytes),
        )

    async def _accept(self, _delivery: Delivery) -> None:
        await self.free.wait()
        if self.error:
            raise self.error
        self.taken += 1

    async def _nobody(self, _scope: Any, _receive: Any, _send: Any) -> None:
        raise AssertionError

    async def ask(self, body: bytes = BATCH, receive: Callable[[], Any] | None = None, **headers: str) -> Heard:
        told = {"content-length": str(len(body))} | {name.replace("_", "-"): value for name, value in headers.items()}
        raw = [(name.encode(), value.encode()) for name, value in told.items()]
        scope = {"type": "http", "method": "POST", "path": "/v1/batch", "query_string": b"", "headers": raw}
        sent: list[dict[str, Any]] = []

        async def whole() -> Any:
            return {"type": "http.request", "body": body}

        async def send(message: Any) -> None:
            sent.append(message)

        await self.collector(scope, receive or whole, send)
        return Heard(sent)


def run(story: Callable[[Door], Any], **door: Any) -> None:
    async def told() -> None:
        await story(Door(**door))

    asyncio.run(asyncio.wait_for(told(), 30))


async def begun(door: Door, number: int) -> list[asyncio.Task[Heard]]:
    """So many requests that are in."""
    tasks = [asyncio.create_task(door.ask()) for _ in range(number)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return tasks


def test_what_has_no_room_is_turned_away_at_once_and_what_has_is_kept() -> None:
    async def story(door: Door) -> None:
        inside = await begun(door, 2)
        basic = "Basic cW13X2tleTo="  # qmw_key:
        away = await door.ask(authorization=basic)
        assert (away.status, away.json["code"]) == (503, "not_taken")
        assert 2 <= int(away.headers["retry-after"]) <= 7
        assert "connection" not in away.headers
        assert door.away == [(503, "qmw_key")]
        door.free.set()
        assert [(await task).status for task in inside] == [200, 200]
        assert (await door.ask()).status == 200
        assert door.taken == 3

    run(story)


def test_those_turned_away_do_not_all_come_again_at_the_same_moment() -> None:
    async def story(door: Door) -> None:
        await begun(door, 2)
        waits = {(await door.ask()).headers["retry-after"] for _ in range(20)}
        assert len(waits) > 3
        door.free.set()

    run(story)


def test_who_states_much_and_sends_little_holds_little() -> None:
    async def story(door: Door) -> None:
        hanging = asyncio.Event()
        parts = iter([{"type": "http.request", "body": b"{", "more_body": True}])

        async def slow() -> Any:
            if part := next(parts, None):
                return part
            await hanging.wait()
            return {"type": "http.disconnect"}

        task = asyncio.create_task(door.ask(receive=slow, content_length=str(4 << 20)))
        await asyncio.sleep(0)
        door.free.set()
        assert (await door.ask()).status == 200
        hanging.set()
        with pytest.raises(IndexError):  # nobody is there to be answered
            await task
        assert [(await one).status for one in await begun(door, 2)] == [200, 200]  # and its room is free again

    run(story)


def test_a_body_grows_into_no_more_than_the_room_and_its_rest_is_read() -> None:
    async def story(door: Door) -> None:
        await begun(door, 3)
        parts = [{"type": "http.request", "body": b" " * LEAST, "more_body": at < 9} for at in range(10)]
        left = iter(parts)

        async def receive() -> Any:
            return next(left)

        heard = await door.ask(receive=receive, content_length=str(10 * LEAST))
        assert (heard.status, "connection" in heard.headers) == (503, False)
        assert next(left, None) is None
        door.free.set()

    run(story, most_bytes=4 * LEAST)


def many() -> bytes:
    """A small compressed body of a large request."""
    return gzip.compress(b'{"batch":[' + b",".join([BATCH[10:-2]] * 2000) + b"]}")


def test_what_comes_compressed_counts_as_what_it_is() -> None:
    async def story(door: Door) -> None:
        await begun(door, 3)
        assert len(many()) < LEAST
        assert (await door.ask(many(), content_encoding="gzip")).status == 503
        door.free.set()

    run(story, most_bytes=4 * LEAST)


def test_what_is_larger_than_the_room_comes_in_when_half_of_it_is_free() -> None:
    async def story(door: Door) -> None:
        door.free.set()
        assert (await door.ask(many(), content_encoding="gzip")).status == 200

    run(story)


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (LimitError("source_rate_exceeded", source="web", events=5, seconds=9), 429, "limit"),
        (NotTakenError("not_taken", seconds=9), 503, "not_taken"),
    ],
)
def test_what_may_succeed_later_says_when(error: NotTakenError, status: int, code: str) -> None:
    async def story(door: Door) -> None:
        door.error = error
        door.free.set()
        heard = await door.ask()
        assert (heard.status, heard.json["code"], heard.headers["retry-after"]) == (status, code, "9")
        assert door.away == []  # whoever accepts deliveries has counted it

    run(story)
