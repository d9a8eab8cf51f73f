"""Clients that do not wait for each other: requests leave at a constant pace, however slowly they are answered."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.measuring.sender import body

_ID = "#" * 16
_MOST_CONNECTIONS = 512


@dataclass
class Crowd:
    """Sends requests at a pace; what a request takes is counted from the instant at which it should have left.

    Attributes:
        port: of the server on the loopback address.
        key: write key.
        count: events of a request; the first has an id of its own, the rest are the same in each.
        pace: requests a second.
        seconds: how long.
        acknowledged: file that gets the ids of what was answered with 200.
        late: seconds by which each request left later than it should: what the sender itself adds to the times.
        opened: connections that were made.
    """

    port: int
    key: str
    count: int
    pace: float
    seconds: float
    acknowledged: str
    took: dict[int, list[float]] = field(default_factory=dict)
    ids: list[str] = field(default_factory=list)
    broken: int = 0
    unsent: int = 0
    late: list[float] = field(default_factory=list)
    opened: int = 0
    _idle: list[_Connection] = field(default_factory=list)
    _open: int = 0

    async def send(self) -> None:
        """Send for a while, then wait for the last answers."""
        self._pieces = _pieces(self.key, self.count)
        begun, run = time.monotonic(), os.urandom(3).hex()
        due = 0
        while (now := time.monotonic() - begun) < self.seconds:
            while due < now * self.pace:
                await self._leave(f"{run}{due:010x}", begun + due / self.pace)
                due += 1
            await asyncio.sleep(0.001)
        until = time.monotonic() + 10
        while len(self._idle) < self._open and time.monotonic() < until:
            await asyncio.sleep(0.05)
        Path(self.acknowledged).write_text("\n".join(self.ids))

    async def _leave(self, ident: str, at: float) -> None:
        if not self._idle:
            if self._open >= _MOST_CONNECTIONS:
                self.unsent += 1
                return
            self._open += 1
            self.opened += 1
            loop = asyncio.get_running_loop()
            _, connection = await loop.create_connection(lambda: _Connection(self._ended), "127.0.0.1", self.port)
            self._idle.append(connection)
        before, after = self._pieces
        self.late.append(time.monotonic() - at)
        self._idle.pop().ask(before + ident.encode() + after, ident, at)

    def _ended(self, connection: _Connection, status: int) -> None:
        if not status:
            self._open -= 1
            self.broken += connection.is_busy
            if connection in self._idle:
                self._idle.remove(connection)
            return
        self.took.setdefault(status, []).append(time.monotonic() - connection.at)
        if status == 200:
            self.ids.append(connection.ident)
        self._idle.append(connection)

    def told(self) -> dict[str, object]:
        """Answers by status, with the time that they took."""
        return {
            "statuses": Counter({status: len(took) for status, took in self.took.items()}),
            "broken": self.broken,
            "unsent": self.unsent,
            "opened": self.opened,
            "late": _cuts(self.late),
            "cpu_seconds": time.process_time(),
            "accepted": _cuts(self.took.get(200, [])),
            "refused": _cuts([one for status, took in self.took.items() if status != 200 for one in took]),
        }


class _Connection(asyncio.Protocol):
    """One connection, which has one request at a time."""

    def __init__(self, ended: Callable[[_Connection, int], None]) -> None:
        self._ended, self._heard = ended, b""
        self.is_busy, self.ident, self.at = False, "", 0.0
        self._transport: asyncio.WriteTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def ask(self, request: bytes, ident: str, at: float) -> None:
        self.is_busy, self.ident, self.at, self._heard = True, ident, at, b""
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._heard += data
        head, found, rest = self._heard.partition(b"\r\n\r\n")
        if found and len(rest) >= int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0]):
            self.is_busy = False
            self._ended(self, int(head[9:12]))

    def connection_lost(self, _error: Exception | None) -> None:
        self._ended(self, 0)


def _pieces(key: str, count: int) -> tuple[bytes, bytes]:
    """A request with a gap for the id of its first event."""
    now = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())
    text = body(count).replace(b"2000-01-01T00:00:00.000Z", now.encode())
    first, rest = text.split(_ID.encode() + b"-0", 1)
    rest = b"-0" + rest.replace(_ID.encode(), b"the same in each")
    basic = base64.b64encode(f"{key}:".encode()).decode()
    head = (
        f"POST /v1/batch HTTP/1.1\r\nHost: bench\r\nAuthorization: Basic {basic}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(first) + 16 + len(rest)}\r\n\r\n"
    )
    return head.encode() + first, rest


def _cuts(took: list[float]) -> dict[str, float]:
    cuts = np.percentile(np.array(took or [0.0]) * 1e3, [50, 99])
    return {"p50_ms": float(cuts[0]), "p99_ms": float(cuts[1])}


def main() -> None:
    crowd = Crowd(**json.loads(sys.argv[1]))
    asyncio.run(crowd.send())
    print(json.dumps(crowd.told()))


if __name__ == "__main__":
    main()
