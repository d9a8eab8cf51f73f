"""The shop at a glance: people, events, orders and money of a range of dates, and how fresh they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from qianmian.app.answers import Computed
from qianmian.app.shop import Shop
from qianmian.core.errors import InputError
from qianmian.core.events import ORDER_COMPLETED
from qianmian.lake.connection import fetch
from qianmian.profile.reading import Reading
from qianmian.profile.summary import Share, summary
from qianmian.query.tree import Dates, Did

MOST_DATES = 366
_DEFAULT_DATES = 30
_NOTHING = Decimal("0.0000")
#: One pass over history: an event counts once, on its main row, and only if it is somebody's.
_EVENTS = """
SELECT happened_on AS "on", count(*) AS events, count(DISTINCT person_id) FILTER (WHERE event = $bought) AS buyers
FROM coded_history WHERE line = 0 AND happened_on BETWEEN $first AND $last GROUP BY happened_on
"""
_BUYERS = """
SELECT count(DISTINCT person_id) FROM coded_history
WHERE line = 0 AND event = $bought AND happened_on BETWEEN $first AND $last
"""
_MONEY = """
SELECT ordered_on AS "on", count(*) AS orders, sum(net)::DECIMAL(18,4) AS net
FROM orders WHERE ordered_on BETWEEN $first AND $last GROUP BY ordered_on
"""
_TOTALS = """
SELECT (SELECT count(*) FROM coded_history WHERE line = 0) AS events, count(*) AS orders,
       (SELECT max(last_seen_at) FROM profiles) AS last_event_at, (SELECT count(*) FROM profiles) AS people,
       coalesce(sum(net), 0)::DECIMAL(18,4) AS net_revenue
FROM orders
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
        unbuilt_batches: imports that came or went since the build.
    """

    last_event_at: datetime | None
    last_import: Mapping[str, Any] | None
    unbuilt_batches: int


@dataclass(frozen=True)
class Overview:
    """The shop in a range of dates; both ends belong."""

    from_on: date
    to_on: date
    people: int
    events: int
    orders: int
    net_revenue: Decimal
    buyers: Counted
    totals: Totals
    days: list[Day]
    lifecycle: list[Share]
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
    with shop.asking(purpose, "orders") as (found, computed):
        end = last or computed.today
        begin = first or end - timedelta(days=_DEFAULT_DATES - 1)
        _check_range(begin, end)
        asked = {"first": begin, "last": end, "bought": found.dimensions.event_codes.get(ORDER_COMPLETED, -1)}
        days = _days(found, asked)
        buyers = found.connection.execute(_BUYERS, asked).fetchall()[0][0]
        [sums] = fetch(found.connection, _TOTALS).to_pylist()
        lifecycle = summary(found, "lifecycle").shares
    return Overview(
        from_on=begin,
        to_on=end,
        people=sums["people"],
        events=sum(day.events for day in days),
        orders=sum(day.orders for day in days),
        net_revenue=sum((day.net for day in days), _NOTHING),
        buyers=Counted(buyers, _bought(begin, end)),
        totals=Totals(sums["events"], sums["orders"], sums["net_revenue"]),
        days=days,
        lifecycle=lifecycle,
        freshness=_freshness(shop, computed, sums["last_event_at"]),
        jobs=shop.workspace.jobs.latest(5),
        computed=computed,
    )


def _check_range(first: date, last: date) -> None:
    dates = (last - first).days + 1
    if not 1 <= dates <= MOST_DATES:
        raise InputError(
            f"a range must have 1 to {MOST_DATES} dates; got {dates}.", hint="from comes before to, or is the same"
        )


def _days(found: Reading, asked: Mapping[str, Any]) -> list[Day]:
    """Every date of the range, also those on which nothing happened."""
    events = {row["on"]: row for row in fetch(found.connection, _EVENTS, dict(asked)).to_pylist()}
    range_ = {"first": asked["first"], "last": asked["last"]}
    money = {row["on"]: row for row in fetch(found.connection, _MONEY, range_).to_pylist()}
    first, dates = asked["first"], (asked["last"] - asked["first"]).days + 1
    told = []
    for on in (first + timedelta(days=number) for number in range(dates)):
        did, paid = events.get(on, {"events": 0, "buyers": 0}), money.get(on, {"orders": 0, "net": _NOTHING})
        told.append(Day(on, did["events"], paid["orders"], did["buyers"], paid["net"], _bought(on, on)))
    return told


def _bought(first: date, last: date) -> str:
    """The condition for everybody who paid an order in a range."""
    return str(Did(ORDER_COMPLETED, window=Dates(first, last)))


def _freshness(shop: Shop, computed: Computed, last_event_at: datetime | None) -> Freshness:
    batches = shop.batches.all()
    changes = [batch["undone_at"] or batch["done_at"] for batch in batches if batch["done_at"]]
    standing = [batch for batch in batches if batch["done_at"] and not batch["undone_at"]]
    newest = max(standing, key=lambda batch: batch["done_at"], default=None)
    return Freshness(last_event_at, newest, sum(instant > computed.at for instant in changes))
