"""A real receiver of webhooks on the loopback address."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class Received:
    """A POST that came in."""

    headers: dict[str, str]
    body: bytes
    status: int

    @property
    def told(self) -> dict[str, Any]:
        """The body as values."""
        value: dict[str, Any] = json.loads(self.body)
        return value


@dataclass
class Receiving:
    """A receiver that runs.

    Attributes:
        address: where it listens.
        answers: statuses that it gives next; then 200.
        posts: what came in.
    """

    address: str
    answers: list[int] = field(default_factory=list)
    posts: list[Received] = field(default_factory=list)

    @property
    def taken(self) -> list[Received]:
        """What it said that it has."""
        return [post for post in self.posts if post.status == 200]


@contextmanager
def receiving() -> Iterator[Receiving]:
    """A receiver for as long as the block goes on."""

    class Taking(BaseHTTPRequestHandler):
        def take(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            status = made.answers.pop(0) if made.answers else 200
            made.posts.append(Received({name.lower(): text for name, text in self.headers.items()}, body, status))
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("location", f"{made.address}/elsewhere")
            self.send_header("content-length", "0")
            self.end_headers()

        do_POST = do_GET = take  # noqa: N815  # so the library names them

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Taking)
    made = Receiving(f"http://127.0.0.1:{server.server_port}")
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
