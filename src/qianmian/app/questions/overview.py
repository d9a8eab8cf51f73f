"""The shop at a glance: people, events, orders and money of a range of dates, and how fresh they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from qianmian.app.answers import Computed
from qianmian.app.questions.context import Mark, marks
from qianmian.app.questions.left_out import LeftOut, left_out_between
from qianmian.app.shop import Shop
from qianmian.collect.tables import CONTEXT
from qianmian.core.errors import InputError
from qianmian.lake.connection import fetch
from qianmian.measure.metrics.built_in import metric
from qianmian.measure.metrics.condition import condition_of
from qianmian.measure.metrics.declare import Grain, Metric, Unit
from qianmian.measure.metrics.periods import Period, periods
from qianmian.measure.metrics.scan import Asked
from qianmian.measure.metrics.values import Number, Point, tables_of, values
from qianmian.profile.reading import Reading
from qianmian.profile.summary import Share, summary

MOST_DATES = 366
_DEFAULT_DATES = 30
_NOTHING = Decimal("0.0000")
_LAST = "SELECT max(occurred_at) AS at FROM coded_history WHERE line = 0"
#: All time, for metrics: no shop is older.
_BEGINNING = date(1900, 1, 1)
#: What the screen shows, in its order; the first counts profiles, which are told beside it.
METRICS = ("known_people", "buyers", "orders", "net_revenue", "net_per_order", "events")
_COUNTED = METRICS[1:]


@dataclass(frozen=True)
class Day:
    """One local date.

    Attributes:
        on: the date.
        events: events that happened on it and are somebody's.
        orders: orders that were paid on it, anybody's or nobody's.
        buyers: people who paid one.
        net: money of these orders, less what was refunded of them since.
        condition: text of the condition that lists the buyers.
    """

    on: date
    events: int
    orders: int
    buyers: int
    net: Decimal
    condition: str


@dataclass(frozen=True)
class Counted:
    """A number of people, and the text of the condition that lists them."""

    people: int
    condition: str


@dataclass(frozen=True)
class Shown:
    """A metric of the dictionary, as the screen shows it.

    Attributes:
        metric: its definition.
        value: in the range.
        all_time: over all dates up to the build.
    """

    metric: Metric
    value: Number | None
    all_time: Number | None


@dataclass(frozen=True)
class Totals:
    """Sums over all dates up to the build."""

    events: int
    orders: int
    net_revenue: Decimal


@dataclass(frozen=True)
class Freshness:
    """How far the shop's data reach.

    Attributes:
        last_event_at: when the last event happened that is somebody's; None = there is none.
        last_import: the newest import that stands; None = there is none.
        unbuilt_batches: imports that came or went since the build, but for the context, which no build reads.
    """

    last_event_at: datetime | None
    last_import: Mapping[str, Any] | None
    unbuilt_batches: int


@dataclass(frozen=True)
class Overview:
    """The shop in a range of dates; both ends belong.

    Attributes:
        metrics: `METRICS`; the numbers above are theirs.
        marks: what of the calendar and the policies touches the range.
        left_out: flagged events of the range that are not counted, by reason.
    """

    from_on: date
    to_on: date
    people: int
    events: int
    orders: int
    net_revenue: Decimal
    buyers: Counted
    totals: Totals
    metrics: list[Shown]
    days: list[Day]
    marks: Sequence[Mark]
    lifecycle: list[Share]
    left_out: list[LeftOut]
    freshness: Freshness
    jobs: list[Mapping[str, Any]]
    computed: Computed


def overview(shop: Shop, *, purpose: str, first: date | None = None, last: date | None = None) -> Overview:
    """The shop in a range of local dates.

    Args:
        shop: the shop.
        purpose: what it is looked at for.
        first: the first date; 29 days before the last if not given.
        last: the last date; the build's if not given.

    Raises:
        PurposeError: the purpose is not registered.
        InputError: the range ends before it begins, or has too many dates.
    """
    counted = [metric(name) for name in _COUNTED]
    with shop.asking(purpose, "context", "left_out", *tables_of(counted)) as (found, computed):
        end = last or computed.today
        begin = first or end - timedelta(days=_DEFAULT_DATES - 1)
        _check_range(begin, end)
        tell = partial(_told, found, shop.workspace.settings.time_zone)
        days = tell(counted, periods(begin, end, Grain.DAY, computed.today))
        (ranged,) = tell(counted, periods(begin, end, Grain.TOTAL, computed.today))
        ever = found.once("overview", lambda: tell(counted, (_up_to(computed.today),))[0])
        last_at = found.once(_LAST, lambda: fetch(found.connection, _LAST).to_pylist()[0]["at"])
        lifecycle = summary(found, "lifecycle")
        left = left_out_between(found.connection, shop.workspace.settings.time_zone, begin, end)
        marked = marks(found.connection, begin, end)
    people = lifecycle.people
    shown = [Shown(metric(METRICS[0]), people, people)]
    shown += [Shown(one, ranged[one.name].value, ever[one.name].value) for one in counted]
    return Overview(
        from_on=begin,
        to_on=end,
        people=people,
        events=_whole(ranged["events"]),
        orders=_whole(ranged["orders"]),
        net_revenue=_money(ranged["net_revenue"]),
        buyers=Counted(_whole(ranged["buyers"]), ranged["buyers"].condition or ""),
        totals=Totals(_whole(ever["events"]), _whole(ever["orders"]), _money(ever["net_revenue"])),
        metrics=shown,
        days=[_day(told) for told in days],
        marks=marked,
        lifecycle=lifecycle.shares,
        left_out=left,
        freshness=_freshness(shop, computed, last_at),
        jobs=shop.workspace.jobs.latest(5),
        computed=computed,
    )


def _check_range(first: date, last: date) -> None:
    dates = (last - first).days + 1
    if not 1 <= dates <= MOST_DATES:
        raise InputError("range_dates", most=MOST_DATES, given=dates)


def _up_to(today: date) -> Period:
    return Period(_BEGINNING, today, is_partial=True)


def _told(found: Reading, zone: str, metrics: Sequence[Metric], cut: tuple[Period, ...]) -> list[Mapping[str, Point]]:
    """Each period's metrics by name; what a shop has no events for has no value here."""
    asked = Asked(cut, None, zone, is_among=False)
    told = [one.points or _nothing(found, one.metric, cut) for one in values(found, metrics, asked)]
    return [{one.name: points[at] for one, points in zip(metrics, told, strict=True)} for at in range(len(cut))]


def _nothing(found: Reading, one: Metric, cut: tuple[Period, ...]) -> tuple[Point, ...]:
    of_people = one.unit is Unit.PEOPLE
    return tuple(
        Point(period, None, None, condition_of(found, one, period, None, None) if of_people else None) for period in cut
    )


def _day(told: Mapping[str, Point]) -> Day:
    buyers = told["buyers"]
    counts = _whole(told["events"]), _whole(told["orders"]), _whole(buyers)
    return Day(buyers.period.first, *counts, _money(told["net_revenue"]), buyers.condition or "")


def _whole(point: Point) -> int:
    return int(point.value or 0)


def _money(point: Point) -> Decimal:
    return Decimal(point.value or _NOTHING)


def _freshness(shop: Shop, computed: Computed, last_event_at: datetime | None) -> Freshness:
    batches = shop.batches.all()
    done = [batch for batch in batches if batch["done_at"]]
    changes = [
        batch["undone_at"] or batch["done_at"] for batch in done if batch["report"].get("leader") != CONTEXT.name
    ]
    standing = [batch for batch in done if not batch["undone_at"]]
    newest = max(standing, key=lambda batch: batch["done_at"], default=None)
    return Freshness(last_event_at, newest, sum(instant > computed.at for instant in changes))
