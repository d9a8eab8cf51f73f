"""Goods: finding them, with how they stand and sell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from qianmian.app.answers import Computed
from qianmian.app.questions.cursor import cursor, place_of
from qianmian.app.questions.sales import RULES, TABLES, StockRules, StockState, sold_by_item
from qianmian.app.shop import Shop
from qianmian.collect.goods import item_states
from qianmian.lake.connection import fetch

FACTS = (
    *("title", "category_id", "brand_id", "price", "cost", "stock"),
    *("spu_id", "image_url", "is_delisted"),
)
#: What each item is at the build's instant, with what was sold of it.
_FOUND = f"""
CREATE TEMP TABLE found AS
SELECT facts.*, coalesce(pieces, 0)::DOUBLE AS pieces, coalesce(net, 0)::DECIMAL(18,4) AS net,
       coalesce(stock, 0) * $pace_days / nullif(pieces, 0) AS days,
       CASE WHEN is_delisted THEN '{StockState.DELISTED}' WHEN stock IS NULL THEN '{StockState.UNKNOWN}'
            WHEN stock <= 0 THEN '{StockState.OUT_OF_STOCK}'
            WHEN coalesce(pieces, 0) <= 0 OR days > $long_days THEN '{StockState.OVER_STOCKED}'
            WHEN days < $soon_days THEN '{StockState.RUNNING_OUT}' ELSE '{StockState.IN_STOCK}' END AS state
FROM ({item_states(*FACTS, where="valid_from <= $now")}
    ) AS facts LEFT JOIN sold USING (source, item_id)
WHERE $text = '' OR contains(lower(concat_ws(' ', title, item_id, category_id, brand_id, spu_id)), lower($text))
QUALIFY row_number() OVER (PARTITION BY source, item_id ORDER BY valid_from DESC) = 1
"""
_PAGE = f"""
SELECT source, item_id, valid_from, {", ".join(FACTS)}, pieces, net, state FROM found
WHERE ($state IS NULL OR state = $state) AND (source, item_id) > ($after_source, $after_item)
ORDER BY source, item_id LIMIT $limit
"""


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
    spu_id: str | None
    image_url: str | None
    is_delisted: bool | None
    valid_from: datetime


@dataclass(frozen=True)
class StockedItem(Item):
    """An item with how it sells.

    Attributes:
        pieces: sold in the dates of the rules.
        net: money of these pieces, less refunds.
        days_of_cover: how long the stock lasts at that pace; None = nobody knows, or for ever.
        state: how it stands.
    """

    pieces: float
    net: Decimal
    days_of_cover: float | None
    state: StockState


@dataclass(frozen=True)
class FoundGoods:
    """A page of goods.

    Attributes:
        total: how many there are on all pages.
        goods: those of this page, as they are at the build's instant.
        states: how many of the goods with the text, whatever their state, stand how.
        rules: what the states mean.
        next: cursor of the next page; None = this is the last.
        computed: from which build.
    """

    total: int
    goods: list[StockedItem]
    states: dict[StockState, int]
    rules: StockRules
    next: str | None
    computed: Computed


def goods(
    shop: Shop,
    *,
    purpose: str,
    text: str = "",
    state: StockState | None = None,
    after: str | None = None,
    limit: int = 50,
) -> FoundGoods:
    """A page of the goods whose title, number, model, category or brand has a text in it.

    Args:
        shop: the shop.
        purpose: what they are looked up for.
        text: the letters looked for, large or small; empty = all goods.
        state: how they stand; None = anyhow.
        after: cursor of the page; None = the first.
        limit: goods on a page.

    Raises:
        PurposeError: the purpose is not registered.
        InputError: the cursor is of another list.
    """
    source, item = place_of(after, str, str) if after else ("", "")
    with shop.asking(purpose, *TABLES) as (found, computed):
        found.connection.register("sold", sold_by_item(found, computed.today))
        found.connection.execute(_FOUND, {"now": computed.instant, "text": text.strip(), **vars(RULES)})
        counted = dict(found.connection.execute("SELECT state, count(*) FROM found GROUP BY state").fetchall())
        place = {"state": state, "after_source": source, "after_item": item, "limit": limit + 1}
        rows = fetch(found.connection, _PAGE, place).to_pylist()
    states = {one: int(counted.get(one, 0)) for one in StockState}
    some = [_stocked(row) for row in rows[:limit]]
    last = cursor(some[-1].source, some[-1].item_id) if len(rows) > limit else None
    return FoundGoods(states[state] if state else sum(states.values()), some, states, RULES, last, computed)


def _stocked(row: dict[str, Any]) -> StockedItem:
    days = RULES.days_of_cover(row["stock"], row["pieces"])
    return StockedItem(**{**row, "state": StockState(row["state"])}, days_of_cover=days)
