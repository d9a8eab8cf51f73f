"""Every built-in tag, told again from its documentation in plain Python over the events as they were sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from hashlib import md5
from typing import Any
from zoneinfo import ZoneInfo

PAID, BACK, VIEWED = "Order Completed", "Order Refunded", "Product Viewed"
WEIGHTS = {VIEWED: 1, "Product Favourited": 2, "Product Added": 3, PAID: 5}
COUNTED = {
    "views": ((VIEWED,), (7, 30, 90)),
    "searches": (("Products Searched",), (30,)),
    "favourites": (("Product Favourited",), (30,)),
    "carts": (("Product Added",), (30,)),
    "orders": ((PAID,), (7, 30, 90)),
    "refunds": ((BACK,), (90,)),
    "reviews": (("Review Written",), (90,)),
    "social": (("Post Created", "Post Liked", "Post Commented", "Post Shared"), (30,)),
    "group_buys": (("Group Buy Opened", "Group Buy Joined"), (90,)),
    "coupons_used": (("Coupon Used",), (90,)),
    "invites": (("Invite Sent",), (90,)),
    "service_contacts": (("Service Contacted",), (90,)),
}
HABITS = {"active_hour": "hour", "region": "region", "device_type": "device_type", "channel": "channel"}
SILENCE = timedelta(minutes=30)
Rows = Sequence["Row"]


@dataclass(frozen=True)
class Row:
    """One event of one person, with what it is worth."""

    sent: Mapping[str, Any]
    at: datetime
    on: date
    hour: int
    money: Decimal
    money_on: date

    @property
    def name(self) -> str:
        """Its name in the tracking plan."""
        return str(self.sent["event"])

    @property
    def items(self) -> list[str]:
        """The items that it is about, the main one first."""
        lines = [line["sku"] for line in self.sent["products"] or []]
        main = self.sent["item"] or (lines[0] if lines else None)
        return [item for item in [main, *lines[1:]] if item]

    @property
    def order(self) -> tuple[datetime, int]:
        """Where it stands among the person's events."""
        digest = md5(f"shop\x1f{self.sent['id']}".encode(), usedforsecurity=False).digest()
        return self.at, int.from_bytes(digest[:8], "little") >> 1


@dataclass(frozen=True)
class Told:
    """What a tag should say: value, confidence, and the rows that speak for it."""

    value: Any
    rows: Rows
    confidence: float | None = None


