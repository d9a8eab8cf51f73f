"""Our side of collecting: a shop to send to, and the same door with nothing behind it."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import httpx2
import uvicorn

import qianmian
from qianmian.app.sources import Sources
from qianmian.app.taken import Taken
from qianmian.collect.journal.entries import Place
from qianmian.collect.wire.contracts import Delivery
from qianmian.core.clock import SystemClock
from qianmian.http.collector import Collector
from qianmian.http.server import bind, configuration
from qianmian.lake.connection import fetch

_KEY = b"a key of thirty-two bytes or so."


def new_shop(folder: str) -> dict[str, Any]:
    """A new shop with one source; its write key, and a port to serve it at."""
    shop = qianmian.init(Path(folder), name="bench")
    key = Sources(shop.workspace.catalogue, shop.workspace.clock).add("bench", shop.workspace.entropy)
    shop.close()
    return {"key": key, "port": 20_000 + os.getpid() % 10_000}


def waiting(shop: str) -> int:
    """Events in the journal that are not taken in."""
    found = qianmian.open(Path(shop))
    try:
        workspace = found.workspace
        taken = Taken(workspace.catalogue, workspace.clock)
        left = 0
        for file in workspace.journal.files():
            if not file.is_released:
                come = max(taken.upto(file.stream).values(), default=0)
                left += sum(entry.count for entry in workspace.journal.read(Place(file.stream, come)))
        return left
    finally:
        found.close()


def missing(shop: str, acknowledged: str) -> int:
    """How many of the ids in a file, with the number 0, are of no event in the lake."""
    wanted = {f"{ident}-0" for ident in Path(acknowledged).read_text().split()}
    found = qianmian.open(Path(shop))
    try:
        workspace = found.workspace
        snapshot = workspace.lake.snapshot(instant=workspace.clock.now())
        with workspace.connected(snapshot, "events") as connection:
            ids = fetch(connection, "SELECT event_id FROM events WHERE ends_with(event_id, '-0')")["event_id"]
        return len(wanted - set(ids.to_pylist()))
    finally:
        found.close()


def ready(port: int) -> None:
    """Return once somebody answers at a port."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            httpx2.post(f"http://127.0.0.1:{port}/v1/batch", content=b'{"batch":[]}')
        except httpx2.TransportError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError


def answer(port: int) -> None:
    """Serve the door that answers at once."""

    async def accept(_delivery: Delivery) -> None:
        return

    async def nobody(_scope: Any, _receive: Any, _send: Any) -> None:
        return

    app: Any = Collector(nobody, accept, SystemClock(), _KEY)
    uvicorn.Server(configuration(app)).run(sockets=[bind([port])])
