"""``qianmian goods …``: the goods with how they stand and sell."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from qianmian.app.contracts.goods import FoundGoodsTold, ItemPageTold
from qianmian.app.questions.goods import goods
from qianmian.app.questions.item import item_page
from qianmian.app.questions.sales import StockState
from qianmian.app.shop import ANALYSE
from qianmian.cli.door import Door, command
from qianmian.cli.exits import printable
from qianmian.cli.profile import Purpose


def register(app: typer.Typer) -> None:
    """Add the commands of this stage."""
    group = typer.Typer(no_args_is_help=True, help="Goods: what they are, how they sell, how long their stock lasts.")
    command(group, "list")(list_goods)
    command(group, "show")(show)
    app.add_typer(group, name="goods")


def list_goods(
    door: Door,
    text: Annotated[str, typer.Option(help="Letters in title, number, model, category or brand.")] = "",
    state: Annotated[StockState | None, typer.Option(help="How they stand.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Goods to list.")] = 50,
    purpose: Purpose = ANALYSE,
) -> None:
    """List goods with their stock, what was sold of them, and how long the stock lasts."""
    with door.shop() as shop:
        told = FoundGoodsTold.model_validate(goods(shop, purpose=purpose, text=text, state=state, limit=limit))
    table = Table("item", "title", "category", "price", "stock", "sold", "days left", "state", box=None)
    for item in told.goods:
        days = "" if item.days_of_cover is None else f"{item.days_of_cover:,.0f}"
        words = (printable(word or "") for word in (item.item_id, item.title, item.category_id))
        table.add_row(*words, _number(item.price), _number(item.stock), f"{item.pieces:,.0f}", days, item.state)
    counted = ", ".join(f"{state} {number:,}" for state, number in told.states.items())
    rules = told.rules
    door.tell_rows(
        told,
        table,
        "no goods",
        f"{len(told.goods):,} of {told.total:,}: {counted}",
        f"sold: pieces in the last {rules.pace_days} days; running_out: less than {rules.soon_days} days left at "
        f"that pace; over_stocked: more than {rules.long_days}, or nothing sold",
    )


def show(
    door: Door,
    source: Annotated[str, typer.Argument(help="Data source.", show_default=False)],
    item: Annotated[str, typer.Argument(help="The source's number of the item.", show_default=False)],
    purpose: Purpose = ANALYSE,
) -> None:
    """Show an item: what it is, its model, its sales and stock, and how many people bought it."""
    with door.shop() as shop:
        told = ItemPageTold.model_validate(item_page(shop, source, item, purpose=purpose))
    table = Table("since", "title", "price", "cost", "stock", "", box=None)
    for one in told.history:
        off = "off sale" if one.is_delisted else ""
        numbers = (_number(value) for value in (one.price, one.cost, one.stock))
        table.add_row(f"{one.valid_from:%Y-%m-%d %H:%M}", printable(one.title or ""), *numbers, off)
    sales = told.sales
    attributes = "  ".join(f"{name} {value}" for name, value in told.attributes.items())
    days = "" if sales.days_of_cover is None else f", {sales.days_of_cover:,.0f} days left"
    people = f", {sales.buyers.people:,} people" if sales.buyers else ""
    door.tell(
        told,
        printable(f"{told.item.title or item}  {told.item.spu_id or ''}  {attributes}"),
        f"last {sales.rules.pace_days} days: {sales.pieces:,.0f} pieces, net {sales.net:,.2f}{people}{days}",
        f"{sales.state}; items of its model: {len(told.variants):,}",
        table,
    )


def _number(value: object) -> str:
    return "" if value is None else f"{value:,}"