class Shop:
    """A shop whose people are known by user_id alone, and whose refunds name orders of the same user."""

    def __init__(
        self, events: Iterable[Mapping[str, Any]], goods: Iterable[Mapping[str, Any]], zone: str, now: datetime
    ):
        self.events = [event for event in events if datetime.fromisoformat(event["at"]) <= now]
        self.goods = {good["sku"]: good for good in sorted(goods, key=lambda good: good["since"])}
        self.zone, self.today = ZoneInfo(zone), now.astimezone(ZoneInfo(zone)).date()

    @cached_property
    def people(self) -> dict[str, list[Row]]:
        """The events of everybody, in the order of time."""
        ordered_on = {e["order"]: self._local(e).date() for e in self.events if e["event"] == PAID}
        found: dict[str, list[Row]] = {}
        for event in self.events:
            local = self._local(event)
            money = Decimal(event["total"] or 0) * {PAID: 1, BACK: -1}.get(event["event"], 0)
            on = ordered_on.get(event["order"], local.date()) if event["event"] == BACK else local.date()
            row = Row(event, local.astimezone(UTC), local.date(), local.hour, money, on)
            found.setdefault(event["user"], []).append(row)
        return {user: sorted(rows, key=lambda row: row.order) for user, rows in found.items()}

    def _local(self, event: Mapping[str, Any]) -> datetime:
        return datetime.fromisoformat(event["at"]).astimezone(self.zone)

    def within(self, rows: Rows, days: int, *, money: bool = False) -> Rows:
        """The rows of the n local dates that end with today."""
        first = self.today - timedelta(days=days - 1)
        return [row for row in rows if first <= (row.money_on if money else row.on) <= self.today]

    def tell(self, user: str) -> dict[str, Told]:
        """Every tag of a person."""
        rows = self.people[user]
        orders, money = named(rows, PAID), named(rows, PAID, BACK)
        told = {
            "first_seen_at": Told(rows[0].at, rows),
            "last_seen_at": Told(rows[-1].at, rows),
            "orders_total": Told(len(orders), orders),
            "net_revenue": Told(net(money), money),
            "average_order": Told(_money(net(money) / len(orders)) if orders else None, money),
            "first_order_on": Told(orders[0].on if orders else None, orders),
            "last_order_on": Told(orders[-1].on if orders else None, orders),
            "recency_days": Told(self.recency(user), orders),
            "lifecycle": Told(self.stage(user), orders),
            "rfm": Told(self.segment(user), orders),
            "r_score": Told(self.score(user, lambda one: -(self.recency(one) or 0)), orders),
            "f_score": Told(self.score(user, lambda one: len(self.orders(one))), orders),
            "m_score": Told(self.score(user, lambda one: int(net(self.people[one]))), money),
        }
        for name, (what, windows) in COUNTED.items():
            for days in windows:
                some = self.within(named(rows, *what), days)
                told[f"{name}_{days}d"] = Told(len(some), some)
        for days in (7, 30, 90):
            some = self.within(rows, days)
            told[f"active_days_{days}d"] = Told(len({row.on for row in some}), some)
            some = self.within(money, days, money=True)
            told[f"net_{days}d"] = Told(net(some), some)
        told["sessions_30d"] = Told(self.sessions(rows), self.within(rows, 30))
        for name in ("category", "brand", "price_band"):
            told[f"preferred_{name}"] = self.taste(rows, name)
        for name, what in HABITS.items():
            told[name] = self.habit(self.within(rows, 90), what)
        return told

    def orders(self, user: str) -> Rows:
        """The payments of a person."""
        return named(self.people[user], PAID)

    @cached_property
    def buyers(self) -> list[str]:
        """Everybody who ever paid."""
        return [user for user in self.people if self.orders(user)]

    def recency(self, user: str) -> int | None:
        """Days since the last order."""
        orders = self.orders(user)
        return (self.today - orders[-1].on).days if orders else None

    def stage(self, user: str) -> str:
        """The stage of life as a customer."""
        orders, silent = self.orders(user), self.recency(user)
        if silent is None:
            return "potential"
        if len(self.within(orders, 90)) >= 3:
            return "loyal"
        if silent < 30:
            return "new" if len(orders) == 1 else "active"
        return "at_risk" if silent < 60 else "lost"

    def segment(self, user: str) -> str | None:
        """Each measure against the mean of the buyers."""
        if user not in self.buyers:
            return None

        def sums(measure: Any) -> Decimal:
            return sum((Decimal(measure(one)) for one in self.buyers), Decimal(0))

        count = len(self.buyers)
        recent = Decimal(self.recency(user) or 0) * count <= sums(self.recency)
        frequent = len(self.orders(user)) * count >= sums(lambda one: len(self.orders(one)))
        spending = net(self.people[user]) * count >= sums(lambda one: net(self.people[one]))
        kind = {(True, True): "value", (True, False): "develop", (False, True): "keep", (False, False): "retain"}
        return f"{'important' if spending else 'general'}_{kind[recent, frequent]}"

    def score(self, user: str, measure: Any) -> int | None:
        """One more than the number of quintiles that end below the buyer's value."""
        if user not in self.buyers:
            return None
        values = sorted(measure(one) for one in self.buyers)
        ends = [values[-(-len(values) * part // 5) - 1] for part in range(1, 5)]
        return 1 + sum(end < measure(user) for end in ends)

    def sessions(self, rows: Rows) -> int:
        """Sessions whose first event is in the window; half an hour of silence ends one."""
        begins = [
            row for before, row in zip([None, *rows], rows, strict=False) if not before or row.at - before.at > SILENCE
        ]
        return len(self.within(begins, 30))

    def taste(self, rows: Rows, name: str) -> Told:
        """The heaviest by weight, halved every thirty days before the last."""
        some = [(row, item) for row in named(rows, *WEIGHTS) for item in row.items or [""]]
        worth = [(self.meaning(item, name), WEIGHTS[row.name], row.at) for row, item in some]
        return self._heaviest([one for one in worth if one[0]], [row for row, _ in some], half_life_days=30)

    def habit(self, rows: Rows, what: str) -> Told:
        """The commonest value."""
        values = [row.hour if what == "hour" else row.sent[what] for row in rows]
        worth = [(value, 1, row.at) for value, row in zip(values, rows, strict=True) if value is not None]
        return self._heaviest(worth, rows)

    def _heaviest(self, worth: list[tuple[Any, int, datetime]], rows: Rows, half_life_days: float = 0) -> Told:
        if not worth:
            return Told(None, rows)
        weights: dict[Any, float] = {}
        last = worth[-1][2]
        for value, weight, at in reversed(worth):  # of equals the one seen last comes first
            age = (last - at) / timedelta(days=1)
            weights[value] = weights.get(value, 0.0) + weight * (
                2.0 ** (-age / half_life_days) if half_life_days else 1
            )
        best = max(weights, key=lambda value: weights[value])
        return Told(best, rows, weights[best] / sum(weights.values()))

    def meaning(self, item: str, name: str) -> Any:
        """The category, brand or price band of an item."""
        good = self.goods.get(item)
        if good is None or name != "price_band":
            return good and good[name]
        if good["price"] is None:
            return None
        rivals = [Decimal(g["price"]) for g in self.goods.values() if g["category"] == good["category"] and g["price"]]
        cheaper = sum(price < Decimal(good["price"]) for price in rivals)
        return ("low", "mid", "high")[3 * cheaper // len(rivals)]


def named(rows: Rows, *names: str) -> Rows:
    """The rows of some events."""
    return [row for row in rows if row.name in names]


def net(rows: Rows) -> Decimal:
    """Paid less refunded."""
    return sum((row.money for row in rows), Decimal(0))


def _money(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.0001"), ROUND_HALF_UP)
