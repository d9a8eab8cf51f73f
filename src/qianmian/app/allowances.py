"""How much each source may send: events a second with a burst, and events a day.

An allowance is refilled as time passes and may be overdrawn by one request: so a batch that is larger than all of it
is taken too, and pays by a longer wait after it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from qianmian.core.clock import Clock
from qianmian.core.errors import LimitError
from qianmian.core.settings import Settings

#: Longest wait that is asked for: a limit may be raised meanwhile, and clients believe no longer one.
LONGEST_WAIT_SECONDS = 300
#: What a burst is if nobody says: so many seconds of the rate.
_BURST_SECONDS = 10


@dataclass(frozen=True)
class Allowance:
    """What a source may send; 0 = no limit.

    Attributes:
        events_per_second: on average.
        burst_events: at once after a silence; 0 = ten seconds of the rate.
        events_per_day: on one local date.
    """

    events_per_second: int = 0
    burst_events: int = 0
    events_per_day: int = 0

    @property
    def burst(self) -> int:
        """Events at once after a silence."""
        return self.burst_events or self.events_per_second * _BURST_SECONDS


def allowed(settings: Settings, own: Mapping[str, int | None]) -> Allowance:
    """What a source may send: what was set for itself, else what is set for all.

    Args:
        settings: of the workspace.
        own: limit → what was set for the source; None = nothing.
    """
    every = {
        "events_per_second": settings.source_events_per_second,
        "burst_events": settings.source_burst_events,
        "events_per_day": settings.source_events_per_day,
    }
    return Allowance(**every | {name: value for name, value in own.items() if value is not None})


@dataclass
class _Spent:
    """What of its allowance a source has used.

    Attributes:
        left: events that may come now; below zero = overdrawn.
        at: monotonic seconds at which that was so.
        today: events of the date.
    """

    left: float
    at: float
    on: date
    today: int = 0


@dataclass(frozen=True)
class _Day:
    """A local date, and from when until when it is."""

    on: date
    begins_at: datetime
    ends_at: datetime


@dataclass
class Allowances:
    """Keeps to the allowances of all sources, in the event loop of the server.

    Attributes:
        clock: says which date it is.
        zone: of the workspace.
        monotonic: seconds that only grow.
        today: source → events of today that were taken before this process began.
    """

    clock: Clock
    zone: ZoneInfo
    monotonic: Callable[[], float]
    today: Mapping[str, int] = field(default_factory=dict)
    _spent: dict[str, _Spent] = field(default_factory=dict)
    _day: _Day | None = None

    def wait_seconds(self, source: str, allowance: Allowance) -> float:
        """How long a source must wait until it may send again; 0 = it may now."""
        if not allowance.events_per_second:
            return 0.0
        spent = self._of(source, allowance)
        return max(0.0, (1 - spent.left) / allowance.events_per_second) if spent.left <= 0 else 0.0

    def check(self, source: str, allowance: Allowance) -> None:
        """Refuse a source that has nothing left.

        Raises:
            LimitError: says when it may come again.
        """
        if not (allowance.events_per_second or allowance.events_per_day):
            return
        spent = self._of(source, allowance)
        if allowance.events_per_day and spent.today >= allowance.events_per_day:
            seconds = min(self._until_midnight(), LONGEST_WAIT_SECONDS)
            raise LimitError("source_quota_used", source=source, events=allowance.events_per_day, seconds=seconds)
        if wait := self.wait_seconds(source, allowance):
            seconds = min(ceil(wait), LONGEST_WAIT_SECONDS)
            raise LimitError("source_rate_exceeded", source=source, events=allowance.events_per_second, seconds=seconds)

    def spend(self, source: str, allowance: Allowance, events: int) -> None:
        """Take events off; a negative number gives them back."""
        spent = self._of(source, allowance)
        spent.left = min(spent.left - events, allowance.burst)
        spent.today += events

    def _of(self, source: str, allowance: Allowance) -> _Spent:
        now, today = self.monotonic(), self._today().on
        spent = self._spent.get(source)
        if spent is None:
            spent = self._spent[source] = _Spent(allowance.burst, now, today, self.today.get(source, 0))
        if spent.on != today:
            spent.on, spent.today = today, 0
        spent.left = min(spent.left + (now - spent.at) * allowance.events_per_second, allowance.burst)
        spent.at = now
        return spent

    def _until_midnight(self) -> int:
        return max(1, ceil((self._today().ends_at - self.clock.now()).total_seconds()))

    def _today(self) -> _Day:
        now, day = self.clock.now(), self._day
        if day is None or not day.begins_at <= now < day.ends_at:
            on = now.astimezone(self.zone).date()
            begins, ends = (datetime.combine(one, time(), self.zone) for one in (on, on + timedelta(days=1)))
            day = self._day = _Day(on, begins.astimezone(UTC), ends.astimezone(UTC))
        return day
