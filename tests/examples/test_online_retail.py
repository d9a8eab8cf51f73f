"""The story of the gift shop against its raw file, counted in plain Python."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from examples.folders import Folders
from examples.online_retail.run import FILE, WIN_BACK, make_shop, tell
from qianmian.app.metrics import Question
from qianmian.app.shop import Shop
from qianmian.measure.metrics.declare import Grain
from tests.evidence.expected import SEGMENTS
from tests.evidence.raw import table_files
from tests.examples.people import profiles

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
LAST_DAY = date(2010, 12, 9)
_COLUMNS = ("Invoice", "StockCode", "Quantity", "Price", "InvoiceDate", "Customer ID")


@dataclass
class Customer:
    """A customer as the raw file shows them: dates of sales by invoice, and all money."""

    sales: dict[str, date] = field(default_factory=dict)
    net: Decimal = Decimal(0)

    @property
    def days(self) -> int:
        """Days since the last sale."""
        return (LAST_DAY - max(self.sales.values())).days

    @property
    def stage(self) -> str:
        """The lifecycle stage."""
        if sum((LAST_DAY - on).days < 90 for on in self.sales.values()) >= 3:
            return "loyal"
        if self.days < 30:
            return "new" if len(self.sales) == 1 else "active"
        return "at_risk" if self.days < 60 else "lost"


class RawYear:
    """The raw file, line by line."""

    def __init__(self, file: Path) -> None:
        table = pq.read_table(file, columns=list(_COLUMNS)).to_pydict()
        self.lines = list(zip(*(table[name] for name in _COLUMNS), strict=True))
        self.sold: dict[str, Decimal] = defaultdict(Decimal)
        self.given_back: dict[str, Decimal] = defaultdict(Decimal)
        self.customer_of: dict[str, str] = {}
        self.customers: dict[str, Customer] = defaultdict(Customer)
        for invoice, _, quantity, price, at, number in self.lines:
            if number is not None:
                self.customer_of[invoice] = str(int(number))
            self._take(invoice, quantity * Decimal(str(price)), date.fromisoformat(at[:10]), is_stock=quantity < 0)

    def _take(self, invoice: str, money: Decimal, on: date, *, is_stock: bool) -> None:
        if invoice.startswith("A") or (is_stock and not invoice.startswith("C")):
            return
        (self.given_back if invoice.startswith("C") else self.sold)[invoice] += money
        if invoice in self.customer_of:
            customer = self.customers[self.customer_of[invoice]]
            customer.net += money
            if not invoice.startswith("C"):
                customer.sales.setdefault(invoice, on)

    @cached_property
    def buyers(self) -> dict[str, Customer]:
        """Customers with a sale."""
        return {number: customer for number, customer in self.customers.items() if customer.sales}

    def score(self, own: int, measures: list[int]) -> int:
        """Quintile, 1 to 5."""
        return 1 + 5 * sum(measure < own for measure in measures) // len(measures)


@pytest.fixture(scope="module")
def raw(data: Path) -> RawYear:
    return RawYear(data / FILE)


@pytest.fixture(scope="module")
def shop(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    made, titles = make_shop(Folders(data, tmp_path_factory.mktemp("retail") / "shop"))
    tell(made, titles)
    yield made
    made.close()


def _rows(shop: Shop, table: str, *columns: str) -> list[tuple[Any, ...]]:
    found = [pq.read_table(file, columns=list(columns)) for file in table_files(shop.workspace.folder, table)]
    return [row for part in found for row in zip(*(part[name].to_pylist() for name in columns), strict=True)]


def test_every_line_is_kept_equal_ones_too(shop: Shop, raw: RawYear) -> None:
    kept = Counter(_rows(shop, "event_lines", "event_id", "item_id", "quantity", "unit_price"))
    told = Counter((line[0], line[1].strip(), float(line[2]), Decimal(str(line[3]))) for line in raw.lines)
    assert told.total() == 525_461
    assert told.total() - len(told) > 6_000
    assert kept == told


def test_orders_and_refunds_are_the_invoices_of_the_file(shop: Shop, raw: RawYear) -> None:
    assert dict(_rows(shop, "orders", "order_id", "paid")) == raw.sold
    assert dict(_rows(shop, "refunds", "refund_id", "amount")) == {k: abs(v) for k, v in raw.given_back.items()}
    assert {matched for (matched,) in _rows(shop, "refunds", "matched")} == {False}


def test_an_invoice_without_customer_is_nobodys(shop: Shop, raw: RawYear) -> None:
    nobodys = {order for order, person in _rows(shop, "orders", "order_id", "person_id") if person == 0}
    assert nobodys == set(raw.sold) - set(raw.customer_of)
    assert shop.audience("orders_total >= 0", limit=0).of_people == len(set(raw.customer_of.values()))


def test_every_customers_numbers_are_those_of_the_file(shop: Shop, raw: RawYear) -> None:
    columns = ["net_revenue", "orders_total", "recency_days", "lifecycle", "first_order_on", "last_order_on"]
    found = profiles(shop, raw.customers, columns)
    for number, customer in raw.customers.items():
        dates = sorted(customer.sales.values())
        ends = (customer.days, customer.stage, dates[0], dates[-1]) if dates else (None, "potential", None, None)
        expected = (customer.net, len(customer.sales), *ends)
        assert tuple(found[number][name] for name in columns) == expected, number


def test_rfm_is_reckoned_over_the_buyers_of_the_file(shop: Shop, raw: RawYear) -> None:
    found = profiles(shop, raw.customers, ["r_score", "f_score", "m_score", "rfm"])
    buyers = list(raw.buyers.values())
    days, orders = [-one.days for one in buyers], [len(one.sales) for one in buyers]
    money, net = [int(one.net) for one in buyers], [one.net for one in buyers]
    for number, one in raw.buyers.items():
        scores = tuple(found[number][name] for name in ("r_score", "f_score", "m_score"))
        own = (-one.days, days), (len(one.sales), orders), (int(one.net), money)
        assert scores == tuple(raw.score(*measure) for measure in own), number
        recent, frequent = -one.days * len(buyers) >= sum(days), len(one.sales) * len(buyers) >= sum(orders)
        assert found[number]["rfm"] == SEGMENTS[recent, frequent, one.net * len(buyers) >= sum(net)], number
    assert {found[number]["rfm"] for number in raw.customers.keys() - raw.buyers.keys()} <= {None}


def test_repurchase_and_the_audience_are_those_of_the_file(shop: Shop, raw: RawYear) -> None:
    again = sum(len(one.sales) >= 2 for one in raw.buyers.values())
    assert shop.audience("orders_total >= 2", limit=0).size() == again
    assert shop.audience("did('Order Completed') >= 2", limit=0).size() == again
    silent = [one for one in raw.buyers.values() if one.days >= 60 and len(one.sales) >= 3 and one.net >= 1000]
    assert shop.audience(WIN_BACK, limit=0).size() == len(silent)


def test_metrics_of_the_year_are_those_of_the_file(shop: Shop, raw: RawYear) -> None:
    names = ["gmv", "orders", "buyers", "repeat_rate", "average_order_value", "refunds", "refund_amount", "pieces"]
    asked = Question(names, date(2009, 12, 1), LAST_DAY, Grain.TOTAL)
    told = {one.metric.name: one.points[0].value for one in shop.metrics(asked).series}
    gmv, again = sum(raw.sold.values()), sum(len(one.sales) >= 2 for one in raw.buyers.values())
    assert (told["gmv"], told["orders"]) == (gmv, len(raw.sold))
    assert (told["buyers"], told["repeat_rate"]) == (len(raw.buyers), again / len(raw.buyers))
    assert told["average_order_value"] == round(gmv / len(raw.sold), 4)
    assert (told["refunds"], told["refund_amount"]) == (len(raw.given_back), sum(map(abs, raw.given_back.values())))
    assert told["pieces"] == sum(quantity for invoice, _, quantity, *_ in raw.lines if invoice in raw.sold)


def test_one_customer_by_the_front_door(shop: Shop, raw: RawYear) -> None:
    number, customer = max(raw.buyers.items(), key=lambda pair: pair[1].net)
    profile = shop.profile(number)
    assert profile["net_revenue"] == customer.net
    evidence = next(tag.evidence for tag in profile.tags if tag.tag.name == "orders_total")
    assert evidence.rows == len(customer.sales)
    assert evidence.first is not None
    assert evidence.first.event_id in customer.sales
