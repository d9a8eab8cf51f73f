"""Requests as SDKs write them, in short."""

from __future__ import annotations

import base64
import gzip
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import orjson

from qianmian.collect.wire.contracts import Delivery, Request
from qianmian.collect.wire.doors import read

KEY = b"a key of thirty-two bytes or so."
RECEIVED_AT = datetime(2026, 5, 1, 2, 0, 5, tzinfo=UTC)
SENT_AT = "2026-05-01T02:00:01.000Z"


def post(path: str, body: bytes | Any, **headers: str) -> Request:
    """A POST request; what is no bytes becomes JSON."""
    text = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    path, _, query = path.partition("?")
    return Request("POST", path, query.encode(), {name.replace("_", "-"): told for name, told in headers.items()}, text)


def get(path: str, **headers: str) -> Request:
    """A GET request."""
    path, _, query = path.partition("?")
    return Request("GET", path, query.encode(), {name.replace("_", "-"): told for name, told in headers.items()}, b"")


def basic(key: str) -> str:
    """The header of basic authorization with a write key."""
    return f"Basic {base64.b64encode(f'{key}:'.encode()).decode()}"


def delivered(request: Request) -> Delivery:
    """What a request carries, read under a fixed clock; checks that the lines are lines."""
    delivery = read(request, RECEIVED_AT, KEY)
    assert len(delivery.lines.splitlines()) == delivery.count
    assert delivery.count == 0 or delivery.lines.endswith(b"\n")
    delivery.lines.decode()
    return delivery


def events(request: Request) -> list[dict[str, Any]]:
    """The lines as an import reads them: of two equal keys the first counts."""
    return [first_of_equal(line) for line in delivered(request).lines.splitlines()]


def first_of_equal(line: bytes) -> dict[str, Any]:
    """A line's members, of equal keys the first."""
    return json.loads(line, object_pairs_hook=lambda pairs: dict(reversed(pairs)))


def form(events: Any, field: str = "data_list", packed: bool = True, **more: str) -> bytes:
    """A form as the SDKs of 神策 write it."""
    data = orjson.dumps(events)
    text = base64.b64encode(gzip.compress(data) if packed else data).decode()
    fields = {field: text, "gzip": "1" if packed else "0"} | more
    return "&".join(f"{name}={quote(value, safe='')}" for name, value in fields.items()).encode()
