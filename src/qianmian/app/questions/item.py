"""One item: what it is and was, how it sold, who looked and who bought."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from qianmian.app.answers import Computed
from qianmian.app.questions.context import Mark, marks
from qianmian.app.questions.goods import FACTS, Item
from qianmian.app.questions.overview import Counted
from qianmian.app.questions.sales import RULES, TABLES, Sold, StockRules, StockState, sold_by_date
from qianmian.app.shop import Shop
from qianmian.collect.goods import item_states
from qianmian.core.errors import UnknownNameError
from qianmian.core.events import ORDER_COMPLETED, PRODUCT_VIEWED
from qianmian.core.settings import Settings
from qianmian.lake.connection import fetch
from qianmian.profile.reading import Reading
from qianmian.query.tree import Compare, Did, Operator
from qianmian.query.window import EVER, Dates, Window
from qianmian.segment.audiences import audience

#: Dates of the course of an item, and rows of its history, that a page shows.
COURSE_DAYS, MOST_HISTORY, MOST_VARIANTS = 90, 200, 100
_HISTORY = f"""
{item_states(*FACTS, "attributes", where="source = $source AND item_id = $item AND valid_from <= $now")}
ORDER BY valid_from DESC
"""
#: Every item that was ever said to be of the model; what it is of at the instant, its states say.
_OF_MODEL = """
source = $source AND valid_from <= $now AND item_id IN (
    SELECT item_id FROM items WHERE source = $source AND spu_id = $spu
    UNION SELECT item_id FROM item_changes WHERE source = $source AND spu_id = $spu)
