"""What the doors tell of goods."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pydantic import Field

from qianmian.app.contracts.base import Contract
from qianmian.app.contracts.context import MarkTold
from qianmian.app.contracts.profile import ComputedTold, PeopleTold
from qianmian.app.questions.sales import StockState


class ItemTold(Contract):
    """What an item is from an instant on, in its source's words."""

    source: str = Field(description="data source")
    item_id: str = Field(description="the source's number of the item (SKU)")
    title: str | None = Field(description="name of the item")
    category_id: str | None = Field(description="category; a path has a slash between its parts")
    brand_id: str | None = Field(description="brand")
    price: Decimal | None = Field(description="list price")
    cost: Decimal | None = Field(description="cost of one piece")
    stock: int | None = Field(description="pieces in stock")
    spu_id: str | None = Field(description="the source's number of its model (SPU)")
    image_url: str | None = Field(description="web address of its picture")
    is_delisted: bool | None = Field(description="it is not on sale; empty = nobody said so, so it is")
    valid_from: datetime = Field(description="since when this holds, UTC")


class StockedItemTold(ItemTold):
    """An item with how it sells."""

    pieces: float = Field(description="sold in the last `pace_days` dates of the rules")
    net: Decimal = Field(description="money of these pieces, less refunds")
    days_of_cover: float | None = Field(
        description="days that the stock lasts at that pace; empty = not known, or ever"
    )
    state: StockState = Field(description="how it stands: the rules say what that means")


class StockRulesTold(Contract):
    """What the states of stock mean."""

    pace_days: int = Field(description="local dates over which pieces sold a day are counted, the build's the last")
    soon_days: int = Field(description="stock for fewer days is running out")
    long_days: int = Field(description="stock for more days is over-stocked; so is any stock of what did not sell")


class FoundGoodsTold(Contract):
    """A page of goods."""

    total: int = Field(description="goods on all pages")
    goods: list[StockedItemTold] = Field(description="goods of this page, as they are at the build's instant")
    states: dict[StockState, int] = Field(description="how many of the goods with the text stand how")
    rules: StockRulesTold = Field(description="what the states mean")
    next: str | None = Field(description="cursor of the next page; empty = this is the last")
    computed: ComputedTold = Field(description="from which build")


class VariantTold(ItemTold):
    """An item of the same model."""

    attributes: dict[str, Any] = Field(description="what sets it apart, such as colour and size")


class ItemDayTold(Contract):
    """One local date of an item."""

    on: date = Field(description="local date")
    price: Decimal | None = Field(description="list price at its end")
    cost: Decimal | None = Field(description="cost of one piece at its end")
    stock: int | None = Field(description="pieces in stock at its end")
    pieces: float = Field(description="pieces sold")
    net: Decimal = Field(description="money of these pieces, less what was refunded of them since")
    condition: str | None = Field(description="lists the buyers of that date; empty = nobody, or it cannot be said")


class ItemSalesTold(Contract):
    """How an item sold lately."""

    pieces: float = Field(description="pieces sold in the last `pace_days` dates of the rules")
    net: Decimal = Field(description="money of these pieces, less refunds")
    buyers: PeopleTold | None = Field(description="people who bought it; empty = another source's has its number")
    days_of_cover: float | None = Field(
        description="days that the stock lasts at that pace; empty = not known, or ever"
    )
    state: StockState = Field(description="how it stands: the rules say what that means")
    rules: StockRulesTold = Field(description="what the states mean")


class ItemPageTold(Contract):
    """One item with its history, its sales and its people."""

    item: ItemTold = Field(description="as it is at the build's instant")
    attributes: dict[str, Any] = Field(description="what sets it apart, such as colour and size")
    shows_picture: bool = Field(description="the settings' `picture_hosts` let a page load its picture")
    margin: float | None = Field(description="share of the price that is not cost, below 1")
    sales: ItemSalesTold = Field(description="how it sold lately")
    course: list[ItemDayTold] = Field(description="the last 90 dates, oldest first")
    marks: list[MarkTold] = Field(description="what of the calendar and the policies touches them, earliest first")
    history: list[ItemTold] = Field(description="what it was, newest first; the last 200 changes")
    variants: list[VariantTold] = Field(description="items of the same model, itself too; at most 100")
    buyers: PeopleTold | None = Field(description="people who bought it; empty = another source's has its number")
    viewers: PeopleTold | None = Field(description="people who looked at it; empty likewise")
    computed: ComputedTold = Field(description="from which build")
