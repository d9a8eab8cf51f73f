"""A range of local dates, cut into periods."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from qianmian.core.errors import InputError
from qianmian.measure.metrics.declare import Grain

MOST_DATES, MOST_PERIODS = 3_660, 400


@dataclass(frozen=True)
class Period:
    """Some local dates; both ends belong.

    Attributes:
        is_partial: its last date is not over at the build, or the range cuts it.
    """

    first: date
    last: date
    is_partial: bool

    def days(self, today: date) -> int:
        """Its dates up to the build's."""
        return max((min(self.last, today) - self.first).days + 1, 0)


def periods(first: date, last: date, grain: Grain, today: date) -> tuple[Period, ...]:
    """The periods of a range, oldest first.

    Args:
        first: the first date.
        last: the last date.
        grain: how long a period is.
        today: the build's date, which is not over.

    Raises:
        InputError: the range ends before it begins, or has too many dates or periods.

    >>> [(str(one.first), str(one.last), one.is_partial)
    ...  for one in periods(date(2026, 10, 28), date(2026, 11, 10), Grain.WEEK, date(2026, 11, 10))]
    [('2026-10-28', '2026-11-01', True), ('2026-11-02', '2026-11-08', False), ('2026-11-09', '2026-11-10', True)]
    """
    dates = (last - first).days + 1
    if not 1 <= dates <= MOST_DATES:
        raise InputError("range_dates", most=MOST_DATES, given=dates)
    found: list[Period] = []
    begin = first
    while begin <= last:
        whole = (first, last) if grain is Grain.TOTAL else whole_period(begin, grain)
        end = min(whole[1], last)
        found.append(Period(begin, end, (begin, end) != whole or end >= today))
        if len(found) > MOST_PERIODS:
            raise InputError("metric_periods", most=MOST_PERIODS)
        if end == last:  # the calendar may end there too
            break
        begin = end + timedelta(days=1)
    return tuple(found)


def whole_period(on: date, grain: Grain) -> tuple[date, date]:
    """First and last date of the day, week or month that a date belongs to.

    >>> [str(one) for one in whole_period(date(2024, 2, 11), Grain.MONTH)]
    ['2024-02-01', '2024-02-29']
    """
    if grain is Grain.WEEK:
        monday = on - timedelta(days=on.weekday())
        return monday, monday + timedelta(days=6)
    if grain is Grain.MONTH:
        following = (on.replace(day=28) + timedelta(days=4)).replace(day=1)
        return on.replace(day=1), following - timedelta(days=1)
    return on, on