"""
_VARIANTS = f"""
SELECT * FROM ({item_states(*FACTS, "attributes", where=_OF_MODEL)})
QUALIFY row_number() OVER (PARTITION BY item_id ORDER BY valid_from DESC) = 1 AND spu_id = $spu
ORDER BY item_id LIMIT $limit
"""
_CODE = "SELECT code FROM codes WHERE kind = 'item' AND text = $source || '/' || $item"


@dataclass(frozen=True)
class Variant(Item):
    """An item of the same model, with what sets it apart."""

    attributes: dict[str, Any]


@dataclass(frozen=True)
class ItemDay:
    """One local date of an item.

    Attributes:
        on: the date.
        price: at its end, or at the build's instant; likewise cost and stock.
        pieces: sold on it.
        net: money of these pieces, less what was refunded of them since.
        condition: text of the condition that lists the buyers of that date; None if a condition cannot name the item.
    """

    on: date
    price: Decimal | None
    cost: Decimal | None
    stock: int | None
    pieces: float
    net: Decimal
    condition: str | None


@dataclass(frozen=True)
class ItemSales:
    """How an item sold in the dates of the rules.

    Attributes:
        buyers: people who bought it in them; None as in `ItemPage`.
        days_of_cover: how long the stock lasts at that pace; None = nobody knows, or for ever.
        state: how it stands.
        rules: what that means.
    """

    pieces: float
    net: Decimal
    buyers: Counted | None
    days_of_cover: float | None
    state: StockState
    rules: StockRules


@dataclass(frozen=True)
class ItemPage:
    """One item.

    Attributes:
        item: as it is at the build's instant.
        attributes: what sets it apart, at the build's instant.
        shows_picture: whether the settings let a page load its picture.
        margin: share of the price that is not cost; None if one of them is not known.
        sales: how it sold lately.
        course: the last dates, oldest first.
        marks: what of the calendar and the policies touches them.
        history: all that it was, newest first, as far as a page shows it.
        variants: items of the same model, itself too; empty if its model is not known.
        buyers: people who bought it; None if a condition cannot name it, because another source's has its number.
        viewers: people who looked at it; None likewise.
        computed: from which build.
    """

    item: Item
    attributes: dict[str, Any]
    shows_picture: bool
    margin: float | None
    sales: ItemSales
    course: list[ItemDay]
    marks: Sequence[Mark]
    history: list[Item]
    variants: list[Variant]
    buyers: Counted | None
    viewers: Counted | None
    computed: Computed


def item_page(shop: Shop, source: str, item_id: str, *, purpose: str) -> ItemPage:
    """One item with its history, its sales and its people.

    Raises:
        PurposeError: the purpose is not registered.
        UnknownNameError: the goods have no such item.
    """
    with shop.asking(purpose, *TABLES, "context") as (found, computed):
        history = _history(found, source, item_id, computed)
        today = history[0]
        variants = _variants(found, today, computed)
        asking = _Asking(shop, found, item_id, purpose, _is_named(found, source, item_id))
        last = computed.today
        first = last - timedelta(days=COURSE_DAYS - 1)
        sold = sold_by_date(found, source, item_id, first, last)
        sales = _sales(today, sold, asking.counted(ORDER_COMPLETED, Dates(RULES.first(last), last)), last)
        buyers, viewers = (asking.counted(event) for event in (ORDER_COMPLETED, PRODUCT_VIEWED))
        marked = marks(found.connection, first, last)
        course = _course(history, sold, asking, first, last, shop.workspace.settings.zone)
    plain = [_plain(one) for one in history]
    return ItemPage(
        item=plain[0],
        attributes=today.attributes,
        shows_picture=shows_picture(today.image_url, shop.workspace.settings),
        margin=_margin(today),
        sales=sales,
        course=course,
        marks=marked,
        history=plain[:MOST_HISTORY],
        variants=variants,
        buyers=buyers,
        viewers=viewers,
        computed=computed,
    )


def shows_picture(url: str | None, settings: Settings) -> bool:
    """Whether pages may load a picture: over https, from a host of the settings' `picture_hosts`.

    >>> shows_picture("https://img.shop.example/a.jpg", Settings(name="a", picture_hosts="img.shop.example"))
    True
    """
    parts = urlsplit(url or "")
    return parts.scheme.lower() == "https" and parts.netloc.lower() in settings.picture_hosts.split()


@dataclass(frozen=True)
class _Asking:
    """Counts who did something with the item, if a condition can name it."""

    shop: Shop
    found: Reading
    item_id: str
    purpose: str
    is_named: bool

    def condition(self, event: str, window: Window = EVER) -> str | None:
        if not self.is_named:
            return None
        return str(Did(event, (Compare("item", Operator.EQUAL, self.item_id),), window=window))

    def counted(self, event: str, window: Window = EVER) -> Counted | None:
        condition = self.condition(event, window)
        if condition is None:
            return None
        check = self.shop.workspace.purposes.check
        who = audience(self.found, condition, purpose=self.purpose, check=check)
        return Counted(who.size(self.found), who.condition)


def _is_named(found: Reading, source: str, item_id: str) -> bool:
    code = found.connection.execute(_CODE, {"source": source, "item": item_id}).fetchall()
    return not code or found.vocabulary.code_of("item", item_id) == code[0][0]


def _history(found: Reading, source: str, item_id: str, computed: Computed) -> list[Variant]:
    values = {"source": source, "item": item_id, "now": computed.instant}
    rows = fetch(found.connection, _HISTORY, values).to_pylist()
    if not rows:
        raise UnknownNameError("no_item")
    return [_variant(row) for row in rows]


def _variants(found: Reading, item: Item, computed: Computed) -> list[Variant]:
    if item.spu_id is None:
        return []
    values = {"source": item.source, "spu": item.spu_id, "now": computed.instant, "limit": MOST_VARIANTS}
    return [_variant(row) for row in fetch(found.connection, _VARIANTS, values).to_pylist()]


def _variant(row: dict[str, Any]) -> Variant:
    return Variant(**{**row, "attributes": json.loads(row["attributes"] or "{}")})


def _plain(item: Variant) -> Item:
    return Item(**{name: value for name, value in vars(item).items() if name != "attributes"})


def _margin(item: Item) -> float | None:
    return float((item.price - item.cost) / item.price) if item.price and item.cost is not None else None


def _sales(item: Item, sold: dict[date, Sold], buyers: Counted | None, today: date) -> ItemSales:
    lately = [one for on, one in sold.items() if on >= RULES.first(today)]
    pieces = sum(one.pieces for one in lately)
    days, state = RULES.days_of_cover(item.stock, pieces), RULES.state(item.stock, pieces, item.is_delisted)
    return ItemSales(pieces, sum((one.net for one in lately), Sold().net), buyers, days, state, RULES)


def _course(  # an item, its sales, its people, and a range
    history: Sequence[Item], sold: dict[date, Sold], asking: _Asking, first: date, last: date, zone: ZoneInfo
) -> list[ItemDay]:
    """Each date with what the item was at its end."""
    days, rest = [], list(history)[::-1]
    now: Item | None = None
    for on in (first + timedelta(days=number) for number in range((last - first).days + 1)):
        end = datetime.combine(on + timedelta(days=1), datetime.min.time(), zone)
        while rest and rest[0].valid_from < end:
            now = rest.pop(0)
        money = sold.get(on, Sold())
        facts = (now.price, now.cost, now.stock) if now else (None, None, None)
        condition = asking.condition(ORDER_COMPLETED, Dates(on, on)) if money.pieces else None
        days.append(ItemDay(on, *facts, money.pieces, money.net, condition))
    return days
