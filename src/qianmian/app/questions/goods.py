"""Goods: finding them, and one item with the history of its price and the people who bought or looked at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from qianmian.app.answers import Computed
from qianmian.app.questions.cursor import cursor, place_of
from qianmian.app.questions.overview import Counted
from qianmian.app.shop import Shop
from qianmian.core.errors import UnknownNameError
from qianmian.core.events import ORDER_COMPLETED, PRODUCT_VIEWED
from qianmian.lake.connection import fetch
from qianmian.profile.reading import Reading
from qianmian.query.tree import Compare, Did, Operator
from qianmian.segment.audiences import audience

_COLUMNS = "source, item_id, title, category_id, brand_id, price, cost, stock, valid_from"
#: What each item is at the build's instant.
_LATEST = f"""
SELECT {_COLUMNS} FROM items WHERE valid_from <= $now
QUALIFY row_number() OVER (PARTITION BY source, item_id ORDER BY valid_from DESC) = 1
"""
_FOUND = f"""
CREATE TEMP TABLE found AS SELECT * FROM ({_LATEST})
WHERE $text = '' OR contains(lower(concat_ws(' ', title, item_id, category_id, brand_id)), lower($text))
"""
_PAGE = f"""
SELECT {_COLUMNS} FROM found WHERE (source, item_id) > ($source, $item) ORDER BY source, item_id LIMIT $limit
"""
_HISTORY = f"""
SELECT {_COLUMNS} FROM items WHERE source = $source AND item_id = $item AND valid_from <= $now ORDER BY valid_from DESC
"""
_CODE = "SELECT code FROM codes WHERE kind = 'item' AND text = $source || '/' || $item"


@dataclass(frozen=True)
class Item:
    """What an item is from an instant on, in its source's words."""

    source: str
    item_id: str
    title: str | None
    category_id: str | None
    brand_id: str | None
    price: Decimal | None
    cost: Decimal | None
    stock: int | None
    valid_from: datetime


@dataclass(frozen=True)
class FoundGoods:
    """A page of goods.

    Attributes:
        total: how many there are on all pages.
        goods: those of this page, as they are at the build's instant.
        next: cursor of the next page; None = this is the last.
        computed: from which build.
    """

    total: int
    goods: list[Item]
    next: str | None
    computed: Computed


@dataclass(frozen=True)
class ItemPage:
    """One item.

    Attributes:
        item: as it is at the build's instant.
        history: all that it was, newest first.
        buyers: people who bought it; None if a condition cannot name it, because another source's has its number.
        viewers: people who looked at it; None likewise.
        computed: from which build.
    """

    item: Item
    history: list[Item]
    buyers: Counted | None
    viewers: Counted | None
    computed: Computed


def goods(shop: Shop, *, purpose: str, text: str = "", after: str | None = None, limit: int = 50) -> FoundGoods:
    """A page of the goods whose title, number, category or brand has a text in it.

    Args:
        shop: the shop.
        purpose: what they are looked up for.
        text: the letters looked for, large or small; empty = all goods.
        after: cursor of the page; None = the first.
        limit: goods on a page.

    Raises:
        PurposeError: the purpose is not registered.
        InputError: the cursor is of another list.
    """
    source, item = place_of(after, str, str) if after else ("", "")
    with shop.asking(purpose) as (found, computed):
        found.connection.execute(_FOUND, {"now": computed.instant, "text": text.strip()})
        total = int(found.connection.execute("SELECT count(*) FROM found").fetchall()[0][0])
        rows = fetch(found.connection, _PAGE, {"source": source, "item": item, "limit": limit + 1}).to_pylist()
    some = [Item(**row) for row in rows[:limit]]
    last = cursor(some[-1].source, some[-1].item_id) if len(rows) > limit else None
    return FoundGoods(total, some, last, computed)


def item_page(shop: Shop, source: str, item_id: str, *, purpose: str) -> ItemPage:
    """One item with its history and its people.

    Raises:
        PurposeError: the purpose is not registered.
        UnknownNameError: the goods have no such item.
    """
    name = {"source": source, "item": item_id}
    with shop.asking(purpose) as (found, computed):
        rows = fetch(found.connection, _HISTORY, {**name, "now": computed.instant}).to_pylist()
        if not rows:
            raise UnknownNameError("no_item")
        history = [Item(**row) for row in rows]
        code = found.connection.execute(_CODE, name).fetchall()
        is_named = not code or found.vocabulary.code_of("item", item_id) == code[0][0]
        buyers, viewers = (
            _counted(shop, found, event, item_id, purpose) if is_named else None
            for event in (ORDER_COMPLETED, PRODUCT_VIEWED)
        )
    return ItemPage(history[0], history, buyers, viewers, computed)


def _counted(shop: Shop, found: Reading, event: str, item_id: str, purpose: str) -> Counted:
    condition = str(Did(event, (Compare("item", Operator.EQUAL, item_id),)))
    who = audience(found, condition, purpose=purpose, check=shop.workspace.purposes.check)
    return Counted(who.size(found), who.condition)
