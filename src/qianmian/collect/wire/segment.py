"""The Segment HTTP tracking API, as the SDKs of Segment and RudderStack speak it.

Sources: requests recorded from segment-analytics-python 2.4, analytics-node 3.1, analytics-next 1.84, rudder-sdk-python
2.1, rudder-sdk-node 3.0 and RudderStack's analytics-js 3.34.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Annotated, Any, Literal, get_args
from urllib.parse import parse_qs

import msgspec

from qianmian.collect.imports.check import Reason
from qianmian.collect.wire.contracts import Delivery, Request
from qianmian.collect.wire.lines import Fingerprints, Lines, UnusableEventError, instant, looked_at, members
from qianmian.collect.wire.payload import (
    MOST_EVENT_BYTES,
    check_count,
    check_width,
    checked_utf8,
    one_line,
    parsed,
    plain_body,
)
from qianmian.core.messages import Message

DIALECT = "segment"
_Type = Literal["track", "identify", "page", "screen", "group", "alias"]
TYPES = get_args(_Type)
#: Addresses of one event a request → its type.
SINGLE = {f"/v1/{name}": kind for kind in TYPES for name in (kind, kind[0])}
#: Addresses of many.
BATCHES = frozenset({"/v1/batch", "/v1/b", "/v1/import", "/beacon/v1/batch"})


class _Event(msgspec.Struct, rename="camel", gc=False):
    """What the edge looks at; the rest stays as it came."""

    type: _Type | None = None
    message_id: str | None = None
    sent_at: str | None = None
    write_key: str | None = None


class _Complete(msgspec.Struct, rename="camel", gc=False):
    """What most events are: nothing is to be added but what the envelope knows."""

    type: _Type
    message_id: Annotated[str, msgspec.Meta(min_length=1)]
    sent_at: None = None


class _Batch(msgspec.Struct, rename="camel", gc=False):
    batch: list[msgspec.Raw]
    sent_at: Any = None
    write_key: Any = None


_COMPLETE = msgspec.json.Decoder(_Complete)
_EVENT = msgspec.json.Decoder(_Event)
_BATCH = msgspec.json.Decoder(_Batch)
_ANYTHING = msgspec.json.Decoder(msgspec.Raw)


def read(request: Request, received_at: datetime, key: bytes) -> Delivery:
    """The events of a request.

    Args:
        request: to one of `SINGLE` or `BATCHES`.
        received_at: when it came, UTC.
        key: keys the ids of events that have none.

    Raises:
        WireError: the request as a whole cannot be taken.
    """
    text, sound = checked_utf8(one_line(plain_body(request)))
    plain = sound and len(text) <= MOST_EVENT_BYTES
    if request.path in SINGLE:
        event = parsed(_ANYTHING, text)
        return _Reader(received_at, key, SINGLE[request.path]).delivery([bytes(event)], request, plain)
    check_width(text)
    batch = parsed(_BATCH, text)
    check_count(batch.batch)
    reader = _Reader(received_at, key, "", batch.sent_at, batch.write_key)
    return reader.delivery([bytes(raw) for raw in batch.batch], request, plain)


class _Reader:
    """Reads the events of one request."""

    def __init__(
        self, received_at: datetime, key: bytes, kind: str, sent_at: object = None, write_key: object = None
    ) -> None:
        self.kind, self.write_key = kind, write_key
        self.received = b"{" + members({"receivedAt": instant(received_at)})
        self.sent = self.received + members({"sentAt": sent_at} if _is_instant(sent_at) else {})
        self.lines, self.ids = Lines(DIALECT), Fingerprints(key)

    def delivery(self, events: Sequence[bytes], request: Request, plain: bool) -> Delivery:
        """All events; if they are plain, none is too long or has bytes that are no UTF-8."""
        if plain and _are_complete(events):
            self.lines.add_all(self.sent, events)
        else:
            self._each(events, plain)
        return self.lines.delivery(self._write_key(request, events))

    def _each(self, events: Sequence[bytes], sound: bool) -> None:
        for position, raw in enumerate(events):
            try:
                self._complete(position, _looked_at(raw, sound), raw)
            except UnusableEventError as why:
                self.lines.refuse(position, why, raw)

    def _complete(self, position: int, event: _Event, raw: bytes) -> None:
        """Take an event that knows more than the envelope, or lacks what the edge can add."""
        told = _is_instant(event.sent_at)
        added: dict[str, object] = {}
        if event.sent_at is not None and not told and self.sent == self.received:
            added["sentAt"] = None  # it is no time; ours comes first, and the import never sees it
        if not event.type:
            if not self.kind:
                raise UnusableEventError(Reason.BAD_KIND, Message("want_one_of", choices=TYPES))
            added["type"] = self.kind
        if not event.message_id:
            added["messageId"] = self.ids.of(b"%s%d %s" % (self.received, position, raw))
        self.lines.add_sparse((self.received if told else self.sent) + members(added), raw)

    def _write_key(self, request: Request, events: Sequence[bytes]) -> str:
        """Basic user name, then the key in the body, then that of the first event, then that of the query."""
        if key := basic_user(request.headers.get("authorization", "")):
            return key
        if isinstance(self.write_key, str) and self.write_key:
            return self.write_key
        with suppress(UnusableEventError):
            if events and (key := _looked_at(events[0], sound=False).write_key or ""):
                return key
        return next(iter(parse_qs(request.query.decode("latin-1")).get("writeKey", [])), "")


def _are_complete(events: Sequence[bytes]) -> bool:
    try:
        for raw in events:
            _COMPLETE.decode(raw)
    except (ValueError, RecursionError):
        return False
    return True


def _looked_at(raw: bytes, sound: bool) -> _Event:
    return looked_at(raw, sound, _EVENT, _oddly_typed)


def _oddly_typed(told: dict[str, Any]) -> _Event:
    """Of an event whose own words are of other types than expected."""
    number = told.get("messageId")
    is_number = isinstance(number, int) and not isinstance(number, bool)
    return _Event(
        type=told["type"] if told.get("type") in TYPES else None,
        message_id=str(number) if is_number or isinstance(number, str) else None,
        sent_at=None if told.get("sentAt") is None else str(told["sentAt"]),
        write_key=told["writeKey"] if isinstance(told.get("writeKey"), str) else None,
    )


def _is_instant(told: object) -> bool:
    """Whether a text is a time by ISO 8601, as the import reads it."""
    if not isinstance(told, str):
        return False
    try:
        datetime.fromisoformat(told)
    except ValueError:
        return False
    return True


def basic_user(header: str) -> str:
    """The user name of basic authorization: the write key; empty if there is none."""
    scheme, _, told = header.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(told.strip(), validate=True).decode().partition(":")[0]
    except ValueError:
        return ""
