"""Plain HTTP for doors that stand before the application: headers as values, and an answer sent whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus

from starlette.types import Send

from qianmian.collect.wire.answers import Answer


def plain(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """The headers of a request, by their names in small letters."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in headers}


async def tell(answer: Answer, send: Send, *, closing: bool = False, head: bool = False) -> None:
    """Send an answer.

    Args:
        answer: what to send.
        send: of the request.
        closing: its connection ends, and with it what is left of a body that was not read through.
        head: only its headers were asked for.
    """
    headers = _headers(answer, {"connection": "close"} if closing else {})
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head else answer.body})


def written(answer: Answer) -> bytes:
    """An answer as it goes over the line."""
    head = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}".encode()]
    return b"\r\n".join(head + [b"%s: %s" % header for header in _headers(answer, {})] + [b"", answer.body])


def _headers(answer: Answer, more: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    told = {**answer.headers, "content-length": str(len(answer.body)), **more}
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in told.items()]
