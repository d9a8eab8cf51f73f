"""A person's orders with their products and refunds, the newest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from qianmian.app.answers import Computed
from qianmian.app.questions.cursor import cursor, place_of
from qianmian.app.shop import Shop
from qianmian.collect.goods import item_states
from qianmian.core.people import id_number
from qianmian.lake.connection import fetch

_ORDERS = """
SELECT source, order_id, event_key, occurred_at, ordered_on, paid, refunded, net, currency,
       epoch_us(occurred_at) AS at, (SELECT count(*) FROM orders WHERE person_id = $person) AS total
FROM orders WHERE person_id = $person
AND ($at IS NULL OR (epoch_us(occurred_at), source, order_id) < ($at, $source, $order))
ORDER BY occurred_at DESC, source DESC, order_id DESC LIMIT $limit
"""
_LINES = f"""
WITH named AS (SELECT source, item_id, arg_max(title, valid_from) AS title
               FROM ({item_states("title", where="valid_from <= $now")}) GROUP BY ALL)
SELECT event_key, line, item_id, title, quantity, unit_price, amount
FROM event_lines LEFT JOIN named USING (source, item_id)
WHERE event_key IN (SELECT unnest($keys)) AND day IN (SELECT unnest($days)) ORDER BY event_key, line
"""
_REFUNDS = """
SELECT source, order_id, refund_id, occurred_at, amount FROM refunds
WHERE matched AND source || '/' || order_id IN (SELECT unnest($names)) ORDER BY occurred_at, refund_id
"""


@dataclass(frozen=True)
class OrderLine:
    """A product of an order."""

    line: int
    item_id: str | None
    title: str | None
    quantity: float | None
    unit_price: Decimal | None
    amount: Decimal | None


@dataclass(frozen=True)
class OrderRefund:
    """Money of an order that was given back."""

    refund_id: str
    occurred_at: datetime
    amount: Decimal


@dataclass(frozen=True)
class PersonOrder:
    """An order that was paid, as of the build."""

    source: str
    order_id: str
    occurred_at: datetime
    ordered_on: date
    paid: Decimal
    refunded: Decimal
    net: Decimal
    currency: str | None
    lines: list[OrderLine]
    refunds: list[OrderRefund]


@dataclass(frozen=True)
class PersonOrders:
    """A page of a person's orders.

    Attributes:
        total: how many there are on all pages.
        orders: those of this page.
        next: cursor of the next page; None = this is the last.
        computed: from which build.
    """

    total: int
    orders: list[PersonOrder]
    next: str | None
    computed: Computed


def orders(shop: Shop, person: str, *, purpose: str, after: str | None = None, limit: int = 20) -> PersonOrders:
    """A page of a person's orders; nobody's are none.

    Args:
        shop: the shop.
        person: id of the person.
        purpose: what they are looked up for.
        after: cursor of the page; None = the newest orders.
        limit: orders on a page.

    Raises:
        PurposeError: the purpose is not registered.
        InputError: the id or the cursor is none.
    """
    at, source, order = place_of(after, int, str, str) if after else (None, None, None)
    values = {"person": id_number(person), "at": at, "source": source, "order": order, "limit": limit + 1}
    with shop.asking(purpose, "orders", "refunds", "event_lines") as (found, computed):
        rows = fetch(found.connection, _ORDERS, values).to_pylist()
        some = rows[:limit]
        days = sorted({row["occurred_at"].date() for row in some})
        asked = {"keys": [row["event_key"] for row in some], "days": days, "now": computed.instant}
        lines = fetch(found.connection, _LINES, asked).to_pylist()
        names = [f"{row['source']}/{row['order_id']}" for row in some]
        refunds = fetch(found.connection, _REFUNDS, {"names": names}).to_pylist()
    told = [_order(row, lines, refunds) for row in some]
    last = some[-1] if len(rows) > limit else None
    following = cursor(last["at"], last["source"], last["order_id"]) if last else None
    return PersonOrders(rows[0]["total"] if rows else 0, told, following, computed)


def _order(
    row: Mapping[str, Any], lines: Iterable[Mapping[str, Any]], refunds: Iterable[Mapping[str, Any]]
) -> PersonOrder:
    name = (row["source"], row["order_id"])
    kept = ("source", "order_id", "occurred_at", "ordered_on", "paid", "refunded", "net", "currency")
    return PersonOrder(
        **{column: row[column] for column in kept},
        lines=[
            OrderLine(**{key: value for key, value in line.items() if key != "event_key"})
            for line in lines
            if line["event_key"] == row["event_key"]
        ],
        refunds=[
            OrderRefund(refund["refund_id"], refund["occurred_at"], refund["amount"])
            for refund in refunds
            if (refund["source"], refund["order_id"]) == name
        ],
    )
