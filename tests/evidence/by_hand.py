"""The tags of attributes, interest and taste, reckoned by hand: short plain Python over the raw rows of one person."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from tests.evidence.expected import ADDED, FAVOURITED, MONEY, RULES, SOCIAL, TASTE, VIEWED, Asked, Scene, known, net_of
from tests.evidence.raw import PAID, Row

VIEWS_90, VIEWS_30 = Asked((VIEWED,), 90, products=True), Asked((VIEWED,), 30, products=True)
LINES, LINES_365 = Asked((PAID,), products=True), Asked((PAID,), 365, products=True)
ORDERS_365, NET_365 = Asked((PAID,), 365), Asked(MONEY, 365, by_money_date=True)
CLAIMED, USED = Asked(("Coupon Claimed",), 90), Asked(("Coupon Used",), 90)
TASTED = Asked((VIEWED, FAVOURITED, ADDED, PAID), products=True)


@dataclass(frozen=True)
class Hand:
    """What a plain reading says.

    Attributes:
        value: of the tag.
        rows: that speak for it; None = it does not come from what a person did.
        confidence: None = a plain fact, or not reckoned here.
    """

    value: Any
    rows: list[Row] | None = None
    confidence: float | None = None


class Reader:
    """One person's rows in a scene, and the same questions asked of anybody."""

    def __init__(self, scene: Scene, person: int, said: dict[str, list[str]]) -> None:
        self.scene, self.person, self.said = scene, person, said

    def rows(self, asked: Asked) -> list[Row]:
        """The person's rows that are meant."""
        return asked.rows(self.scene.people[self.person], self.scene.today)

    def words(self, asked: Asked, what: str) -> list[Any]:
        """The category, brand or price band of each row that has one."""
        found = [self.meaning(row, what) for row in self.rows(asked)]
        return [word for word in found if word is not None]

    def meaning(self, row: Row, what: str) -> Any:
        """The category, brand or price band of a row's item."""
        meant = self.scene.items.get((row.source, row.item)) if row.item is not None else None
        return getattr(meant, what) if meant else None

    def basic(self, name: str) -> Hand:
        """A basic tag by its rule."""
        seen, rule = known(self.scene, self.person, name), RULES[name]
        value = rule.value(seen)
        sure = rule.confidence(seen) if rule.confidence and value is not None else None
        return Hand(value, seen.rows, sure)

    def value(self, name: str) -> Any:
        """The value of a tag."""
        return tell(self, name).value

    def of(self, person: int) -> Reader:
        """The same questions of another person."""
        return Reader(self.scene, person, {})


def tell(reader: Reader, name: str) -> Hand:
    """A tag by hand."""
    return HANDS[name](reader) if name in HANDS else reader.basic(name)


def _stated(trait: str, reader: Reader) -> Hand:
    """What the person's events state; of these five nobody ever states two values."""
    said = set(reader.said.get(trait, []))
    assert len(said) <= 1
    return Hand(said.pop() if said else None)


def _count(asked: Asked, reader: Reader) -> Hand:
    rows = reader.rows(asked)
    return Hand(len(rows), rows)


def _distinct(asked: Asked, what: str, reader: Reader) -> Hand:
    return Hand(len(set(reader.words(asked, what))), reader.rows(asked))


def _net(asked: Asked, reader: Reader) -> Hand:
    rows = reader.rows(asked)
    return Hand(net_of(rows), rows)


def _heaviest(asked: Asked, word: Callable[[Reader, Row], Any], days: int, reader: Reader) -> Hand:
    """The word with most weight, halved with every so many days before the last; of equals the one seen last."""
    said = [(word(reader, row), row) for row in reader.rows(asked)]
    said = [(one, row) for one, row in said if one is not None]
    weight: dict[Any, float] = {}
    for one, row in reversed(said):
        age = (said[-1][1].at - row.at) / timedelta(days=days)
        weight[one] = weight.get(one, 0.0) + TASTE[row.name] * 0.5**age
    best = max(weight, key=lambda one: weight[one], default=None)
    return Hand(best, reader.rows(asked), weight[best] / sum(weight.values()) if weight else None)


def _last_category(reader: Reader) -> Hand:
    words = reader.words(Asked((VIEWED,), products=True), "category")
    return Hand(words[-1] if words else None, reader.rows(Asked((VIEWED,), products=True)))


