"""What every tag should say, reckoned once more in plain Python from the words of its definition."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.evidence.raw import PAID, REFUNDED, Lake, Row

VIEWED, FAVOURITED, ADDED = "Product Viewed", "Product Favourited", "Product Added"
SOCIAL = ("Post Created", "Post Liked", "Post Commented", "Post Shared")
GROUP_BUY = ("Group Buy Opened", "Group Buy Joined")
MONEY = (PAID, REFUNDED)
TASTE = {VIEWED: 1.0, FAVOURITED: 2.0, ADDED: 3.0, PAID: 5.0}
HALF_LIFE = timedelta(days=30)
SEGMENTS = {
    (True, True, True): "important_value",
    (True, False, True): "important_develop",
    (False, True, True): "important_keep",
    (False, False, True): "important_retain",
    (True, True, False): "general_value",
    (True, False, False): "general_develop",
    (False, True, False): "general_keep",
    (False, False, False): "general_retain",
}


@dataclass(frozen=True)
class Meant:
    """What an item is today."""

    category: str | None
    brand: str | None
    price_band: str | None


@dataclass(frozen=True)
class Buyer:
    """What a buyer's scores are cut from: days since the last order, orders, and net money."""

    days: int
    orders: int
    net: Decimal


@dataclass
class Scene:
    """All people of a workspace as of a date, with what their tags are compared with."""

    lake: Lake
    today: date
    silence: timedelta
    people: dict[int, list[Row]] = field(init=False)
    items: dict[tuple[str, str], Meant] = field(init=False)
    buyers: dict[int, Buyer] = field(init=False)

    def __post_init__(self) -> None:
        self.people = self.lake.people()
        self.items = meanings(self.lake.items)
        self.buyers = {
            person: Buyer(self.days_since(orders[-1]), len(orders), net_of(rows))
            for person, rows in self.people.items()
            if (orders := _named(rows, PAID))
        }

    def days_since(self, row: Row) -> int:
        """Local dates between a row and today."""
        return (self.today - row.on).days


def meanings(goods: Iterable[dict[str, Any]]) -> dict[tuple[str, str], Meant]:
    """Each item by its latest row; its band is the third of its category's items, by price, in which it lies."""
    latest: dict[tuple[str, str], dict[str, Any]] = {}
    for row in sorted(goods, key=lambda row: row["valid_from"]):
        latest[row["source"], row["item_id"]] = row
    prices = defaultdict(list)
    for row in latest.values():
        if row["price"] is not None:
            prices[row["category_id"]].append(row["price"])
    return {key: Meant(row["category_id"], row["brand_id"], _band(row, prices)) for key, row in latest.items()}


