"""Values that cross the border of the wire: a request as it came in, and what it carries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from qianmian.collect.imports.check import Reason
from qianmian.core.messages import Message


@dataclass(frozen=True)
class Request:
    """What the HTTP door hands over.

    Attributes:
        method: in capitals.
        path: without the query.
        query: as received, without the question mark.
        headers: by their names in small letters.
        body: as received, at most the door's limit.
    """

    method: str
    path: str
    query: bytes
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class Refused:
    """An event that cannot be taken; it is kept for replay and never stops its neighbours.

    Attributes:
        position: in its request, from 0.
        reason: machine name of what is wrong.
        expected: what should have been there.
        raw: the event as received; bytes that are no UTF-8 are escaped.
    """

    position: int
    reason: Reason
    expected: Message
    raw: str = field(repr=False)


@dataclass(frozen=True)
class Delivery:
    """What a request carries.

    Attributes:
        dialect: ``segment`` or ``sensors``.
        write_key: what the sender says to be allowed; empty = nothing told.
        lines: an event a line (JSON, UTF-8), as received behind what the envelope adds.
        count: number of lines.
        refused: what cannot be taken, in order.
    """

    dialect: str
    write_key: str = field(repr=False)
    lines: bytes = field(repr=False)
    count: int
    refused: tuple[Refused, ...] = ()
