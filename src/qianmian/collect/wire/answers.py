"""What tracking SDKs must hear: some take any other status than 200 for a failure, some read two keys of an error.

Every figure here was seen with the SDKs: see decision 0018 and the guide on collecting.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs

import orjson

from qianmian.collect.wire.contracts import Delivery, Request
from qianmian.collect.wire.doors import METHODS, Door, find_door, settings_key
from qianmian.collect.wire.segment import basic_user
from qianmian.core.errors import LimitError, NotTakenError, QianmianError, TokenError, WireError
from qianmian.core.language import Language
from qianmian.core.messages import Message

#: When a client may come again, if nobody says.
RETRY_SECONDS = 5
#: The least status of what may succeed later.
LATER = 429
_PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
_JSON = {"content-type": "application/json"}
_TAKEN = b'{"success":true}'
_MOST_KEY = 200


@dataclass(frozen=True)
class Answer:
    """An answer, whole.

    Attributes:
        headers: by their names in small letters.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes


def taken(request: Request) -> Answer:
    """All that a request carries is durable: exactly 200; a picture where a picture was asked for."""
    if request.method == "GET" and request.path == "/sa.gif":
        return Answer(200, _manners(request) | {"content-type": "image/gif", "cache-control": "no-store"}, _PIXEL)
    return Answer(200, _manners(request) | _JSON, _TAKEN)


def rehearsed(request: Request, delivery: Delivery) -> Answer:
    """A developer asked whether the events are sound, and sees the text of the answer."""
    if not delivery.refused:
        return taken(request)
    first = delivery.refused[0].expected
    return failed(request, Message("wire_unsound", count=len(delivery.refused), expected=first), 400, "wire")


def preflight(request: Request) -> Answer:
    """A browser asks whether a page may send."""
    door = find_door(request.path)
    allowed = {
        "access-control-allow-methods": ", ".join(METHODS[door]) if door else "POST",
        "access-control-allow-headers": request.headers.get("access-control-request-headers", "*"),
        "access-control-max-age": "86400",
    }
    return Answer(204, _manners(request) | allowed, b"")


def settings(request: Request) -> Answer:
    """What Segment's SDK for browsers asks for before it sends anything: no destination of theirs, no metrics."""
    told = {
        "integrations": {"Segment.io": {"apiKey": settings_key(request.path)[:_MOST_KEY]}},
        "plan": {"track": {"__default": {"enabled": True}}},
        "edgeFunction": {},
        "middlewareSettings": {},
        "enabledMiddleware": {},
        "metrics": {"sampleRate": 0},
        "legacyVideoPluginsEnabled": False,
        "remotePlugins": [],
    }
    return Answer(200, _manners(request) | _JSON, orjson.dumps(told))


def source(request: Request) -> Answer:
    """What RudderStack's SDK for browsers asks for; if it gets no answer, it never sends an event."""
    query = parse_qs(request.query.decode("latin-1")).get("writeKey", [])
    key = (basic_user(request.headers.get("authorization", "")) or next(iter(query), ""))[:_MOST_KEY]
    off = {"enabled": False}
    told = {
        "source": {
            "id": key,
            "name": "qianmian",
            "writeKey": key,
            "enabled": True,
            "workspaceId": "qianmian",
            "config": {"statsCollection": {"errors": off, "metrics": off}},
            "destinations": [],
            "dataplanes": {},
        }
    }
    return Answer(200, _manners(request) | _JSON, orjson.dumps(told))


def refused(request: Request, error: QianmianError, language: Language) -> Answer:
    """A request that was not taken; only what may succeed later is answered so that clients come again."""
    status = status_of(error)
    if status < LATER:
        return failed(request, error.message, status, error.code, language)
    known = isinstance(error, NotTakenError)
    seconds = error.message.values.get("seconds", RETRY_SECONDS) if known else RETRY_SECONDS
    message = error.message if isinstance(error, LimitError) else Message("not_taken", seconds=seconds)
    code = error.code if isinstance(error, LimitError) else NotTakenError.code
    return failed(request, message, status, code, language, {"retry-after": str(seconds)})


def status_of(error: Exception) -> int:
    """The HTTP status by which a request is refused; from `LATER` on, its sender comes again."""
    match error:
        case WireError():
            return 413 if error.is_too_large else 400
        case TokenError():
            return 401
        case LimitError():
            return 429
        case _:
            return 503


def no_method(request: Request, door: Door) -> Answer:
    """The address does not take the method."""
    allow = {"allow": ", ".join(METHODS[door])}
    return failed(request, Message("unknown_method"), 405, "unknown_method", Language.EN, allow)


def failed(
    request: Request,
    message: Message,
    status: int,
    code: str,
    language: Language = Language.EN,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """An error as every client reads it: ``code`` and ``message`` are texts, and ``detail`` is the message again."""
    words = message.what(language)
    told = orjson.dumps({"code": code, "message": words, "detail": words})
    return Answer(status, _manners(request) | _JSON | dict(headers or {}), told)


def _manners(request: Request) -> dict[str, str]:
    """Headers of every answer: a page of any site may read it, and a connection that will end is said to end."""
    told = {"vary": "origin", "access-control-expose-headers": "Retry-After"}
    if origin := request.headers.get("origin", ""):
        told["access-control-allow-origin"] = origin
    if "close" in request.headers.get("connection", "").lower():
        told["connection"] = "close"
    return told
