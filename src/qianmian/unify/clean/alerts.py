"""Alerts: days on which a field is worse than its thresholds allow, as runs from their first date to their last.

An alert follows from what was measured and from the thresholds alone; nothing of it is kept, so that a shop that
changes a threshold sees at once what it would have been told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from qianmian.unify.clean.drift import BEFORE_DAYS
from qianmian.unify.clean.rules import KINDS, Thresholds


@dataclass(frozen=True)
class Day:
    """What was measured of a field of a source on one local date; see the table `quality`."""

    happened_on: date
    events: int
    filled: int
    invalid: int
    repeated: int
    late: int
    psi: float | None = None
    psi_noise: float | None = None

    def value(self, kind: str) -> float | None:
        """How bad the day is in one way: a share, or the stability index; None = nothing to compare."""
        if kind == "drift":
            return self.psi
        bad = self.events - self.filled if kind == "missing" else int(getattr(self, kind))
        return bad / self.events if self.events else None


@dataclass(frozen=True)
class Alert:
    """A run of days on which a field is worse than it may be.

    Attributes:
        source: data source.
        field: of which field.
        kind: in what: one of `KINDS`.
        since_on: its first date.
        last_on: its last date.
        value: of the last date; see `Day.value`.
        limit: what that may be at most.
        is_open: whether it goes on: no later day was better.
    """

    source: str
    field: str
    kind: str
    since_on: date
    last_on: date
    value: float
    limit: float
    is_open: bool


def alerts(source: str, field: str, days: Sequence[Day], thresholds: Thresholds) -> list[Alert]:
    """The alerts of one field of a source, by kind and date.

    Args:
        source: data source.
        field: of which field.
        days: what was measured, by date.
        thresholds: what is told.
    """
    judged = [day for day in days if day.events >= thresholds.least_events]
    found: list[Alert] = []
    for kind in KINDS:
        threshold = getattr(thresholds, kind)
        if threshold is not None:
            limits = _limits(kind, threshold, judged, thresholds.least_events)
            found += _runs(Alert(source, field, kind, date.min, date.min, 0.0, 0.0, is_open=True), judged, limits)
    return found


def _runs(like: Alert, days: Sequence[Day], limits: Sequence[float | None]) -> Iterator[Alert]:
    run: Alert | None = None
    for day, limit in zip(days, limits, strict=True):
        value = day.value(like.kind)
        if value is None or limit is None:
            continue
        if value > limit:
            since = run.since_on if run else day.happened_on
            run = replace(like, since_on=since, last_on=day.happened_on, value=value, limit=limit)
        elif run:
            yield replace(run, is_open=False)
            run = None
    if run:
        yield run


def _limits(kind: str, threshold: float, days: Sequence[Day], least: int) -> list[float | None]:
    """What each day may be at most; None = there is nothing to judge it by."""
    if kind == "drift":
        return [None if day.psi_noise is None else max(threshold, day.psi_noise) for day in days]
    if kind in ("invalid", "repeated"):
        return [threshold] * len(days)
    return [None if usual is None else usual + threshold for usual in _usual(kind, days, least)]


def _usual(kind: str, days: Sequence[Day], least: int) -> Iterator[float | None]:
    """The share of the dates before each, as far as they are within reach."""
    first, bad, events = 0, 0.0, 0
    for day in days:
        while (day.happened_on - days[first].happened_on).days > BEFORE_DAYS:
            bad -= (days[first].value(kind) or 0.0) * days[first].events
            events -= days[first].events
            first += 1
        yield bad / events if events >= least else None
        bad += (day.value(kind) or 0.0) * day.events
        events += day.events
