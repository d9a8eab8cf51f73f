"""A shop with a source, served by a real process, and the shortest client of both protocols."""

from __future__ import annotations

import base64
import http.client
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import qianmian
from qianmian.app.shop import Shop
from qianmian.app.sources import Sources
from qianmian.app.taken import Counts, Taken
from tests.faults.collector import serving

SOURCE = "web"
SEGMENT, SENSORS = "segment", "sensors"
_PATIENCE_SECONDS = 600
Event = dict[str, Any]


@dataclass(frozen=True)
class Address:
    """Where a shop's server is, and the write key of its source."""

    port: int
    key: str

    def send(self, dialect: str, events: Sequence[Event]) -> int:
        """Send events in one request, as the SDKs of a protocol do; returns the status of the answer."""
        return self.post(*packed(dialect, self.key, json.dumps(events, ensure_ascii=False).encode()))

    def post(self, path: str, body: bytes, headers: dict[str, str] | None = None) -> int:
        """Send a body by a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE_SECONDS)
        try:
            connection.request("POST", path, body, headers or {})
            answer = connection.getresponse()
            answer.read()
            return answer.status
        finally:
            connection.close()


def packed(dialect: str, key: str, events: bytes) -> tuple[str, bytes]:
    """Path and body of a request with a JSON array of events."""
    if dialect == SEGMENT:
        head = json.dumps({"writeKey": key, "sentAt": datetime.now(UTC).isoformat()}).encode()
        return "/v1/batch", head[:-1] + b',"batch":' + events + b"}"
    return f"/sa?project=shop&token={key}", b"data_list=" + quote(base64.b64encode(events), safe="").encode()


def new_shop(folder: Path) -> Address:
    """Make a shop with a source in a folder; says where its servers will be."""
    shop = qianmian.init(folder, name="shop", threads=1, memory_mib=512)
    key = Sources(shop.workspace.catalogue, shop.workspace.clock).add(SOURCE, shop.workspace.entropy)
    shop.close()
    # Below the ports that the system gives to whoever connects: with one of those a caller can reach itself.
    return Address(20_000 + os.getpid() % 12_000, key)


@contextmanager
def served(folder: Path, at: Address, crash_at: str = "") -> Iterator[int]:
    """A server process that answers, by its number; killed with its flusher at the end."""
    with serving(folder, at.port, crash_at) as server:
        wait_for(lambda: answers(at) or server.poll() is not None, "the server answers")
        assert server.poll() is None, "the server does not live"
        yield server.pid


def answers(at: Address) -> bool:
    """Whether somebody listens."""
    try:
        return at.post("/v1/m", b"{}") == 200
    except OSError:
        return False


def counted(shop: Shop) -> Counts:
    """What became of all that the source sent."""
    found = Taken(shop.workspace.catalogue, shop.workspace.clock).counts()
    return found.get((SOURCE, "prod"), Counts())


def wait_for(is_so: Callable[[], bool], what: str) -> None:
    """Wait until something is so.

    Raises:
        TimeoutError: it did not become so.
    """
    until = time.monotonic() + _PATIENCE_SECONDS
    while not is_so():
        if time.monotonic() > until:
            raise TimeoutError(what)
        time.sleep(0.05)
