"""What the journal holds: deliveries as they came, each at a place of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, order=True)
class Place:
    """Where an entry is, or how far a reader is.

    Attributes:
        stream: the journal file, by a name that is never used again.
        position: number of the entry in it, from 1; 0 = before the first.
    """

    stream: str
    position: int = 0


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """The events of one request, or one thing in it that was refused at the door.

    Attributes:
        dialect: protocol that it came by.
        source: data source, by its name.
        environment: dev or prod.
        received_at: when it came.
        count: events in it.
        lines: one event a line, as JSON; the raw text of what was refused.
        reason: machine name of why it was refused; empty = the events are to be taken in.
    """

    dialect: str
    source: str
    environment: str
    received_at: datetime
    count: int
    lines: bytes
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Entry(Delivery):
    """A delivery in the journal.

    Attributes:
        position: its number in its file, from 1, without gaps.
    """

    position: int
