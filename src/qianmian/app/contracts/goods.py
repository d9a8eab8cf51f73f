"""What the doors tell of goods."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from pydantic import Field

from qianmian.app.contracts.base import Contract
from qianmian.app.contracts.profile import ComputedTold, PeopleTold


class ItemTold(Contract):
    """What an item is from an instant on, in its source's words."""

    source: str = Field(description="data source")
    item_id: str = Field(description="the source's number of the item (SKU)")
    title: str | None = Field(description="name of the item")
    category_id: str | None = Field(description="category")
    brand_id: str | None = Field(description="brand")
    price: Decimal | None = Field(description="list price")
    cost: Decimal | None = Field(description="cost of one piece")
    stock: int | None = Field(description="pieces in stock")
    valid_from: datetime = Field(description="since when this holds, UTC")


class FoundGoodsTold(Contract):
    """A page of goods."""

    total: int = Field(description="goods on all pages")
    goods: list[ItemTold] = Field(description="goods of this page, as they are at the build's instant")
    next: str | None = Field(description="cursor of the next page; empty = this is the last")
    computed: ComputedTold = Field(description="from which build")


class ItemPageTold(Contract):
    """One item with its history and its people."""

    item: ItemTold = Field(description="as it is at the build's instant")
    history: list[ItemTold] = Field(description="all that it was, newest first")
    buyers: PeopleTold | None = Field(description="people who bought it; empty = another source's has its number")
    viewers: PeopleTold | None = Field(description="people who looked at it; empty likewise")
    computed: ComputedTold = Field(description="from which build")
