"""The protocol of 神策 (Sensors Analytics), as its SDKs for browsers, mini-programs and servers speak it.

Sources: requests recorded from the SDKs for Python 1.11, Node 1.2 and JavaScript 1.27. Its clients look at the status
only; one of them never sends again after an error, others send the same for ever. So whatever carries data is taken,
and what cannot be read is kept apart.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, get_args
from urllib.parse import unquote_to_bytes

import msgspec

from qianmian.collect.imports.check import Reason
from qianmian.collect.wire.contracts import Delivery, Request
from qianmian.collect.wire.lines import Fingerprints, Lines, UnusableEventError, instant, looked_at, members
from qianmian.collect.wire.payload import check_count, check_width, checked_utf8, inflated, one_line, parsed, plain_body
from qianmian.core.errors import WireError
from qianmian.core.messages import Message

DIALECT = "sensors"
_Type = Literal[
    "track",
    "track_signup",
    "track_id_bind",
    "track_id_unbind",
    "profile_set",
    "profile_set_once",
    "profile_increment",
    "profile_append",
    "profile_unset",
    "profile_delete",
    "item_set",
    "item_delete",
]
TYPES = get_args(_Type)
#: Where events go, and where a developer looks at them.
PATHS = frozenset({"/sa", "/sa.gif", "/debug"})
_GZIP = b"\x1f\x8b"
_PLAIN = bytes.maketrans(b"-_ ", b"+/+")  # the alphabet for addresses; a space is a plus that nobody escaped
#: What an event says of the clock when it was sent; not in a text, where its quotes would be escaped.
_SENDING = re.compile(rb'"_flush_time"\s*:\s*("(?:[^"\\]|\\.)*"|[^\s,}]*)\s*')
_Told = str | int | float | None


class _Event(msgspec.Struct, gc=False):
    """What the edge looks at; the rest stays as it came."""

    type: _Type
    time: _Told = None
    event: _Told = None
    distinct_id: _Told = None
    project: _Told = None
    token: _Told = None
    track_id: _Told = msgspec.field(name="_track_id", default=None)
    flush_time: _Told = msgspec.field(name="_flush_time", default=None)


_EVENT = msgspec.json.Decoder(_Event)
_ARRAY = msgspec.json.Decoder(list[msgspec.Raw])
_OBJECT = msgspec.json.Decoder(msgspec.Raw)


def is_rehearsal(request: Request) -> bool:
    """Whether a developer only wants to know if the events are sound."""
    return request.path == "/debug" and request.headers.get("dry-run", "").strip().lower() == "true"


def read(request: Request, received_at: datetime, key: bytes) -> Delivery:
    """The events of a request.

    Args:
        request: to one of `PATHS`.
        received_at: when it came, UTC.
        key: keys the ids of events.

    Raises:
        WireError: there are no data in it at all, or it is too large.
    """
    query = _form(request.query)
    form = query | _form(plain_body(request))
    told = form.get("data_list") or form.get("data")
    if not told:
        raise WireError("wire_no_data")
    reader = _Reader(received_at, key, _text(query.get("project")), _text(query.get("token")))
    try:
        text, sound = checked_utf8(one_line(_unpacked(told)))
        events = _events(text)
    except WireError as error:
        if error.is_too_large:
            raise
        reader.lines.refuse(0, UnusableEventError(Reason.UNREADABLE, error.message), told)
        events, sound = [], True
    return reader.delivery(events, sound)


class _Reader:
    """Reads the events of one request."""

    def __init__(self, received_at: datetime, key: bytes, project: str, token: str) -> None:
        self.project, self.token = project, token
        self.head = b'{"eventId":"%s",' + members({"receivedAt": instant(received_at)})
        self.head_of_project = self.head + members({"project": project} if project else {}).replace(b"%", b"%%")
        self.lines, self.ids = Lines(DIALECT), Fingerprints(key)

    def delivery(self, events: Sequence[bytes], sound: bool) -> Delivery:
        keys = [self.token]
        for position, raw in enumerate(events):
            try:
                event = _looked_at(raw, sound)
                project = _word(event.project)
                head = self.head if project else self.head_of_project
                self.lines.add(head % self._id(event, project or self.project, raw).encode(), raw)
            except UnusableEventError as why:
                self.lines.refuse(position, why, raw)
                continue
            if not position:
                keys += [_word(event.token), project]
        return self.lines.delivery(next((key for key in (*keys, self.project) if key), ""))

    def _id(self, event: _Event, project: str, raw: bytes) -> str:
        """The SDKs' number is short, so that it identifies an event only together with who, when and what.

        An SDK without numbers sends the very same bytes again, but for the clock of sending.
        """
        if event.track_id is not None:
            known = (project, event.track_id, event.distinct_id, event.time, event.type, event.event)
            return self.ids.of(repr(known).encode(), is_unique=True)
        if event.flush_time is not None:
            raw = _SENDING.sub(b"", raw)
        return self.ids.of(b"%s %s" % (project.encode(), raw))


def _looked_at(raw: bytes, sound: bool) -> _Event:
    return looked_at(raw, sound, _EVENT, _oddly_typed)


def _oddly_typed(told: dict[str, Any]) -> _Event:
    """Of an event whose own words are of other types than expected."""
    if told.get("type") not in TYPES:
        raise UnusableEventError(Reason.BAD_KIND, Message("want_one_of", choices=TYPES))
    names = {"track_id": "_track_id"} | {name: name for name in ("time", "event", "distinct_id", "project", "token")}
    plain = {name: told[key] for name, key in names.items() if isinstance(told.get(key), str | int | float)}
    return _Event(type=told["type"], **plain)


def _events(text: bytes) -> Sequence[bytes]:
    """The events of an array, or the one that stands alone."""
    if not text.startswith(b"["):
        return [bytes(parsed(_OBJECT, text))]
    check_width(text)
    events = parsed(_ARRAY, text)
    check_count(events)
    return [bytes(raw) for raw in events]


def _form(text: bytes) -> dict[str, bytes]:
    """Fields of a form, still escaped; of a field that stands twice the first counts."""
    pairs = (part.partition(b"=") for part in reversed(text.split(b"&")))
    return {name.decode("latin-1"): value for name, _, value in pairs}


def _unpacked(told: bytes) -> bytes:
    """JSON out of base64, with gzip in between or not: its first bytes say so more reliably than the form."""
    if b"%" in told:  # quoted-printable is the same with another sign, and its decoder many times faster
        told = binascii.a2b_qp(told.rstrip(b"=").replace(b"%", b"="))
    text = told.translate(_PLAIN).rstrip(b"=+\r\n")
    try:
        data = binascii.a2b_base64(text + b"=" * (-len(text) % 4))
    except binascii.Error:
        raise WireError("wire_no_base64") from None
    return inflated(data) if data.startswith(_GZIP) else data


def _text(told: bytes | None) -> str:
    return unquote_to_bytes(told.replace(b"+", b" ")).decode("utf-8", "replace") if told else ""


def _word(told: _Told) -> str:
    return told if isinstance(told, str) else ""
