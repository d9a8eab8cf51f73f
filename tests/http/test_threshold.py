"""At the threshold of a real server: who has no room hears it on a connection that goes on."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn

from qianmian.collect.wire.contracts import Delivery
from qianmian.core.clock import SystemClock
from qianmian.http.collector import Collector
from qianmian.http.room import Room, Stay
from qianmian.http.server import bind, configuration, doors
from qianmian.http.threshold import Threshold
from tests.collect.wire.requests import KEY
from tests.http.test_collector import BATCH

LEAST = 16 << 10
BASIC = "Authorization: Basic " + base64.b64encode(b"qmw_key:").decode()


@dataclass(frozen=True)
class Heard:
    """An answer."""

    status: int
    headers: dict[str, str]
    body: bytes


class Client:
    """A connection that is kept."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address, timeout=30)
        self._file = self.socket.makefile("rb")

    def close(self) -> None:
        self._file.close()
        self.socket.close()

    def send(self, *parts: bytes) -> None:
        for part in parts:
            self.socket.sendall(part)
            time.sleep(0.01)

    def hear(self) -> Heard:
        head = self._line()
        if b" 100 " in head:  # goes on to the answer
            self._line()
            return self.hear()
        headers = {}
        while line := self._line():
            name, value = line.decode().split(": ", 1)
            headers[name.lower()] = value
        return Heard(int(head[9:12]), headers, self._file.read(int(headers["content-length"])))

    def _line(self) -> bytes:
        line = self._file.readline()
        assert line, "the server hung up"
        return line.rstrip(b"\r\n")


