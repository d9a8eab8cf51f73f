"""The door of tracking SDKs: plain ASGI before everything else, for here a framework would cost more than the work."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog
from starlette.types import ASGIApp, Receive, Scope, Send

from qianmian.collect.wire import answers
from qianmian.collect.wire.answers import Answer
from qianmian.collect.wire.contracts import Delivery, Request
from qianmian.collect.wire.doors import METHODS, Door, find_door, read
from qianmian.collect.wire.sensors import is_rehearsal
from qianmian.core.clock import Clock
from qianmian.core.errors import NotTakenError, QianmianError, WireError
from qianmian.core.language import Language
from qianmian.http.language import preferred
from qianmian.http.plain import headers_of, tell

#: Largest body as it comes over the line; RudderStack's clients send up to 4 MB.
MOST_BYTES = 4 << 20
#: Returns only once a delivery is durable; raises a `QianmianError` if it is not.
Accept = Callable[[Delivery], Awaitable[None]]
_log = structlog.get_logger("qianmian.collector")


class _GoneError(Exception):
    """The client went away before its request was whole."""


@dataclass(frozen=True)
class Collector:
    """Answers tracking SDKs, and hands every other request on.

    Attributes:
        app: gets what is not for a tracking SDK.
        accept: makes deliveries durable.
        clock: says when a request came.
        key: keys the ids of events that have none.
        most_bytes: largest body.
    """

    app: ASGIApp
    accept: Accept = field(repr=False)
    clock: Clock = field(repr=False)
    key: bytes = field(repr=False)
    most_bytes: int = MOST_BYTES

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        door = find_door(scope["path"]) if scope["type"] == "http" else None
        if door is None:
            await self.app(scope, receive, send)
            return
        request, is_read = _request(scope, b""), False
        try:
            request, is_read = _request(scope, await self._body(request, receive)), True
            answer = await self._answer(door, request)
        except _GoneError:
            return
        except WireError as error:
            answer = answers.refused(request, error, _language(request))
        await tell(answer, send, closing=not is_read)  # what is left of its body ends with its connection

    async def _answer(self, door: Door, request: Request) -> Answer:
        if request.method == "OPTIONS":
            return answers.preflight(request)
        if request.method not in METHODS[door]:
            return answers.no_method(request, door)
        match door:
            case Door.SETTINGS:
                return answers.settings(request)
            case Door.SOURCE:
                return answers.source(request)
            case Door.METRICS:
                return answers.taken(request)
            case Door.SEGMENT | Door.SENSORS:
                return await self._take(request)

    async def _take(self, request: Request) -> Answer:
        delivery = read(request, self.clock.now(), self.key)
        if is_rehearsal(request):
            return answers.rehearsed(request, delivery)
        try:
            if delivery.count or delivery.refused:
                await self.accept(delivery)
        except QianmianError as error:
            _log.warning("not_taken", kind=type(error).__name__)
            return answers.refused(request, error, _language(request))
        except OSError as error:
            _log.error("not_taken", kind=type(error).__name__)
            lost = NotTakenError("not_taken", seconds=answers.RETRY_SECONDS)
            return answers.refused(request, lost, _language(request))
        return answers.taken(request)

    async def _body(self, request: Request, receive: Receive) -> bytes:
        stated = request.headers.get("content-length", "0")
        if not stated.isdecimal() or int(stated) > self.most_bytes:
            raise WireError("wire_too_large", most=self.most_bytes >> 20)
        parts, seen, more = [], 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise _GoneError
            parts.append(message.get("body", b""))
            seen += len(parts[-1])
            if seen > self.most_bytes:
                raise WireError("wire_too_large", most=self.most_bytes >> 20)
            more = message.get("more_body", False)
        return parts[0] if len(parts) == 1 else b"".join(parts)


def _request(scope: Scope, body: bytes) -> Request:
    return Request(scope["method"], scope["path"].rstrip("/"), scope["query_string"], headers_of(scope), body)


def _language(request: Request) -> Language:
    return preferred(request.headers.get("accept-language", ""))
