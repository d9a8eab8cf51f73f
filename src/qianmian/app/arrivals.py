"""What came to the door, by the minute and by its answer: counted in memory, written down every few seconds.

It is not what is believed: a server that is killed forgets some seconds of it. What was acknowledged is counted by the
journal and by `taken`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa

from qianmian.app.tables import ARRIVALS
from qianmian.core.clock import Clock
from qianmian.privacy.bulk import upsert
from qianmian.privacy.database import declared, instant_of, microseconds

#: The answer to what is acknowledged.
TAKEN = 200
_MINUTE = timedelta(minutes=1)
_KEPT = timedelta(days=ARRIVALS.retention_days or 0)
_FORGET_EVERY = timedelta(hours=1)


class Sender(NamedTuple):
    """A source in an environment; both empty = nobody knows who it was."""

    source: str = ""
    environment: str = ""


class Answered(NamedTuple):
    """Requests of one sender that were answered alike in one minute."""

    sender: Sender
    minute_at: datetime
    status: int


@dataclass(frozen=True)
class Sums:
    """How many they were."""

    requests: int = 0
    events: int = 0

    def __add__(self, other: Sums) -> Sums:
        return Sums(self.requests + other.requests, self.events + other.events)


_NONE = Sums()


@dataclass
class Counter:
    """Counts in the event loop of the server."""

    clock: Clock
    _counts: dict[Answered, Sums] = field(default_factory=dict)

    def note(self, sender: Sender, status: int, events: int = 0) -> None:
        """A request was answered."""
        minute = self.clock.now().replace(second=0, microsecond=0)
        key = Answered(sender, minute, status)
        self._counts[key] = self._counts.get(key, _NONE) + Sums(1, events)

    def take(self) -> dict[Answered, Sums]:
        """What was counted since the last time."""
        counts, self._counts = self._counts, {}
        return counts

    def put_back(self, counts: Mapping[Answered, Sums]) -> None:
        """What could not be written down comes again with the next."""
        for key, sums in counts.items():
            self._counts[key] = self._counts.get(key, Sums()) + sums


@dataclass(frozen=True)
class Pauses:
    """When a source sends, as far as it is remembered.

    Attributes:
        first_at: the first minute.
        last_at: the last.
        longest: the longest time between two minutes with events.
    """

    first_at: datetime
    last_at: datetime
    longest: timedelta


class Arrivals:
    """The counts of a workspace, kept in its catalogue for some days."""

    def __init__(self, catalogue: sa.Engine, clock: Clock) -> None:
        """The counts in a catalogue whose tables exist."""
        self._catalogue = catalogue
        self._clock = clock
        self._table = declared(ARRIVALS)
        self._forgot_at: datetime | None = None

    def add(self, counts: Mapping[Answered, Sums]) -> None:
        """Add to what was counted, and drop what is too old."""
        rows = [
            (one.sender.source, one.sender.environment, microseconds(one.minute_at), one.status, *vars(sums).values())
            for one, sums in sorted(counts.items())
        ]
        now = self._clock.now()
        with self._catalogue.begin() as connection:
            upsert(connection, self._table, rows, lambda stored, given: stored + given)
            if self._forgot_at is None or abs(now - self._forgot_at) >= _FORGET_EVERY:
                old = self._table.c.minute_at < microseconds(now - _KEPT)
                connection.execute(sa.delete(self._table).where(old))
                self._forgot_at = now

    def minutes(self, since: datetime) -> dict[Answered, Sums]:
        """The counts since an instant."""
        wanted = sa.select(self._table).where(self._table.c.minute_at >= microseconds(since))
        with self._catalogue.connect() as connection:
            rows = connection.execute(wanted).mappings().all()
        return {
            Answered(_sender(row), instant_of(row["minute_at"]), row["http_status"]): Sums(
                row["requests"], row["events"]
            )
            for row in rows
        }

    def answered(self, since: datetime) -> dict[tuple[Sender, int], Sums]:
        """The sums since an instant, by sender and answer."""
        c = self._table.c
        wanted = (
            sa.select(c.source, c.environment, c.http_status, sa.func.sum(c.requests), sa.func.sum(c.events))
            .where(c.minute_at >= microseconds(since))
            .group_by(c.source, c.environment, c.http_status)
        )
        with self._catalogue.connect() as connection:
            return {(Sender(*row[:2]), row[2]): Sums(int(row[3]), int(row[4])) for row in connection.execute(wanted)}

    def pauses(self, since: datetime) -> dict[Sender, Pauses]:
        """When each sender's events came since an instant."""
        c = self._table.c
        before = sa.func.lag(c.minute_at).over(partition_by=(c.source, c.environment), order_by=c.minute_at)
        minutes = (
            sa.select(c.source, c.environment, c.minute_at, (c.minute_at - before).label("pause"))
            .where(c.http_status == TAKEN, c.minute_at >= microseconds(since))
            .subquery()
        )
        m = minutes.c
        wanted = sa.select(
            m.source, m.environment, sa.func.min(m.minute_at), sa.func.max(m.minute_at), sa.func.max(m.pause)
        ).group_by(m.source, m.environment)
        with self._catalogue.connect() as connection:
            return {
                Sender(*row[:2]): Pauses(
                    instant_of(row[2]), instant_of(row[3]), timedelta(microseconds=int(row[4] or 0))
                )
                for row in connection.execute(wanted)
            }


def last_minutes(counts: Mapping[Answered, Sums], now: datetime, number: int) -> dict[Sender, list[int]]:
    """Events of each of the last minutes, the present one last."""
    first = now.replace(second=0, microsecond=0) - (number - 1) * _MINUTE
    found: dict[Sender, list[int]] = {}
    for one, sums in counts.items():
        at = (one.minute_at - first) // _MINUTE
        if one.status == TAKEN and 0 <= at < number:
            found.setdefault(one.sender, [0] * number)[at] += sums.events
    return found


def _sender(row: sa.RowMapping) -> Sender:
    return Sender(row["source"], row["environment"])
