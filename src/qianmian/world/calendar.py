"""When the shop is busy: festivals, weekdays and hours, in Chinese local time."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from qianmian.world.plan import WorldPlan
from qianmian.world.trace import Floats, Integers

SECOND = 1_000_000
HOUR = 3_600 * SECOND
DAY = 24 * HOUR
#: China keeps UTC+8 all year.
ZONE = 8 * HOUR
#: 周三会员日 and 团长日.
WEDNESDAY, LEADER_DAY = 2, 15


@dataclass(frozen=True)
class Season:
    """A stretch of the year that changes what people do.

    Attributes:
        first: first (month, day).
        last: last (month, day).
        visits: factor on visits.
        buying: factor on the inclination to buy.
        price: factor on prices.
        name: what people call it; empty = it is only the lull before or after one that has a name.
    """

    first: tuple[int, int]
    last: tuple[int, int]
    visits: float
    buying: float
    price: float = 1.0
    name: str = ""


#: Before a festival people look and wait; on it they buy. The later entry wins.
SEASONS = (
    Season((1, 10), (1, 25), 1.2, 1.3, 0.92, name="年货节"),
    Season((2, 14), (2, 22), 0.5, 0.5, name="春节"),
    Season((3, 4), (3, 8), 1.4, 1.5, 0.9, name="3.8节"),
    Season((5, 10), (5, 15), 1.1, 0.6),
    Season((5, 18), (5, 20), 1.2, 1.3, 0.95, name="520"),
    Season((5, 16), (6, 20), 1.15, 1.15, 0.92),
    Season((6, 16), (6, 18), 2.0, 1.7, 0.86, name="618"),
    Season((8, 17), (8, 19), 1.15, 1.25, 0.95, name="七夕"),
    Season((8, 25), (9, 3), 1.1, 1.15, 0.95, name="开学"),
    Season((9, 23), (9, 25), 1.1, 1.2, 0.95, name="中秋"),
    Season((10, 1), (10, 7), 0.8, 1.1, 0.95, name="国庆"),
    Season((10, 12), (10, 19), 0.95, 0.7),
    Season((10, 20), (10, 23), 1.4, 1.5, 0.9, name="双11预售"),
    Season((10, 25), (10, 30), 0.9, 0.45),
    Season((10, 31), (11, 3), 1.8, 1.9, 0.88, name="双11第一波"),
    Season((11, 6), (11, 9), 1.1, 0.5),
    Season((11, 10), (11, 11), 2.6, 2.1, 0.85, name="双11"),
    Season((11, 12), (11, 18), 0.8, 0.6, name="返货潮"),
    Season((12, 10), (12, 12), 1.6, 1.5, 0.88, name="双12"),
)
#: Orders of these days come back more often.
REFUND_RUSH = ((10, 20), (11, 11))

#: Half-hour weights of four ways to live: commuters, lunch breaks, night owls, mothers.
CHRONOTYPES, MOTHER = 4, 3
_PEAKS = (
    ((8.0, 0.7, 3.0), (18.5, 0.9, 2.0), (22.0, 1.2, 3.0)),
    ((12.5, 0.7, 4.0), (20.5, 1.5, 3.0), (10.0, 0.5, 1.0)),
    ((22.5, 1.2, 4.0), (0.7, 0.8, 1.5), (15.0, 2.0, 1.5)),
    ((5.6, 0.6, 2.0), (22.4, 0.8, 3.0), (13.5, 1.0, 2.0)),
)


@dataclass(frozen=True)
class Calendar:
    """The window with a weight for each day and hour.

    Attributes:
        start: first instant of the window, microseconds since 1970 in UTC.
        end: first instant after it.
        visits: share of the visits, cumulative by day.
        buying: inclination to buy by day.
        price: factor on prices by day.
        hours: cumulative share of the visits by half-hour, one row a chronotype.
    """

    start: int
    end: int
    visits: Floats
    buying: Floats
    price: Floats
    hours: Floats

    def day(self, at: Integers) -> Integers:
        """Position of an instant's local date in the window; the nearest one if outside."""
        day: Integers = np.clip((at - self.start) // DAY, 0, len(self.buying) - 1)
        return day

    def dates(self, first: tuple[int, int], last: tuple[int, int]) -> tuple[int, int]:
        """Beginning and end of some dates (month, day), as far as they lie in the window; equal if they do not."""
        year = datetime.fromtimestamp((self.start + ZONE) // SECOND, UTC).year
        for candidate in (year, year + 1):
            begin = midnight(date(candidate, *first))
            end = midnight(date(candidate, *last)) + DAY
            if begin < self.end and end > self.start:
                return max(begin, self.start), min(end, self.end)
        return self.end, self.end

    def draw(self, random: np.random.Generator, chronotype: Integers) -> Integers:
        """Draw an instant for each visit of people with these chronotypes."""
        day = np.searchsorted(self.visits, random.random(len(chronotype)))
        return self.start + day * DAY + self.moment(random, chronotype)

    def near(self, random: np.random.Generator, chronotype: Integers, after: Integers) -> Integers:
        """The person's next usual moment after each instant: later that day, or a day later."""
        begin = after - (after + ZONE) % DAY
        at = begin + self.moment(random, chronotype)
        later: Integers = np.where(at > after, at, at + DAY)
        return later

    def moment(self, random: np.random.Generator, chronotype: Integers) -> Integers:
        """Draw a time of day for people with these chronotypes, in microseconds since local midnight."""
        slot = np.zeros(len(chronotype), np.int64)
        for kind in range(CHRONOTYPES):
            mine = np.flatnonzero(chronotype == kind)
            slot[mine] = np.searchsorted(self.hours[kind], random.random(len(mine)))
        time: Integers = slot * (HOUR // 2) + random.integers(0, HOUR // 2, len(slot))
        return time


def local_hour(at: Integers) -> Integers:
    """Hour of the local day, 0–23."""
    hour: Integers = (at + ZONE) % DAY // HOUR
    return hour


def by_day(at: Integers, drawn: Floats) -> Integers:
    """An hour at which parcels come and staff works, on the local date of each instant or the next."""
    begin = at - (at + ZONE) % DAY + 8 * HOUR
    working: Integers = begin + (drawn * 12 * HOUR).astype(np.int64)
    return np.where(working >= at, working, working + DAY)


def asleep(at: Integers) -> Integers:
    """Whether it is night for the shop's staff: from eleven to eight."""
    night: Integers = (local_hour(at) < 8) | (local_hour(at) >= 23)
    return night


def midnight(on: date) -> int:
    """First instant of a local date, microseconds since 1970 in UTC."""
    return int(datetime(on.year, on.month, on.day, tzinfo=UTC).timestamp()) * SECOND - ZONE


def make_calendar(plan: WorldPlan) -> Calendar:
    """The calendar of a plan's window."""
    dates = [plan.first_on + timedelta(days=day) for day in range(plan.days)]
    seasons = [_season(on) for on in dates]
    weekly = np.array([1.25 if on.weekday() == WEDNESDAY else 1.1 if on.weekday() >= 5 else 0.95 for on in dates])
    member_day = np.array([1.25 if on.weekday() == WEDNESDAY else 1.0 for on in dates])
    leader_day = np.array([1.3 if on.day == LEADER_DAY else 1.0 for on in dates])
    visits = np.array([season.visits for season in seasons]) * weekly * leader_day
    return Calendar(
        start=midnight(plan.first_on),
        end=midnight(plan.last_on + timedelta(days=1)),
        visits=np.cumsum(visits) / visits.sum(),
        buying=np.array([season.buying for season in seasons]) * member_day,
        price=np.array([season.price for season in seasons]),
        hours=_hours(),
    )


def in_refund_rush(at: Integers) -> Integers:
    """Whether orders of these instants belong to the festival whose goods come back."""
    dates = (at + ZONE) // DAY
    years = np.asarray(dates, dtype="datetime64[D]").astype("datetime64[Y]")
    month_days = np.asarray(dates, dtype="datetime64[D]") - years
    first, last = (np.datetime64(date(2001, *day), "D") - np.datetime64("2001-01-01") for day in REFUND_RUSH)
    rush: Integers = (month_days >= first) & (month_days <= last)
    return rush


def _season(on: date) -> Season:
    found = Season((1, 1), (12, 31), 1.0, 1.0)
    for season in SEASONS:
        if season.first <= (on.month, on.day) <= season.last:
            found = season
    return found


def _hours() -> Floats:
    slots = np.arange(48) / 2 + 0.25
    weights = np.full((CHRONOTYPES, 48), 0.15)
    weights[:, 4:10] = 0.02  # asleep
    for kind, peaks in enumerate(_PEAKS):
        for centre, width, height in peaks:
            weights[kind] += height * np.exp(-(((slots - centre) / width) ** 2) / 2)
    shares: Floats = np.cumsum(weights, axis=1) / weights.sum(axis=1, keepdims=True)
    shares[:, -1] = 1.0
    return shares


def write_calendar(plan: WorldPlan, file: Path) -> None:
    """Write ``calendar.csv``: the festivals that have a name, in the years of the window."""
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(("name", "first_on", "last_on"))
        for year in range((plan.first_on - timedelta(days=plan.history_days)).year, plan.last_on.year + 1):
            for season in SEASONS:
                if season.name:
                    rows.writerow((season.name, date(year, *season.first), date(year, *season.last)))
