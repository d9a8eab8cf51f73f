"""Imports a year of invoices, builds as of its last evening and prints what the shop then knows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import qianmian
from examples.asking import ask
from examples.folders import Folders, read_folders
from examples.online_retail.goods import gather_goods
from examples.printing import print_table
from qianmian.app.shop import Shop
from qianmian.core.clock import FixedClock

FILE = Path("uci_online_retail") / "online_retail_II_2009_2010.parquet"
#: The last evening of the data; in December, London's clocks show UTC.
NOW = datetime(2010, 12, 9, 23, 59, 59, tzinfo=UTC)
#: Worth a letter: bought often and much, and silent for two months or more.
WIN_BACK = "recency_days >= 60 and orders_total >= 3 and net_revenue >= 1000"
_HERE = Path(__file__).parent


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the story from the command line."""
    folders = read_folders("A year of a British gift shop, from invoices to profiles.", arguments)
    shop, titles = make_shop(folders)
    try:
        tell(shop, titles)
    finally:
        shop.close()


def make_shop(folders: Folders) -> tuple[Shop, dict[str, str]]:
    """Make the workspace, import goods and invoices, and build.

    Returns:
        The open shop, and a title for each family of goods.
    """
    shop = qianmian.init(
        folders.workspace,
        name="Online Retail",
        clock=FixedClock(NOW),
        time_zone="Europe/London",
        currency="GBP",
        language="en",
    )
    invoices, goods = folders.data / FILE, folders.workspace / "goods.csv"
    titles = gather_goods(invoices, goods)
    shop.import_file(goods, _HERE / "goods.yaml")
    shop.import_file(invoices, _HERE / "mapping.yaml")
    shop.build()
    return shop, titles


def tell(shop: Shop, titles: dict[str, str]) -> None:
    """Print the tables of the story."""
    print_table("The year", ("", "all", "of known customers"), zip(*_totals(shop), strict=True))
    for tag, title in (("lifecycle", "Lifecycle on the last evening"), ("rfm", "RFM segments of buyers")):
        report = shop.tag(tag)
        rows = [(share.label, share.people, share.people / report.covered) for share in report.shares]
        print_table(title, (tag, "customers", "share"), rows)
    families = shop.tag("preferred_category").shares[:10]
    print_table(
        "Preferred families of goods (the data has no categories)",
        ("family", "customers", "best-selling item"),
        [(share.label, share.people, titles[share.label]) for share in families],
    )
    bought, again = (shop.audience(f"orders_total >= {least}", limit=0).size() for least in (1, 2))
    print_table(
        "Repurchase within the year", ("bought", "bought again", "rate"), [(f"{bought:,}", again, again / bought)]
    )
    audience = shop.audience(WIN_BACK, limit=0)
    rows = [(audience.condition, audience.size(), audience.size() / audience.of_people)]
    print_table("An audience", ("condition", "customers", "share"), rows)


_MONEY = """
SELECT (SELECT count(*) FROM orders WHERE {order}) AS orders, (SELECT sum(paid) FROM orders WHERE {order}) AS gross,
       (SELECT count(*) FROM refunds WHERE {refund}) AS refunds,
       (SELECT sum(amount) FROM refunds WHERE {refund}) AS given_back
"""


def _totals(shop: Shop) -> tuple[tuple[str, ...], list[Any], list[Any]]:
    """Names of the totals, their values over all orders, and over those of known customers."""
    names = ("customers", "orders", "gross GBP", "refunds", "refunded GBP", "net GBP")
    columns = []
    for order, refund in (("true", "true"), ("person_id <> 0", "node_id <> 0")):
        found = ask(shop, _MONEY.format(order=order, refund=refund), "orders", "refunds").to_pylist()[0]
        people = ask(shop, "SELECT count(*) AS people FROM profiles", "profiles").to_pylist()[0]["people"]
        gross, back = Decimal(found["gross"]), Decimal(found["given_back"])
        columns.append([people, found["orders"], gross, found["refunds"], back, gross - back])
    return names, columns[0], columns[1]
