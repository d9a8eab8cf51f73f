"""The door of tracking SDKs: plain ASGI before everything else, for here a framework would cost more than the work."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache

import structlog
from starlette.types import ASGIApp, Receive, Scope, Send

from qianmian.collect.wire import answers
from qianmian.collect.wire.answers import Answer
from qianmian.collect.wire.contracts import Delivery, Request
from qianmian.collect.wire.doors import METHODS, Door, find_door, read, told_key
from qianmian.collect.wire.sensors import is_rehearsal
from qianmian.core.clock import Clock
from qianmian.core.errors import LimitError, NotTakenError, QianmianError, WireError
from qianmian.core.language import Language
from qianmian.http.language import preferred
from qianmian.http.plain import plain, tell, written
from qianmian.http.room import STAY, Room, Stay
from qianmian.http.threshold import WRITE, Headers

#: Largest body as it comes over the line; RudderStack's clients send up to 4 MB.
MOST_BYTES = 4 << 20
#: Of requests in memory at a time.
MOST_ARRIVING_BYTES = 8 << 20
#: The rest of a body that is turned away is read up to here, so that its sender hears the answer.
_MOST_DRAINED_BYTES = 1 << 20
#: A body that takes longer is given up.
_PATIENCE_SECONDS = 60
#: Returns only once a delivery is durable; raises a `QianmianError` if it is not.
Accept = Callable[[Delivery], Awaitable[None]]
#: Told the status of a request that was answered before anybody looked into it, and its key as far as its head says.
TurnedAway = Callable[[int, str], None]
#: Status of what there is no room for.
_NO_ROOM = 503
#: Doors that bring events.
_TAKING = (Door.SEGMENT, Door.SENSORS)
_log = structlog.get_logger("qianmian.collector")


class _GoneError(Exception):
    """The client went away, or was too slow, before its request was whole."""


def _nobody_counts(_status: int, _key: str) -> None:
    return


@dataclass(frozen=True)
class Collector:
    """Answers tracking SDKs, and hands every other request on.

    Attributes:
        app: gets what is not for a tracking SDK.
        accept: makes deliveries durable.
        clock: says when a request came.
        key: keys the ids of events that have none.
        most_bytes: largest body.
        turned_away: counts what is answered before it is read.
        room: bounds what is in memory.
    """

    app: ASGIApp
    accept: Accept = field(repr=False)
    clock: Clock = field(repr=False)
    key: bytes = field(repr=False)
    most_bytes: int = MOST_BYTES
    turned_away: TurnedAway = field(default=_nobody_counts, repr=False)
    room: Room = field(default_factory=lambda: Room(MOST_ARRIVING_BYTES), repr=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        door = find_door(scope["path"]) if scope["type"] == "http" else None
        if door is None:
            await self.app(scope, receive, send)
            return
        request, incoming = _head(scope), _Incoming(receive)
        if answer := _at_once(door, request):
            await incoming.drain(request)
            await tell(answer, send, closing=incoming.more)
            return
        try:
            with scope.get(STAY) or self.room.stay() as stay:
                request = _with_body(request, await self._body(request, incoming, stay))
                answer = answers.taken(request) if door is Door.METRICS else await self._take(request, stay)
        except _GoneError:
            return
        except (WireError, NotTakenError) as error:
            self.turned_away(answers.status_of(error), told_key(request))
            await incoming.drain(request)
            answer = answers.refused(request, error, _language(request))
        write = scope.get(WRITE)
        if not (write and write(written(answer))):
            await tell(answer, send, closing=incoming.more)  # what is left of its body ends with its connection

    def admit(self, method: bytes, url: bytes, headers: Headers) -> bytes | Stay | None:
        """Decide at its head whether a request with events may come in.

        Args:
            method: in capitals.
            url: path and query as received.
            headers: with names in small letters.

        Returns:
            The whole answer if there is no room; its stay if there is; None = it brings no events, or has a body so
            large that it is looked at later.
        """
        path, _, query = url.partition(b"?")
        door = find_door(path.decode("latin-1"))
        if door not in _TAKING or method.decode("latin-1") not in METHODS[door]:
            return None
        if stay := self.room.admit(comes_again=door is Door.SEGMENT):
            return stay
        request = Request(method.decode("latin-1"), path.decode("latin-1"), query, plain(headers), b"")
        if not _is_drained(request):
            return None
        self.turned_away(_NO_ROOM, told_key(request))
        asked = request.headers
        return _refusal(self.room.wait_seconds(), asked.get("origin", ""), asked.get("accept-language", ""))

    async def _take(self, request: Request, stay: Stay) -> Answer:
        delivery = read(request, self.clock.now(), self.key)
        stay.hold(len(delivery.lines))  # it may have come compressed
        if is_rehearsal(request):
            return answers.rehearsed(request, delivery)
        try:
            if delivery.count or delivery.refused:
                await self.accept(delivery)
        except QianmianError as error:
            if not isinstance(error, LimitError):  # which is counted, and would fill the log
                _log.warning("not_taken", kind=type(error).__name__)
            return answers.refused(request, error, _language(request))
        except OSError as error:
            _log.error("not_taken", kind=type(error).__name__)
            lost = NotTakenError("not_taken", seconds=answers.RETRY_SECONDS)
            return answers.refused(request, lost, _language(request))
        return answers.taken(request)

    async def _body(self, request: Request, incoming: _Incoming, stay: Stay) -> bytes:
        stated = request.headers.get("content-length", "0")
        if not stated.isdecimal() or int(stated) > self.most_bytes:
            raise WireError("wire_too_large", most=self.most_bytes >> 20)
        body = await incoming.part()  # most are whole at once
        if incoming.more:
            async with incoming.patience():
                return await self._long_body(bytearray(body), incoming, stay)
        stay.hold(len(body))
        return body

    async def _long_body(self, body: bytearray, incoming: _Incoming, stay: Stay) -> bytes:
        while True:
            if len(body) > self.most_bytes:
                raise WireError("wire_too_large", most=self.most_bytes >> 20)
            stay.hold(len(body))
            if not incoming.more:
                return bytes(body)
            body += await incoming.part()


@dataclass
class _Incoming:
    """The body of a request as it comes.

    Attributes:
        more: whether not all of it has come.
    """

    receive: Receive
    more: bool = True

    async def part(self) -> bytes:
        """The next part."""
        message = await self.receive()
        if message["type"] == "http.disconnect":
            raise _GoneError
        self.more = message.get("more_body", False)
        body: bytes = message.get("body", b"")
        return body

    async def drain(self, request: Request) -> None:
        """Read the rest of a small body and forget it, so that its sender hears the answer."""
        if _is_drained(request):
            with suppress(_GoneError):
                async with self.patience():
                    while self.more:
                        await self.part()

    @asynccontextmanager
    async def patience(self) -> AsyncIterator[None]:
        """Give up a body that takes too long."""
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                yield
        except TimeoutError:
            raise _GoneError from None


def _head(scope: Scope) -> Request:
    return Request(scope["method"], scope["path"].rstrip("/"), scope["query_string"], plain(scope["headers"]), b"")


def _at_once(door: Door, request: Request) -> Answer | None:
    """The answer to what brings nothing, for which there is always room; None = it brings something."""
    if request.method == "OPTIONS":
        return answers.preflight(request)
    if request.method not in METHODS[door]:
        return answers.no_method(request, door)
    if door is Door.SETTINGS:
        return answers.settings(request)
    return answers.source(request) if door is Door.SOURCE else None


def _is_drained(head: Request) -> bool:
    """Whether the body is small enough to be read though nobody wants it."""
    stated = head.headers.get("content-length", "" if head.method == "POST" else "0")
    return stated.isdecimal() and int(stated) <= _MOST_DRAINED_BYTES


@lru_cache(maxsize=1024)
def _refusal(seconds: int, origin: str, accepted: str) -> bytes:
    """What somebody hears for whom there is no room, as it goes over the line."""
    request = Request("POST", "", b"", {"origin": origin}, b"")
    return written(answers.refused(request, NotTakenError("not_taken", seconds=seconds), preferred(accepted)))


def _with_body(head: Request, body: bytes) -> Request:
    return Request(head.method, head.path, head.query, head.headers, body)


def _language(request: Request) -> Language:
    return preferred(request.headers.get("accept-language", ""))