def _decile(measure: Callable[[Reader], int | None], asked: Asked, reader: Reader) -> Hand:
    """A tenth for every tenth of all ranked people who have less."""
    mine, rows = measure(reader), reader.rows(asked)
    if mine is None:
        return Hand(None, rows)
    all_people = [measure(reader.of(person)) for person in reader.scene.people]
    ranked = [one for one in all_people if one is not None]
    return Hand(1 + 10 * sum(one < mine for one in ranked) // len(ranked), rows)


def _active(reader: Reader) -> int | None:
    return len({row.on for row in reader.rows(Asked(days=30))}) or None


def _social(reader: Reader) -> int | None:
    return len(reader.rows(Asked(SOCIAL, 30))) or None


def _each(reader: Reader) -> int | None:
    orders = reader.rows(Asked((PAID,)))
    return int(net_of(reader.rows(Asked(MONEY))) / len(orders)) if orders else None


def _year(reader: Reader) -> int | None:
    return int(net_of(reader.rows(NET_365))) if reader.rows(ORDERS_365) else None


def _activity_tier(reader: Reader) -> Hand:
    days = _active(reader) or 0
    return Hand(_at_least(days, (10, "high"), (4, "middle"), (1, "low")) or "silent", reader.rows(Asked(days=30)))


def _value_tier(reader: Reader) -> Hand:
    decile = reader.value("net_decile") or 0
    return Hand(_at_least(decile, (10, "top"), (8, "high"), (4, "middle"), (1, "low")) or "none", reader.rows(NET_365))


def _spending_power(reader: Reader) -> Hand:
    decile, band = reader.value("average_order_decile") or 0, reader.value("preferred_price_band")
    if decile >= 8 or (band == "high" and decile >= 5):
        power = "strong"
    elif decile >= 4 or band == "high":
        power = "medium"
    else:
        power = "modest" if decile or band else None
    return Hand(power, reader.rows(Asked(MONEY)))


def _low_price_share(reader: Reader) -> Hand:
    views = reader.rows(VIEWS_90)
    cheap = [row for row in views if reader.meaning(row, "price_band") == "low"]
    return Hand(_share({row.key for row in cheap}, {row.key for row in views}), cheap)


def _coupon_order_share(reader: Reader) -> Hand:
    used = reader.rows(USED)
    return Hand(_share(used, reader.rows(Asked((PAID,), 90))), used)


def _price_sensitivity(reader: Reader) -> Hand:
    claimed, views = reader.rows(CLAIMED), reader.rows(Asked((VIEWED,), 90))
    used, cheap = reader.value("coupon_order_share_90d") or 0, reader.value("low_price_share_90d") or 0
    if len(claimed) >= 2 or used >= 0.5 or cheap >= 0.6:
        minds = "high"
    elif claimed or used >= 0.2 or cheap >= 0.35:
        minds = "middle"
    else:
        minds = "low" if len(views) >= 5 or reader.rows(Asked((PAID,), 90)) else None
    return Hand(minds, tell(reader, "low_price_share_90d").rows)


def _brand_loyalty(reader: Reader) -> Hand:
    orders, brands = reader.rows(ORDERS_365), len(set(reader.words(LINES_365, "brand")))
    if len(orders) < 3:
        return Hand(None, orders)
    return Hand("loyal_to_one" if brands == 1 else "few_brands" if brands <= 3 else "many_brands", orders)


def _novelty_seeking(reader: Reader) -> Hand:
    views = reader.rows(VIEWS_30)
    categories, brands = (len(set(reader.words(VIEWS_30, what))) for what in ("category", "brand"))
    if categories >= 4 or brands >= 10:
        seeks = "explorer"
    else:
        seeks = "open" if categories >= 2 else "settled" if len(reader.rows(Asked((VIEWED,), 30))) >= 3 else None
    return Hand(seeks, views)


def _day_part(reader: Reader) -> Hand:
    """The part with most rows; of equals the one seen last."""
    rows = reader.rows(Asked(days=90))
    parts = [("night", "morning", "afternoon", "evening")[row.hour // 6] for row in reversed(rows)]
    if not parts:
        return Hand(None, rows)
    best = max(dict.fromkeys(parts), key=parts.count)
    return Hand(best, rows, parts.count(best) / len(parts))


def _night_share(reader: Reader) -> Hand:
    rows = reader.rows(Asked(days=90))
    night = [row for row in rows if row.hour < 6]
    return Hand(_share(night, rows), night)


def _sessions_a_day(reader: Reader) -> Hand:
    rows, days = reader.rows(Asked(days=30)), _active(reader)
    return Hand(round(reader.value("sessions_30d") / days, 6) if days else None, rows)


def _views_a_session(reader: Reader) -> Hand:
    views, sessions = reader.rows(Asked((VIEWED,), 30)), reader.value("sessions_30d")
    return Hand(round(len(views) / sessions, 6) if sessions else None, views)


def _shopping_rhythm(reader: Reader) -> Hand:
    a_day, views = reader.value("sessions_a_day_30d"), reader.value("views_a_session_30d")
    rows = reader.rows(Asked(days=30))
    if a_day is None or views is None:
        return Hand(None, rows)
    return Hand("fragmented" if a_day >= 3 and views < 3 else "focused" if views >= 6 else "steady", rows)


def _social_depth(reader: Reader) -> Hand:
    posts = reader.rows(Asked(("Post Created",), 90))

    def times(name: str) -> int:
        return len(reader.rows(Asked((name,), 30)))

    comments, shares, chats = times("Post Commented"), times("Post Shared"), times("Chat Posted")
    if posts or comments >= 2 or shares >= 2 or chats >= 3:
        depth = "deep"
    elif times("Post Liked") or comments or shares or chats:
        depth = "shallow"
    else:
        depth = "watching" if times("Post Viewed") or times("Live Joined") else "none"
    return Hand(depth, posts)


def _at_least(number: int, *steps: tuple[int, str]) -> str | None:
    return next((word for least, word in steps if number >= least), None)


def _share(part: Iterable[Any], whole: Iterable[Any]) -> float | None:
    some, all_of_them = len(list(part)), len(list(whole))
    return round(some / all_of_them, 6) if all_of_them else None


def _item(_: Reader, row: Row) -> str | None:
    return row.item


def _of(what: str) -> Callable[[Reader, Row], Any]:
    return lambda reader, row: reader.meaning(row, what)


STATED = ("gender", "age_band", "birth_year", "province", "city", "occupation", "member_level")
HANDS: dict[str, Callable[[Reader], Hand]] = {
    **{trait: partial(_stated, trait) for trait in STATED},
    "activity_tier": _activity_tier,
    "activity_decile": partial(_decile, _active, Asked(days=30)),
    "last_viewed_category": _last_category,
    "categories_viewed_30d": partial(_distinct, VIEWS_30, "category"),
    "preferred_item": partial(_heaviest, TASTED, _item, 30),
    "bought_category": partial(_heaviest, LINES, _of("category"), 90),
    "bought_brand": partial(_heaviest, LINES, _of("brand"), 90),
    "average_order_decile": partial(_decile, _each, Asked(MONEY)),
    "net_365d": partial(_net, NET_365),
    "net_decile": partial(_decile, _year, NET_365),
    "value_tier": _value_tier,
    "spending_power": _spending_power,
    "low_price_share_90d": _low_price_share,
    "coupons_claimed_90d": partial(_count, CLAIMED),
    "coupon_order_share_90d": _coupon_order_share,
    "price_sensitivity": _price_sensitivity,
    "orders_365d": partial(_count, ORDERS_365),
    "brands_bought_365d": partial(_distinct, LINES_365, "brand"),
    "brand_loyalty": _brand_loyalty,
    "brands_viewed_30d": partial(_distinct, VIEWS_30, "brand"),
    "novelty_seeking": _novelty_seeking,
    "day_part": _day_part,
    "night_share_90d": _night_share,
    "sessions_a_day_30d": _sessions_a_day,
    "views_a_session_30d": _views_a_session,
    "shopping_rhythm": _shopping_rhythm,
    "social_decile": partial(_decile, _social, Asked(SOCIAL, 30)),
    "social_depth": _social_depth,
}
#: The tags by what they speak of, and the columns of truth that stand beside them.
GROUPS: dict[str, dict[str, str]] = {
    "Static attributes": {"gender": "gender", "age_band": "age_band", "birth_year": "", "province": "", "city": "",
                          "occupation": "", "member_level": ""},
    "Behaviour": {"active_days_30d": "activity", "sessions_30d": "activity", "views_30d": "", "carts_30d": "",
                  "orders_90d": "", "activity_tier": "activity", "activity_decile": "activity"},
    "Interest": {"last_viewed_category": "likely_categories", "categories_viewed_30d": "wandering",
                 "preferred_item": ""},
    "Preference": {"preferred_category": "preferred_category", "preferred_brand": "preferred_brand",
                   "preferred_price_band": "price_band", "bought_category": "preferred_category",
                   "bought_brand": "preferred_brand"},
    "Consumption power": {"average_order": "price", "average_order_decile": "price", "net_365d": "m",
                          "net_decile": "spends", "value_tier": "spends", "spending_power": "price"},
    "Price sensitivity": {"low_price_share_90d": "price_band", "coupons_claimed_90d": "price_sensitivity",
                          "coupon_order_share_90d": "price_sensitivity", "price_sensitivity": "price_sensitivity"},
    "Brand loyalty": {"orders_365d": "f", "brands_bought_365d": "brands", "brand_loyalty": "faithful"},
    "Novelty seeking": {"brands_viewed_30d": "", "novelty_seeking": "wandering"},
    "Active hours": {"active_hour": "hours", "day_part": "day_part", "night_share_90d": "rhythm",
                     "sessions_a_day_30d": "", "views_a_session_30d": "", "shopping_rhythm": ""},
    "Region and device": {"region": "region", "device_type": "device_type", "channel": "channel"},
    "Social": {"social_30d": "voice", "social_decile": "voice", "social_depth": "voice"},
}  # fmt: skip
TAGS = [name for group in GROUPS.values() for name in group]
