"""Who sends too slowly gives its connection back; who is only slow is waited for."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn

from qianmian.http.patience import PatientProtocol
from qianmian.http.server import bind

_HEAD = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 40\r\n\r\n"


class Hasty(PatientProtocol):
    """Looks often, and expects little."""

    look_seconds = 0.5
    fewest_bytes = 1


async def _echo(scope: Any, receive: Any, send: Any) -> None:
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body, more = body + message["body"], message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture
def client() -> Iterator[socket.socket]:
    """A connection to a hasty server."""
    door = bind([0])
    server = uvicorn.Server(uvicorn.Config(_echo, http=Hasty, lifespan="off", log_config=None))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
    thread.start()
    try:
        with socket.create_connection(door.getsockname(), timeout=60) as connection:
            yield connection
    finally:
        server.should_exit = True
        thread.join(20)
        door.close()


def test_who_sends_nothing_is_let_go(client: socket.socket):
    assert client.recv(1) == b""


def test_who_sends_its_head_a_byte_at_a_time_is_let_go(client: socket.socket):
    assert _trickled(client, b"GET / HTTP/1.1\r\nX: " + b"a" * 1000, 0.05) < 1000


def test_who_stops_within_a_body_is_let_go(client: socket.socket):
    client.sendall(_HEAD + b"some")
    assert client.recv(1) == b""


def test_who_is_slow_but_goes_on_is_waited_for(client: socket.socket):
    client.sendall(_HEAD)
    assert _trickled(client, b"x" * 40, 0.03) == 40
    told = b""
    while not told.endswith(b"x" * 40):
        told += client.recv(1000)
    assert told.startswith(b"HTTP/1.1 200")


def _trickled(client: socket.socket, told: bytes, pause: float) -> int:
    """Send a byte at a time; returns how many before the other side hung up."""
    for number, byte in enumerate(told):
        time.sleep(pause)
        try:
            client.sendall(bytes([byte]))
        except OSError:
            return number
    return len(told)
