"""What the journal holds: deliveries as they came, each at a place of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

#: How a file's name tells when it was begun.
INSTANT = "%Y%m%dT%H%M%S.%f"
_SINCE = datetime(2020, 1, 1, tzinfo=UTC)
#: Room for 4 million entries a file, and for files until 2089: the lake keeps the number in 63 bits.
_POSITION_BITS = 22


@dataclass(frozen=True, order=True)
class Place:
    """Where an entry is, or how far a reader is.

    Attributes:
        stream: the journal file, by a name that is never used again.
        position: number of the entry in it, from 1; 0 = before the first.
    """

    stream: str
    position: int = 0

    @property
    def number(self) -> int:
        """One number that grows over all files: milliseconds since 2020 when the file was begun, then the position.

        >>> Place("20260101T000000.000000-0a1b2c3d", 7).number - Place("20260101T000000.000000-0a1b2c3d", 5).number
        2
        >>> Place("20890101T000000.000000-0a1b2c3d", 4_000_000).number < 2**63
        True
        """
        return (begun_at(self.stream) - _SINCE) // timedelta(milliseconds=1) << _POSITION_BITS | self.position

    def is_before(self, number: int) -> bool:
        """Whether a number is of a later file.

        >>> place = Place("20260101T000000.000000-0a1b2c3d")
        >>> place.is_before(place.number + 5), place.is_before(Place("20260101T001000.000000-4e5f6a7b", 1).number)
        (False, True)
        """
        return self.number >> _POSITION_BITS < number >> _POSITION_BITS


def begun_at(name: str) -> datetime:
    """When the first entry of a file can have come, by the file's name."""
    return datetime.strptime(name.partition("-")[0], INSTANT).replace(tzinfo=UTC)


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


@dataclass(frozen=True, kw_only=True)
class Head:
    """What can be told of an entry without its key: everything but its body. Only opening it proves it.

    Attributes:
        position: its number in its file.
        source: data source.
        environment: dev or prod.
        count: events in it.
        size: bytes of its body.
    """

    position: int
    source: str
    environment: str
    count: int
    size: int


@dataclass(frozen=True)
class Waiting:
    """What of a source waits to be taken in.

    Attributes:
        source: data source.
        environment: dev or prod.
        events: how many.
        since: when the oldest of them came.
    """

    source: str
    environment: str
    events: int
    since: datetime

    def __add__(self, other: Waiting) -> Waiting:
        """Of the same source in two files."""
        return Waiting(self.source, self.environment, self.events + other.events, min(self.since, other.since))
