"""Every metric, told again from its meaning in plain Python over the events as they were sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import md5
from typing import Any
from zoneinfo import ZoneInfo

PAID, BACK = "Order Completed", "Order Refunded"
SOCIAL = ("Post Created", "Post Liked", "Post Commented", "Post Shared")
ANY = object()


@dataclass(frozen=True)
class Done:
    """One event of a person."""

    person: str
    at: datetime
    on: date
    name: str
    row: Mapping[str, Any]

    @property
    def place(self) -> tuple[datetime, int]:
        """Where it stands among the events of its person."""
        digest = md5(f"shop\x1f{self.row['id']}".encode(), usedforsecurity=False).digest()
        return self.at, int.from_bytes(digest[:8], "little") >> 1


@dataclass
class Order:
    """One order, with what was refunded of it since."""

    done: Done
    paid: Decimal
    refunded: Decimal = Decimal(0)
    number: int | None = None
    first_on: date | None = None
    gap: int | None = None

    @property
    def net(self) -> Decimal:
        """What is left."""
        return self.paid - self.refunded


@dataclass
class Shop:
    """What happened in a shop up to the build's instant.

    Attributes:
        sent: events as they were sent.
        goods: item → category.
        owners: anonymous id → user who signed in with it.
        tags: (tag, person) → value as of the build.
    """

    sent: Iterable[Mapping[str, Any]]
    goods: Mapping[str, str | None]
    owners: Mapping[str, str]
    zone: ZoneInfo
    now: datetime
    tags: Mapping[tuple[str, str], str | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.today = self.now.astimezone(self.zone).date()
        rows = [self.done(row) for row in self.sent]
        rows = sorted((one for one in rows if one.at <= self.now), key=lambda one: one.place)
        self.orders: dict[str, Order] = {}
        for one in rows:
            if one.name == PAID:
                self.orders.setdefault(one.row["order"] or one.row["id"], Order(one, Decimal(one.row["total"])))
        self.refunds: dict[str, Done] = {}
        for one in rows:
            if one.name == BACK:
                self.refunds.setdefault(one.row["refund"], one)
        for back in self.refunds.values():
            if back.row["order"] in self.orders:
                self.orders[back.row["order"]].refunded += Decimal(back.row["total"])
        counted = {one.row["id"] for one in self.refunds.values()} | {o.done.row["id"] for o in self.orders.values()}
        self.rows = [one for one in rows if one.person and (one.name not in (PAID, BACK) or one.row["id"] in counted)]
        self.days: defaultdict[str, set[date]] = defaultdict(set)
        for one in self.rows:
            self.days[one.person].add(one.on)
        self.first_on = {person: min(days) for person, days in self.days.items()}
        self.number_orders()

    def done(self, row: Mapping[str, Any]) -> Done:
        at = datetime.fromisoformat(row["at"])
        person = row["user"] or self.owners.get(row["anon"], row["anon"]) or ""
        return Done(person, at, at.astimezone(self.zone).date(), row["event"], row)

    def number_orders(self) -> None:
        last: dict[str, Order] = {}
        first: dict[str, Order] = {}
        for order in sorted(self.orders.values(), key=lambda one: one.done.place):
            person = order.done.person
            if person:
                before = last.get(person)
                order.number = 1 if before is None else (before.number or 0) + 1
                order.gap = None if before is None else (order.done.on - before.done.on).days
                order.first_on = first.setdefault(person, order).done.on
                last[person] = order

    def categories(self, row: Mapping[str, Any]) -> set[str | None]:
        items = [line["sku"] for line in row["products"] or []] or [row["item"]]
        return {self.goods.get(item) if item else None for item in items}


@dataclass(frozen=True)
class Part:
    """What of an order belongs to one word: all of it, or its lines of a category."""

    order: Order
    paid: float | Decimal
    net: float | Decimal
    refunded: float | Decimal
    pieces: float


@dataclass(frozen=True)
class Slice:
    """A shop in a range of dates, for one word of a dimension and some people."""

    shop: Shop
    first: date
    last: date
    by: str | None = None
    word: Any = ANY
    who: frozenset[str] | None = None

    def words(self, row: Mapping[str, Any], person: str) -> set[str | None]:
        if self.by is None:
            return {None}
        if self.by == "category":
            return self.shop.categories(row)
        if self.by in ("channel", "region", "device_type"):
            return {row[self.by]}
        return {self.shop.tags.get((self.by, person))}

    def counts(self, row: Mapping[str, Any], person: str) -> bool:
        return (self.who is None or person in self.who) and (self.word is ANY or self.word in self.words(row, person))

    def within(self, on: date | None) -> bool:
        return on is not None and self.first <= on <= self.last

    def events(self, *names: str) -> list[Done]:
        return [one for one in self.all(*names) if self.within(one.on)]

    def all(self, *names: str) -> list[Done]:
        return [one for one in self.shop.rows if (not names or one.name in names) and self.counts(one.row, one.person)]

    def people(self, *names: str) -> int:
        return len({one.person for one in self.events(*names)})

    def active(self, days: int) -> int:
        last = min(self.last, self.shop.today)
        return len({one.person for one in self.all() if 0 <= (last - one.on).days < days})

    def parts(self, keep: Callable[[Order], bool] | None = None) -> list[Part]:
        keep = keep or (lambda order: self.within(order.done.on))
        found = []
        for order in filter(keep, self.shop.orders.values()):
            row = order.done.row
            if self.counts(row, order.done.person):
                found.append(self.part(order, row))
        return found

    def part(self, order: Order, row: Mapping[str, Any]) -> Part:
        lines = row["products"] or []
        if self.by != "category":
            return Part(order, order.paid, order.net, order.refunded, sum(float(line["n"]) for line in lines))
        own = [line for line in lines if self.shop.goods.get(line["sku"]) == self.word]
        total = sum(float(line["amount"]) for line in lines)
        share = 1.0
        if lines:
            share = sum(float(line["amount"]) for line in own) / total if total else len(own) / len(lines)
        money = (float(one) * share for one in (order.paid, order.net, order.refunded))
        return Part(order, *money, sum(float(line["n"]) for line in own))

    def buyers(self, least: int = 1) -> int:
        counted: defaultdict[str, int] = defaultdict(int)
        for part in self.parts():
            counted[part.order.done.person] += 1
        return sum(bool(person) and many >= least for person, many in counted.items())

    def firsts(self) -> list[Part]:
        return [part for part in self.parts() if part.order.number == 1]

    def back(self) -> list[Done]:
        """Refunds; whose they are is said by their order."""
        found = []
        for one in self.shop.refunds.values():
            order = self.shop.orders.get(one.row["order"])
            person = order.done.person if order else ""
            if self.within(one.on) and self.counts(one.row, person):
                found.append(one)
        return found

    def waits(self) -> list[float]:
        orders = self.shop.orders
        told = [(one, orders[one.row["order"]]) for one in self.back() if one.row["order"] in orders]
        return [(one.at - order.done.at).total_seconds() / 86_400 for one, order in told]

    def kept(self, day: int) -> float | None:
        ripe = {
            person: on
            for person, on in self.shop.first_on.items()
            if self.within(on) and on + timedelta(days=day) < self.shop.today
        }
        new = {one.person for one in self.all() if ripe.get(one.person) == one.on}
        kept = {one.person for one in self.all() if one.person in ripe and (one.on - ripe[one.person]).days == day}
        return over(len(kept), len(new))

    def again(self, days: int) -> float | None:
        def ripe(order: Order) -> bool:
            return self.within(order.first_on) and (self.shop.today - order.first_on).days > days  # type: ignore[operator]

        parts = self.parts(ripe)
        new = [part for part in parts if part.order.number == 1]
        soon = [p for p in parts if p.order.number == 2 and (p.order.done.on - p.order.first_on).days <= days]  # type: ignore[operator]
        return over(len({p.order.done.person for p in soon}), len({p.order.done.person for p in new}))

    def came_back(self) -> int:
        found, before = set(), {}
        for one in sorted(self.shop.rows, key=lambda row: row.place):
            last = before.get(one.person)
            is_back = last is not None and (one.on - last).days >= 31
            if is_back and self.within(one.on) and self.counts(one.row, one.person):
                found.add(one.person)
            before[one.person] = one.on
        return len(found)

    def person_days(self) -> int:
        return len({(one.person, one.on) for one in self.events()})

    def dates(self) -> int:
        return max((min(self.last, self.shop.today) - self.first).days + 1, 0)


def over(left: Any, right: Any) -> Any:
    """A quotient; nothing over zero has no value."""
    if isinstance(left, float) or isinstance(right, float):
        left, right = float(left), float(right)
    return left / right if right else None


def paid(s: Slice) -> Any:
    return sum((p.paid for p in s.parts()), Decimal(0) if s.by != "category" else 0.0)


def net(s: Slice) -> Any:
    return sum((p.net for p in s.parts()), Decimal(0) if s.by != "category" else 0.0)


def orders(s: Slice) -> int:
    return len(s.parts())


def _rows(*names: str) -> Callable[[Slice], int]:
    return lambda s: len(s.events(*names))


def _people(*names: str) -> Callable[[Slice], int]:
    return lambda s: s.people(*names)


def _ratio(top: Callable[[Slice], Any], bottom: Callable[[Slice], Any]) -> Callable[[Slice], Any]:
    return lambda s: over(top(s), bottom(s))


def _cohort(s: Slice) -> Any:
    parts = s.parts(lambda order: s.within(order.first_on))
    people = {part.order.done.person for part in parts if part.order.number == 1}
    return over(sum((p.net for p in parts), Decimal(0) if s.by != "category" else 0.0), len(people))


def _new(s: Slice) -> int:
    firsts = s.shop.first_on
    return len({one.person for one in s.events() if one.on == firsts[one.person]})


PLAIN: dict[str, Callable[[Slice], Any]] = {
    "gmv": paid,
    "net_revenue": net,
    "orders": orders,
    "pieces": lambda s: sum(p.pieces for p in s.parts()),
    "buyers": lambda s: s.buyers(),
    "average_order_value": _ratio(paid, orders),
    "net_per_order": _ratio(net, orders),
    "average_piece_price": lambda s: over(paid(s), sum(p.pieces for p in s.parts())),
    "pieces_per_order": lambda s: over(sum(p.pieces for p in s.parts()), orders(s)),
    "orders_per_buyer": lambda s: over(orders(s), s.buyers()),
    "spend_per_buyer": lambda s: over(paid(s), s.buyers()),
    "revenue_per_active": lambda s: over(net(s), s.people()),
    "gmv_per_active": lambda s: over(paid(s), s.people()),
    "first_buyers": lambda s: len(s.firsts()),
    "returning_buyers": lambda s: s.buyers() - len(s.firsts()),
    "first_buyer_share": lambda s: over(len(s.firsts()), s.buyers()),
    "returning_buyer_share": lambda s: over(s.buyers() - len(s.firsts()), s.buyers()),
    "first_order_value": lambda s: over(sum(p.paid for p in s.firsts()), len(s.firsts())),
    "repeat_rate": lambda s: over(s.buyers(2), s.buyers()),
    "repeat_rate_30d": lambda s: s.again(30),
    "repeat_rate_90d": lambda s: s.again(90),
    "repurchase_cycle": lambda s: over(
        sum(p.order.gap for p in s.parts() if p.order.gap is not None),
        sum(p.order.gap is not None for p in s.parts()),
    ),
    "ltv_to_date": _cohort,
    "buyers_365d": lambda s: len(
        {
            p.order.done.person
            for p in s.parts(lambda o: 0 <= (min(s.last, s.shop.today) - o.done.on).days < 365)
            if p.order.done.person
        }
    ),
    "buyers_total": lambda s: len(
        {p.order.done.person for p in s.parts(lambda o: o.done.on <= s.last) if p.order.done.person}
    ),
    "refunds": lambda s: len(s.back()),
    "refund_amount": lambda s: sum((Decimal(one.row["total"]) for one in s.back()), Decimal(0)),
    "refund_people": _people(BACK),
    "refund_rate_orders": lambda s: over(sum(p.order.refunded > 0 for p in s.parts()), orders(s)),
    "refund_rate_amount": lambda s: over(sum(p.refunded for p in s.parts()), paid(s)),
    "refund_wait": lambda s: over(sum(s.waits()), len(s.waits())),
    "events": _rows(),
    "active_people": _people(),
    "dau": lambda s: over(s.person_days(), s.dates()),
    "wau": lambda s: s.active(7),
    "mau": lambda s: s.active(30),
    "stickiness": lambda s: over(s.person_days() / s.dates(), s.active(30)) if s.dates() else None,
    "events_per_active": _ratio(_rows(), _people()),
    "viewers": _people("Product Viewed"),
    "views_per_viewer": _ratio(_rows("Product Viewed"), _people("Product Viewed")),
    "searchers": _people("Products Searched"),
    "searches_per_searcher": _ratio(_rows("Products Searched"), _people("Products Searched")),
    "favouriters": _people("Product Favourited"),
    "adders": _people("Product Added"),
    "checkout_starters": _people("Checkout Started"),
    "view_to_cart": _ratio(_people("Product Added"), _people("Product Viewed")),
    "cart_to_order": _ratio(_people(PAID), _people("Product Added")),
    "view_to_order": _ratio(_people(PAID), _people("Product Viewed")),
    "active_to_order": _ratio(_people(PAID), _people()),
    "payment_failure_rate": _ratio(_rows("Payment Failed"), _rows("Payment Failed", PAID)),
    "new_people": _new,
    "known_people": lambda s: len({one.person for one in s.all() if one.on <= s.last}),
    "retention_1d": lambda s: s.kept(1),
    "retention_7d": lambda s: s.kept(7),
    "retention_30d": lambda s: s.kept(30),
    "silent_people": lambda s: s.active(90) - s.active(30),
    "lost_people": lambda s: len({one.person for one in s.all() if one.on <= s.last}) - s.active(90),
    "resurrected_people": lambda s: s.came_back(),
    "interacting_people": _people(*SOCIAL),
    "participation_rate": _ratio(_people(*SOCIAL), _people()),
    "interactions_per_reader": _ratio(_rows(*SOCIAL), _people("Post Viewed")),
    "sharers": _people("Post Shared"),
    "share_rate": _ratio(_people("Post Shared"), _people("Post Viewed")),
    "shares_per_sharer": _ratio(_rows("Post Shared"), _people("Post Shared")),
    "followers": _people("User Followed"),
    "chatters": _people("Chat Posted"),
    "live_people": _people("Live Joined"),
    "live_click_rate": _ratio(_people("Live Product Clicked"), _people("Live Joined")),
    "reviews": _rows("Review Written"),
    "review_rate": lambda s: over(len(s.events("Review Written")), orders(s)),
    "inviters": _people("Invite Sent"),
    "invited_people": _people("Invite Accepted"),
    "k_factor": _ratio(_people("Invite Accepted"), _people("Invite Sent")),
    "invite_acceptance": _ratio(_people("Invite Accepted"), _rows("Invite Sent")),
    "group_buyers": _people("Group Buy Opened", "Group Buy Joined"),
    "group_buys_opened": _rows("Group Buy Opened"),
    "group_buy_fill_rate": _ratio(_rows("Group Buy Filled"), _rows("Group Buy Filled", "Group Buy Failed")),
    "coupons_redeemed": _rows("Coupon Used"),
    "coupon_redemption_rate": _ratio(_rows("Coupon Used"), _rows("Coupon Claimed")),
    "coupon_people": _people("Coupon Used"),
    "service_people": _people("Service Contacted"),
}