def request(*headers: str, body: bytes = BATCH, method: str = "POST", path: str = "/v1/batch") -> bytes:
    told = [f"{method} {path} HTTP/1.1", "Host: x", BASIC, f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(told).encode() + body


@dataclass
class Site:
    """A served collector whose deliveries wait until they are let go; it has room for two."""

    address: tuple[str, int]
    clients: list[Client] = field(default_factory=list)
    away: list[tuple[int, str]] = field(default_factory=list)
    free: threading.Event = field(default_factory=threading.Event)
    taken: int = 0

    async def accept(self, _delivery: Delivery) -> None:
        while not self.free.is_set():
            await asyncio.sleep(0.005)
        self.taken += 1

    def client(self) -> Client:
        self.clients.append(Client(self.address))
        return self.clients[-1]

    def fill(self) -> list[Client]:
        inside = [self.client(), self.client()]
        for one in inside:
            one.send(request())
        return inside

    def full(self) -> Client:
        """A client that was turned away once, for others fill the room."""
        client = self.client()
        while True:
            client.send(request("Dry-Run: true", body=b"data=", path="/debug"))
            if client.hear().status == 503:
                self.away.clear()
                return client


async def nobody(_scope: Any, _receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 404, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


@contextmanager
def serving(**hasty: float) -> Iterator[Site]:
    door = bind([0])
    site = Site(door.getsockname())
    collector = Collector(
        nobody,
        site.accept,
        SystemClock(),
        KEY,
        turned_away=lambda status, key: site.away.append((status, key)),
        room=Room(2 * LEAST),
    )
    config = configuration(collector, collector.admit)  # type: ignore[arg-type]
    config.lifespan = "off"
    config.http = type("Hasty", (config.http,), hasty)  # type: ignore[misc, arg-type]
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": doors(door)})
    thread.start()
    try:
        yield site
    finally:
        site.free.set()
        for client in site.clients:
            client.close()
        server.should_exit = True
        thread.join(20)
        door.close()


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


def test_who_has_no_room_hears_it_and_goes_on_by_the_same_connection(site: Site) -> None:
    inside = site.fill()
    client = site.full()
    long = request("Origin: https://shop.example.com", body=BATCH + b" " * 40_000)
    client.send(long[:99], long[99:9000], long[9000:])
    heard = client.hear()
    assert (heard.status, json.loads(heard.body)["code"]) == (503, "not_taken")
    assert 2 <= int(heard.headers["retry-after"]) <= 7
    assert heard.headers["access-control-allow-origin"] == "https://shop.example.com"
    assert "connection" not in heard.headers
    assert site.away == [(503, "qmw_key")]
    site.free.set()
    assert [one.hear().status for one in inside] == [200, 200]
    client.send(request())
    assert client.hear().status == 200
    assert site.taken == 3


def test_they_do_not_all_come_again_at_once_and_hear_it_in_their_language(site: Site) -> None:
    site.fill()
    client = site.full()
    heard = []
    for _ in range(12):
        client.send(request("Accept-Language: zh-CN"))
        heard.append(client.hear())
    assert len({one.headers["retry-after"] for one in heard}) > 3
    assert all("秒后再试" in json.loads(one.body)["message"] for one in heard)


@pytest.mark.parametrize(
    ("told", "closes"),
    [
        (request("Connection: close"), True),
        (request("Transfer-Encoding: chunked").replace(b"Content-Length: 76\r\n", b""), True),
        (request("Expect: 100-continue"), False),
    ],
)
def test_what_is_odd_hears_the_same_the_usual_way(site: Site, told: bytes, closes: bool) -> None:
    site.fill()
    site.full()
    client = site.client()
    client.send(told.replace(BATCH, b"4c\r\n" + BATCH + b"\r\n0\r\n\r\n") if b"chunked" in told else told)
    heard = client.hear()
    assert (heard.status, heard.headers.get("connection") == "close") == (503, closes)
    assert site.away == [(503, "qmw_key")]


def test_the_second_of_two_requests_sent_at_once_waits_for_the_first(site: Site) -> None:
    client = site.client()
    client.send(request() + request())
    site.fill()
    site.full()
    site.free.set()
    assert [client.hear().status for _ in range(2)] == [200, 200]


def test_what_brings_no_events_is_answered_however_full_it_is(site: Site) -> None:
    site.fill()
    client = site.full()
    for path, status in (("/v1/projects/k/settings", 200), ("/api/people", 404)):
        client.send(request(method="GET", path=path, body=b""))
        assert client.hear().status == status


def test_who_is_turned_away_again_and_again_keeps_his_connection() -> None:
    with serving(look_seconds=0.2) as site:
        site.fill()
        client = site.full()
        until = time.monotonic() + 1
        while time.monotonic() < until:
            client.send(request())
            assert client.hear().status == 503


def test_who_is_turned_away_and_stops_within_his_body_is_let_go() -> None:
    with serving(look_seconds=0.2) as site:
        site.fill()
        client = site.full()
        client.send(request()[:-9])
        assert client.socket.recv(1) == b""


def test_many_who_come_during_one_turn_of_the_loop_are_taken_in_a_few_turns() -> None:
    """uvloop takes one connection of each listening socket a turn."""
    uvloop = pytest.importorskip("uvloop")

    async def story() -> int:
        loop, made = asyncio.get_running_loop(), list[asyncio.BaseTransport]()

        class Counted(asyncio.Protocol):
            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                made.append(transport)

        door = bind([0])
        listening = doors(door)
        servers = [await loop.create_server(Counted, sock=one) for one in listening]
        clients = [socket.create_connection(door.getsockname()) for _ in range(64)]
        turns = 0
        while len(made) < len(clients):
            await asyncio.sleep(0)
            turns += 1
        for one in [*servers, *listening, *clients, *made]:
            one.close()
        return turns

    assert uvloop.run(story()) < 32


def now(seconds: list[float]) -> Callable[[], float]:
    return lambda: seconds[0]


def test_fewer_come_in_together_after_a_long_turn_and_more_after_short_ones() -> None:
    clock = [0.0]
    room = Room(64 << 20, now(clock))

    def come() -> list[Stay]:
        """Those of very many who come in together."""
        stays = []
        while stay := room.admit(comes_again=True):
            stays.append(stay)
        return stays

    def turn(seconds: float) -> int:
        """How many come in, if their turns come after so long."""
        stays = come()
        clock[0] += seconds
        for stay in stays:
            with stay:
                pass
        return len(stays)

    assert turn(1.0) == (64 << 20) // LEAST
    for _ in range(10):
        turn(1.0)
    fewest = come()
    assert 0 < len(fewest) < 100
    assert room.admit(comes_again=False) is not None  # its client would lose events
    room = Room(64 << 20, now(clock))
    for seconds in (1.0, 1.0, *[0.001] * 60):
        turn(seconds)
    assert turn(0.001) == (64 << 20) // LEAST


def test_a_few_who_waited_long_are_no_reason_to_turn_others_away() -> None:
    clock = [0.0]
    room = Room(64 << 20, now(clock))
    for _ in range(20):
        stay = room.admit(comes_again=True)
        assert stay is not None
        clock[0] += 5
        with stay:
            pass
    stays = [room.admit(comes_again=True) for _ in range(1000)]
    assert None not in stays


def test_a_body_counts_as_it_comes_and_once() -> None:
    room = Room(10 * LEAST)
    stay = room.admit(comes_again=True)
    assert stay is not None
    for _ in range(8):
        stay.came(LEAST)
    others = [room.admit(comes_again=True), room.admit(comes_again=True), room.admit(comes_again=True)]
    assert [one is None for one in others] == [False, False, True]
    with stay:
        stay.hold(5 * LEAST)
        assert stay.bytes == 8 * LEAST
    stay.came(LEAST)  # the rest of what was refused
    assert [room.admit(comes_again=True) is None for _ in range(9)] == [False] * 8 + [True]


def test_a_head_that_cannot_be_read_keeps_no_room(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_url: bytes) -> None:
        raise ValueError

    monkeypatch.setattr("httptools.parse_url", broken)
    for _ in range(5):
        client = site.client()
        client.send(request())
        assert client.socket.recv(1000).startswith(b"HTTP/1.1 400")
    monkeypatch.undo()
    site.free.set()
    client = site.client()
    client.send(request())
    assert client.hear().status == 200


def test_a_server_without_a_collector_lets_everybody_in() -> None:
    assert Threshold.admit(b"POST", b"/v1/batch", []) is None
