"""From the events of a request to lines: what the envelope knows in front of each event's own bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, TypeVar

import msgspec
import orjson

from qianmian.collect.imports.check import Reason
from qianmian.collect.wire.contracts import Delivery, Refused
from qianmian.collect.wire.payload import MOST_EVENT_BYTES, is_utf8
from qianmian.core.messages import Message

_T = TypeVar("_T")


class UnusableEventError(Exception):
    """One event of a request cannot be taken; its reader keeps it apart."""

    def __init__(self, reason: Reason, expected: Message) -> None:
        super().__init__(reason)
        self.reason, self.expected = reason, expected


def looked_at(raw: bytes, sound: bool, decoder: msgspec.json.Decoder[_T], oddly: Callable[[dict[str, Any]], _T]) -> _T:
    """What the edge looks at in an event.

    Args:
        raw: the event as received.
        sound: whether it is known to be UTF-8.
        decoder: reads it, if its words are of the types that they should have.
        oddly: reads it otherwise: what can be read of it counts.

    Raises:
        UnusableEventError: it is no JSON object, or not in UTF-8.
    """
    if not (sound or is_utf8(raw)):
        raise UnusableEventError(Reason.UNREADABLE, Message("why_other_encoding"))
    try:
        return decoder.decode(raw)
    except (ValueError, RecursionError):
        pass
    try:
        told = orjson.loads(raw)
    except orjson.JSONDecodeError:
        told = None
    if not isinstance(told, dict):
        raise UnusableEventError(Reason.BAD_JSON, Message("want_object"))
    return oddly(told)


@dataclass
class Lines:
    """Collects the lines of one request.

    Attributes:
        dialect: of the request.
        refused: events that cannot be taken, so far.
    """

    dialect: str
    refused: list[Refused] = field(default_factory=list)
    _lines: list[bytes] = field(default_factory=list)

    def add(self, head: bytes, event: bytes) -> None:
        """Take an event.

        Args:
            head: an open JSON object with a comma behind its last member.
            event: the JSON object as received.

        Raises:
            UnusableEventError: it is too long for a line.
        """
        if len(event) > MOST_EVENT_BYTES:
            raise UnusableEventError(Reason.UNREADABLE, Message("why_line_too_long"))
        self._lines.append(head + event[1:])

    def add_all(self, head: bytes, events: Sequence[bytes]) -> None:
        """Take many events, of which none can be too long or without a member."""
        self._lines += [head + event[1:] for event in events]

    def add_sparse(self, head: bytes, event: bytes) -> None:
        """Take an event that may have no member at all."""
        self.add(head[:-1] if event[1:].lstrip() == b"}" else head, event)

    def refuse(self, position: int, why: UnusableEventError, event: bytes) -> None:
        """Keep an event apart."""
        self.refused.append(Refused(position, why.reason, why.expected, event.decode("utf-8", "backslashreplace")))

    def delivery(self, write_key: str) -> Delivery:
        """What the request carries."""
        lines = b"\n".join([*self._lines, b""])
        return Delivery(self.dialect, write_key, lines, len(self._lines), tuple(self.refused))


class Fingerprints:
    """Ids of events that have none, under a key, so that nobody can try out identifiers on them.

    Equal events of one request are told apart by their order: a client that sends a request again sends it in the same
    order, and gets the same ids.
    """

    def __init__(self, key: bytes) -> None:
        """Of one request; a key has at most 64 bytes."""
        self._key = key
        self._seen: dict[bytes, int] = {}

    def of(self, told: bytes, *, is_unique: bool = False) -> str:
        """32 hex digits.

        Args:
            told: what makes the event the same.
            is_unique: no other event has it: what is equal is the same event, also within a request.
        """
        digest = blake2b(told, key=self._key, digest_size=16).digest()
        if is_unique:
            return digest.hex()
        again = self._seen.get(digest, 0)
        self._seen[digest] = again + 1
        return digest.hex() if not again else blake2b(digest, digest_size=16, salt=again.to_bytes(8)).hexdigest()


def members(told: Mapping[str, object]) -> bytes:
    """Members of a JSON object, each with a comma behind it.

    >>> members({"receivedAt": "2026-06-01T00:00:00Z"})
    b'"receivedAt":"2026-06-01T00:00:00Z",'
    """
    return orjson.dumps(told)[1:-1] + b"," if told else b""


def instant(at: datetime) -> str:
    """An instant as ISO 8601 in UTC."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
