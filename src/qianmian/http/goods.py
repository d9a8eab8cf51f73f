"""Goods over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from qianmian.app.contracts.goods import FoundGoodsTold, ItemPageTold
from qianmian.app.questions.goods import goods
from qianmian.app.questions.item import item_page
from qianmian.app.questions.sales import StockState
from qianmian.http.asked import OpenShop, Purpose
from qianmian.http.errors import told

router = APIRouter(prefix="/api/goods", tags=["collect"])

Text = Annotated[
    str, Query(max_length=200, description="letters in title, number, model, category or brand; empty = all")
]


@router.get("", responses=told(400, 403, 404))
def find_goods(
    shop: OpenShop,
    purpose: Purpose,
    text: Text = "",
    state: Annotated[StockState | None, Query(description="how they stand; empty = anyhow")] = None,
    cursor: Annotated[str | None, Query(max_length=40_000, description="where the last page ended: its `next`")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="goods on a page")] = 50,
) -> FoundGoodsTold:
    """Find goods by their words and by how their stock stands, a page at a time."""
    found = goods(shop, purpose=purpose, text=text, state=state, after=cursor, limit=limit)
    return FoundGoodsTold.model_validate(found)


@router.get("/{source}/{item:path}", responses=told(403, 404))
def show_item(
    shop: OpenShop,
    purpose: Purpose,
    source: Annotated[str, Path(max_length=200, description="data source")],
    item: Annotated[str, Path(max_length=20_000, description="the source's number of the item")],
) -> ItemPageTold:
    """Show an item: what it is and was, its model, its sales and stock, and who bought it or looked at it."""
    return ItemPageTold.model_validate(item_page(shop, source, item, purpose=purpose))
