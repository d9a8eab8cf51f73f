"""Time, handed in: nothing below `app` asks the system what time it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Anything that can say the current instant."""

    def now(self) -> datetime:
        """The current instant, timezone-aware, in UTC."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The current instant in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True)
class FixedClock:
    """A clock that stands still, for builds as of an instant and for tests."""

    instant: datetime

    def now(self) -> datetime:
        """The fixed instant."""
        return self.instant


def local_date(instant: datetime, zone: str) -> date:
    """The calendar date of an instant in a workspace's zone.

    >>> local_date(datetime(2026, 11, 10, 16, 0, tzinfo=UTC), "Asia/Shanghai")
    datetime.date(2026, 11, 11)
    """
    return instant.astimezone(ZoneInfo(zone)).date()


def in_zone(instant: datetime, zone: ZoneInfo) -> datetime:
    """An instant that was written without an offset is one of a time zone.

    >>> in_zone(datetime(2026, 5, 3, 10), ZoneInfo("Asia/Shanghai")).isoformat()
    '2026-05-03T10:00:00+08:00'
    """
    return instant if instant.tzinfo else instant.replace(tzinfo=zone)