def _band(row: dict[str, Any], prices: dict[str, list[Decimal]]) -> str | None:
    if row["price"] is None:
        return None
    all_prices = prices[row["category_id"]]
    cheaper = sum(price < row["price"] for price in all_prices)
    return ("low", "mid", "high")[3 * cheaper // len(all_prices)]


def _named(rows: list[Row], *names: str) -> list[Row]:
    return [row for row in rows if row.name in names and row.line == 0]


def net_of(rows: list[Row]) -> Decimal:
    """Paid minus given back."""
    return sum((row.money for row in rows), Decimal(0))


@dataclass(frozen=True)
class Asked:
    """The rows that speak for a tag: names of events (none = any), the last so many local dates (None = all)."""

    names: tuple[str, ...] = ()
    days: int | None = None
    by_money_date: bool = False
    products: bool = False

    def rows(self, rows: list[Row], today: date) -> list[Row]:
        """Those of a person's rows that are meant."""
        since = date.min if self.days is None else today - timedelta(days=self.days - 1)
        return [
            row
            for row in rows
            if (not self.names or row.name in self.names)
            and (self.products or row.line == 0)
            and (row.money_on if self.by_money_date else row.on) >= since
        ]


@dataclass(frozen=True)
class Known:
    """What a tag's value is reckoned from."""

    scene: Scene
    person: int
    all: list[Row]
    rows: list[Row]

    @property
    def buyer(self) -> Buyer | None:
        """The person's orders in three numbers."""
        return self.scene.buyers.get(self.person)


@dataclass(frozen=True)
class Rule:
    """How a tag is reckoned: its rows, its value from them, and how sure it is (None = a plain fact)."""

    asked: Asked
    value: Callable[[Known], Any]
    confidence: Callable[[Known], float] | None = None


def _sessions(known: Known) -> int:
    meant, count, before = set(known.rows), 0, None
    for row in known.all:
        begins = before is None or row.at - before.at > known.scene.silence
        count += begins and row in meant
        before = row
    return count


def weights(known: Known, word: Callable[[Known, Row], Any], *, decays: bool) -> dict[Any, float]:
    """Weight of each word, that seen last first; ages are counted back from the last row that has a word."""
    found: dict[Any, float] = {}
    last: Row | None = None
    for row in reversed(known.rows):
        said = word(known, row)
        if said is None:
            continue
        last = last or row
        faded = 0.5 ** ((last.at - row.at) / HALF_LIFE) if decays else 1.0
        found[said] = found.get(said, 0.0) + faded * (TASTE[row.name] if decays else 1.0)
    return found


def _preferred(what: str) -> Rule:
    return _top(Asked(tuple(TASTE), products=True), lambda known, row: _meaning(known, row, what), decays=True)


def _meaning(known: Known, row: Row, what: str) -> Any:
    meant = known.scene.items.get((row.source, row.item)) if row.item is not None else None
    return getattr(meant, what) if meant else None


def _habit(what: str) -> Rule:
    return _top(Asked(days=90), lambda known, row: getattr(row, what), decays=False)


def _top(asked: Asked, word: Callable[[Known, Row], Any], *, decays: bool) -> Rule:
    def best(known: Known) -> Any:
        found = weights(known, word, decays=decays)
        return max(found, key=lambda said: found[said], default=None)  # of equals the first, which was seen last

    def share(known: Known) -> float:
        found = weights(known, word, decays=decays)
        return max(found.values()) / sum(found.values()) if found else 0.0

    return Rule(asked, best, share)


def _score(measure: Callable[[Buyer], Any]) -> Callable[[Known], int | None]:
    """A fifth for every fifth of all buyers who have less."""

    def score(known: Known) -> int | None:
        if known.buyer is None:
            return None
        own, buyers = measure(known.buyer), known.scene.buyers.values()
        fewer = [buyer for buyer in buyers if measure(buyer) < own]
        return 1 + 5 * len(fewer) // len(buyers)

    return score


def _segment(known: Known) -> str | None:
    if known.buyer is None:
        return None
    buyers, one = list(known.scene.buyers.values()), known.buyer
    recent = one.days * len(buyers) <= sum(buyer.days for buyer in buyers)
    frequent = one.orders * len(buyers) >= sum(buyer.orders for buyer in buyers)
    valuable = one.net * len(buyers) >= sum(buyer.net for buyer in buyers)
    return SEGMENTS[recent, frequent, valuable]


def _stage(known: Known) -> str:
    orders = _named(known.all, PAID)
    days = known.scene.days_since(orders[-1]) if orders else None
    if sum(known.scene.days_since(order) < 90 for order in orders) >= 3:
        return "loyal"
    if days is None:
        return "potential"
    if days < 30:
        return "new" if len(orders) == 1 else "active"
    return "at_risk" if days < 60 else "lost"


def _count(days: int, *names: str) -> Rule:
    return Rule(Asked(names, days), lambda known: len(known.rows))


def _net(days: int | None = None) -> Rule:
    return Rule(Asked(MONEY, days, by_money_date=True), lambda known: net_of(known.rows))


def _average(known: Known) -> Decimal | None:
    return net_of(known.rows) / known.buyer.orders if known.buyer else None


def _first(known: Known) -> Row | None:
    return known.rows[0] if known.rows else None


def _last(known: Known) -> Row | None:
    return known.rows[-1] if known.rows else None


RULES: dict[str, Rule] = {
    "first_seen_at": Rule(Asked(), lambda known: known.rows[0].at),
    "last_seen_at": Rule(Asked(), lambda known: known.rows[-1].at),
    **{
        f"active_days_{days}d": Rule(Asked(days=days), lambda known: len({row.on for row in known.rows}))
        for days in (7, 30, 90)
    },
    "sessions_30d": Rule(Asked(days=30), _sessions),
    **{f"views_{days}d": _count(days, VIEWED) for days in (7, 30, 90)},
    "searches_30d": _count(30, "Products Searched"),
    "favourites_30d": _count(30, FAVOURITED),
    "carts_30d": _count(30, ADDED),
    **{f"orders_{days}d": _count(days, PAID) for days in (7, 30, 90)},
    "orders_total": Rule(Asked((PAID,)), lambda known: len(known.rows)),
    **{f"net_{days}d": _net(days) for days in (7, 30, 90)},
    "net_revenue": _net(),
    "average_order": Rule(Asked(MONEY), _average),
    "first_order_on": Rule(Asked((PAID,)), lambda known: first.on if (first := _first(known)) else None),
    "last_order_on": Rule(Asked((PAID,)), lambda known: last.on if (last := _last(known)) else None),
    "recency_days": Rule(Asked((PAID,)), lambda known: known.buyer.days if known.buyer else None),
    "refunds_90d": _count(90, REFUNDED),
    "reviews_90d": _count(90, "Review Written"),
    "social_30d": _count(30, *SOCIAL),
    "group_buys_90d": _count(90, *GROUP_BUY),
    "coupons_used_90d": _count(90, "Coupon Used"),
    "invites_90d": _count(90, "Invite Sent"),
    "service_contacts_90d": _count(90, "Service Contacted"),
    **{f"preferred_{what}": _preferred(what) for what in ("category", "brand", "price_band")},
    "active_hour": _habit("hour"),
    **{what: _habit(what) for what in ("region", "device_type", "channel")},
    "lifecycle": Rule(Asked((PAID,)), _stage),
    "r_score": Rule(Asked((PAID,)), _score(lambda buyer: -buyer.days)),
    "f_score": Rule(Asked((PAID,)), _score(lambda buyer: buyer.orders)),
    "m_score": Rule(Asked(MONEY), _score(lambda buyer: int(buyer.net))),
    "rfm": Rule(Asked((PAID,)), _segment),
}


def known(scene: Scene, person: int, tag: str) -> Known:
    """A person as one tag sees them."""
    rows = scene.people.get(person, [])
    return Known(scene, person, rows, RULES[tag].asked.rows(rows, scene.today))
