"""Plain ASGI for doors that stand before the application: headers as values, and an answer sent whole."""

from __future__ import annotations

from starlette.types import Scope, Send

from qianmian.collect.wire.answers import Answer


def headers_of(scope: Scope) -> dict[str, str]:
    """The headers of a request, by their names in small letters."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


async def tell(answer: Answer, send: Send, *, closing: bool = False, head: bool = False) -> None:
    """Send an answer.

    Args:
        answer: what to send.
        send: of the request.
        closing: its connection ends, and with it what is left of a body that was not read through.
        head: only its headers were asked for.
    """
    told = dict(answer.headers) | {"content-length": str(len(answer.body))}
    if closing:
        told["connection"] = "close"
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in told.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head else answer.body})
