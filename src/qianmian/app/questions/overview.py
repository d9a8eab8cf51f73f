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
from qianmian.core.events import ORDER_COMPLETED
from qianmian.lake.connection import fetch
from qianmian.profile.reading import Reading
from qianmian.profile.summary import Share, summary
from qianmian.query.tree import Did
from qianmian.query.window import Dates

MOST_DATES = 366
_DEFAULT_DATES = 30
_NOTHING = Decimal("0.0000")
ByDate = Mapping[date, Mapping[str, Any]]
#: One pass over history: an event counts once, on its main row, and only if it is somebody's.
_EVENTS = """
SELECT happened_on AS "on", count(*) AS events, max(occurred_at) AS last_at
FROM coded_history WHERE line = 0 GROUP BY happened_on
"""
_BUYERS = """
CREATE TEMP TABLE bought AS SELECT DISTINCT happened_on AS "on", person_id FROM coded_history
WHERE line = 0 AND event = $bought AND happened_on BETWEEN $first AND $last
"""
_MONEY = """
SELECT ordered_on AS "on", count(*) AS orders, sum(net)::DECIMAL(18,4) AS net FROM orders GROUP BY ordered_on
"""


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
    with shop.asking(purpose, "orders", "context", "left_out") as (found, computed):
        end = last or computed.today
        begin = first or end - timedelta(days=_DEFAULT_DATES - 1)
        _check_range(begin, end)
        found.show_history()
        code = found.dimensions.event_codes.get(ORDER_COMPLETED, -1)
        found.connection.execute(_BUYERS, {"first": begin, "last": end, "bought": code})
        events, money = (found.once(query, partial(_by_date, found, query)) for query in (_EVENTS, _MONEY))
        bought = _by_date(found, 'SELECT "on", count(*) AS buyers FROM bought GROUP BY "on"')
        buyers = found.connection.execute("SELECT count(DISTINCT person_id) FROM bought").fetchall()[0][0]
        lifecycle = summary(found, "lifecycle")
        left = left_out_between(found.connection, shop.workspace.settings.time_zone, begin, end)
        marked = marks(found.connection, begin, end)
    days = [_day(on, events, money, bought) for on in _dates(begin, end)]
    return Overview(
        from_on=begin,
        to_on=end,
        people=lifecycle.people,
        events=sum(day.events for day in days),
        orders=sum(day.orders for day in days),
        net_revenue=sum((day.net for day in days), _NOTHING),
        buyers=Counted(buyers, _bought(begin, end)),
        totals=_totals(events, money),
        days=days,
        marks=marked,
        lifecycle=lifecycle.shares,
        left_out=left,
        freshness=_freshness(shop, computed, max((row["last_at"] for row in events.values()), default=None)),
        jobs=shop.workspace.jobs.latest(5),
        computed=computed,
    )


def _check_range(first: date, last: date) -> None:
    dates = (last - first).days + 1
    if not 1 <= dates <= MOST_DATES:
        raise InputError("range_dates", most=MOST_DATES, given=dates)


def _by_date(found: Reading, query: str) -> ByDate:
    """The rows of a query by their local date."""
    return {row["on"]: row for row in fetch(found.connection, query).to_pylist()}


def _dates(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _day(on: date, events: ByDate, money: ByDate, bought: ByDate) -> Day:
    """A date, also one on which nothing happened."""
    none: Mapping[str, Any] = {"events": 0, "orders": 0, "net": _NOTHING, "buyers": 0}
    did, paid, who = (rows.get(on, none) for rows in (events, money, bought))
    return Day(on, did["events"], paid["orders"], who["buyers"], paid["net"], _bought(on, on))


def _totals(events: ByDate, money: ByDate) -> Totals:
    return Totals(
        sum(row["events"] for row in events.values()),
        sum(row["orders"] for row in money.values()),
        sum((row["net"] for row in money.values()), _NOTHING),
    )


def _bought(first: date, last: date) -> str:
    """The condition for everybody who paid an order in a range."""
    return str(Did(ORDER_COMPLETED, window=Dates(first, last)))


def _freshness(shop: Shop, computed: Computed, last_event_at: datetime | None) -> Freshness:
    batches = shop.batches.all()
    done = [batch for batch in batches if batch["done_at"]]
    changes = [
        batch["undone_at"] or batch["done_at"] for batch in done if batch["report"].get("leader") != CONTEXT.name
    ]
    standing = [batch for batch in done if not batch["undone_at"]]
    newest = max(standing, key=lambda batch: batch["done_at"], default=None)
    return Freshness(last_event_at, newest, sum(instant > computed.at for instant in changes))
