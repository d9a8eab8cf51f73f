"""A real server on the loopback address that keeps every delivery in a file, and a wire that loses answers."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import uvicorn

from qianmian.collect.wire.contracts import Delivery
from qianmian.core.clock import SystemClock
from qianmian.http.collector import MOST_ARRIVING_BYTES, Collector
from qianmian.http.room import Room, Stay
from qianmian.http.server import bind, configuration

KEY = b"a key of thirty-two bytes or so."


@dataclass
class Full(Room):
    """A door's room that has none for some.

    Attributes:
        to_turn_away: requests still to be turned away, if they would come again.
    """

    to_turn_away: int = 0

    def admit(self, *, comes_again: bool) -> Stay | None:
        """Turn away the next, or let it in."""
        if comes_again and self.to_turn_away:
            self.to_turn_away -= 1
            return None
        return super().admit(comes_again=comes_again)


@dataclass
class Received:
    """Where the server is, and what came in.

    Attributes:
        url: of the server.
        file: the lines, in order of arrival.
        deliveries: the same with their keys.
        full: the room at its door.
    """

    url: str
    file: Path
    deliveries: list[Delivery] = field(default_factory=list)
    full: Full = field(default_factory=lambda: Full(MOST_ARRIVING_BYTES))

    async def accept(self, delivery: Delivery) -> None:
        """Keep a delivery, durable before it is acknowledged."""
        self.deliveries.append(delivery)
        with self.file.open("ab") as out:
            out.write(delivery.lines)
            out.flush()
            os.fsync(out.fileno())

    def events(self) -> list[dict[str, Any]]:
        """Every line so far."""
        return [orjson.loads(line) for line in self.file.read_bytes().splitlines()] if self.file.exists() else []

    def wait_for(self, count: int, seconds: float = 20) -> list[dict[str, Any]]:
        """The lines, once there are so many; what there is when the time is over."""
        until = time.monotonic() + seconds
        while len(self.events()) < count and time.monotonic() < until:
            time.sleep(0.05)
        return self.events()


@contextmanager
def receiving(folder: Path) -> Iterator[Received]:
    """A server until the block ends."""
    door = bind([0])
    received = Received(f"http://127.0.0.1:{door.getsockname()[1]}", folder / "lines.jsonl")

    async def nobody(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 404, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    collector = Collector(nobody, received.accept, SystemClock(), KEY, room=received.full)
    server = uvicorn.Server(_configured(collector))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
    thread.start()
    try:
        yield received
    finally:
        server.should_exit = server.force_exit = True
        thread.join(20)
        door.close()


def _configured(collector: Collector) -> uvicorn.Config:
    config = configuration(collector, collector.admit)  # type: ignore[arg-type]
    config.lifespan = "off"
    return config


@dataclass
class LossyWire:
    """A wire that carries every request, and loses the first answers to deliveries after the server has given them.

    Attributes:
        url: of the wire.
        to_lose: answers still to be lost.
        lost: answers that were.
    """

    url: str
    to_lose: int
    lost: int = 0


@contextmanager
def lossy(target: str, to_lose: int) -> Iterator[LossyWire]:
    """A wire to a server until the block ends."""
    door = socket.create_server(("127.0.0.1", 0))
    wire = LossyWire(f"http://127.0.0.1:{door.getsockname()[1]}", to_lose)
    host, port = target.removeprefix("http://").split(":")
    ends: list[socket.socket] = [door]

    def listen() -> None:
        with suppress(OSError):
            while True:
                near, _ = door.accept()
                far = socket.create_connection((host, int(port)))
                ends.extend((near, far))
                last = bytearray()
                threading.Thread(target=_carry, args=(near, far, last), daemon=True).start()
                threading.Thread(target=_answer, args=(wire, far, near, last), daemon=True).start()

    threading.Thread(target=listen, daemon=True).start()
    try:
        yield wire
    finally:
        for end in ends:
            _end(end)
            end.close()


def _carry(source: socket.socket, sink: socket.socket, last: bytearray) -> None:
    """Carry requests on; the last method is noted, for browsers ask before they send."""
    with suppress(OSError):
        while data := source.recv(65_536):
            if data.startswith((b"GET ", b"OPTIONS ", b"POST ")):
                last[:] = data[:4]
            sink.sendall(data)
    _end(sink)


def _answer(wire: LossyWire, source: socket.socket, sink: socket.socket, last: bytearray) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            if wire.to_lose and last == b"POST":
                wire.to_lose, wire.lost = wire.to_lose - 1, wire.lost + 1
                break
            sink.sendall(data)
    _end(sink)


def _end(sink: socket.socket) -> None:
    with suppress(OSError):
        sink.shutdown(socket.SHUT_RDWR)
