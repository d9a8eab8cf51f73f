"""One file of the world's events as rows from which exports are filled: each event once, with its true person."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pyarrow.compute as pc
import pyarrow.parquet as pq

from qianmian.core import events

#: What a column is filled from: names and values of one row.
Row = dict[str, Any]
ZONE = ZoneInfo("Asia/Shanghai")
SOCIAL = ("weibo", "xiaohongshu", "douyin", "kuaishou", "wechat")
LIVE = ("douyin", "kuaishou")
_EXPORTED = (
    *(events.ORDER_COMPLETED, events.ORDER_REFUNDED, events.ORDER_CANCELLED, events.ORDER_DELIVERED),
    *(events.REVIEW_WRITTEN, events.PROFILE_UPDATED, events.POST_CREATED, events.POST_COMMENTED, events.POST_SHARED),
    *(events.LIVE_JOINED, events.USER_FOLLOWED, events.INVITE_ACCEPTED),
)
#: A difference of the clocks below this is the way, not the clock.
_LATENCY = timedelta(minutes=5)


@dataclass(frozen=True)
class Part:
    """The events of one file that an export can hold.

    Attributes:
        rows: one an event: the world's columns, the keys of its properties, ``person`` and ``at`` (local time).
        goods: facts of each item by its number.
    """

    rows: tuple[Row, ...]
    goods: dict[str, Row]

    def named(self, *names: str) -> list[Row]:
        """The events of these names."""
        return [row for row in self.rows if row["event"] in names]

    @cached_property
    def orders(self) -> dict[str, Row]:
        """Paid orders by number, with their ``lines``, ``state``, and what was ``refunded``; a double push is one."""
        found: dict[str, Row] = {}
        for row in self.named(events.ORDER_COMPLETED):
            found.setdefault(row["order_id"], row | {"lines": [self._line(line) for line in row["products"]]})
        back: dict[str, Decimal] = defaultdict(Decimal)
        for refund in self.refunds:
            back[refund["order_id"]] += refund["total"]
        cancelled, delivered = (
            {row["order_id"]: row for row in self.named(name)}
            for name in (events.ORDER_CANCELLED, events.ORDER_DELIVERED)
        )
        for number, order in found.items():
            total = order["total"]
            order["paid"] = sum((line["amount"] for line in order["lines"]), Decimal()) if total is None else total
            order["refunded"] = back[number]
            order["delivered_at"] = delivered[number]["at"] if number in delivered else None
            order["state"] = _state(order, cancelled=number in cancelled)
        return found

    @cached_property
    def refunds(self) -> list[Row]:
        """Refunds, each number once."""
        return list({row["refund_id"]: row for row in reversed(self.named(events.ORDER_REFUNDED))}.values())[::-1]

    def orders_of(self, channel: str) -> list[Row]:
        """Orders that were made on a channel."""
        return [order for order in self.orders.values() if order["channel"] == channel]

    def lines_of(self, channel: str) -> list[Row]:
        """Order lines of a channel, each with the fields of its order."""
        return [
            order | line | {"line": number}
            for order in self.orders_of(channel)
            for number, line in enumerate(order["lines"])
        ]

    def of_orders(self, rows: list[Row], channel: str) -> list[Row]:
        """Rows whose order was made on a channel, with ``order`` and the facts of their item."""
        known = {order["order_id"]: order for order in self.orders_of(channel)}
        return [
            row | {"order": known[row["order_id"]], **self._item(row.get("item_id"))}
            for row in rows
            if row["order_id"] in known
        ]

    def on(self, platform: str, *names: str) -> list[Row]:
        """Posts, or the talk about posts, of a social platform."""
        return [row for row in self.named(*names) if _dealt(row.get("post_id"), SOCIAL) == platform]

    def live_on(self, platform: str) -> list[Row]:
        """Live visits of a platform."""
        return [row for row in self.named(events.LIVE_JOINED) if _dealt(row.get("room_id"), LIVE) == platform]

    def with_union_id(self, name: str) -> list[Row]:
        """Events of a name whose client knows the union id."""
        return [row for row in self.named(name) if row["wechat_unionid"]]

    def _line(self, line: Row) -> Row:
        money = {name: Decimal(line[name]) for name in ("unit_price", "amount")}
        return {"coupon_id": None, **line, **money, **self._item(line["item_id"])}

    def _item(self, item: str | None) -> Row:
        return self.goods.get(item or "", {"title": "", "category": "", "brand": ""})


class Persons:
    """The true person of each message of a world, read along with its files of events, which come in the same order."""

    def __init__(self, world: Path) -> None:
        """Open the truth of a world."""
        file = pq.ParquetFile(world / "truth" / "persons.parquet")
        self._groups = (file.read_row_group(at, ["message_id", "person"]) for at in range(file.num_row_groups))

    def of(self, messages: set[str]) -> dict[str, int | None]:
        """The persons of the messages of the next file; None = nobody."""
        found: dict[str, int | None] = {}
        while not messages <= found.keys() and (group := next(self._groups, None)) is not None:
            found.update(zip(group["message_id"].to_pylist(), group["person"].to_pylist(), strict=True))
        return found


def read_part(file: Path, persons: Persons, goods: dict[str, Row]) -> Part:
    """Read a file of events.

    Args:
        file: of a generated world, sorted by arrival.
        persons: who is behind each message.
        goods: facts of each item by its number.
    """
    table = pq.read_table(file, filters=pc.field("event").isin(_EXPORTED))
    who = persons.of(set(table["message_id"].to_pylist()))
    rows: dict[str, Row] = {}
    for row in table.to_pylist():
        if row["message_id"] not in rows:  # a repeated delivery is no other event
            rows[row["message_id"]] = {
                **orjson.loads(row["properties"] or "{}"),
                **row,
                "products": orjson.loads(row["products"] or "[]"),
                "person": who.get(row["message_id"]) or 0,
                "at": _by_right_clock(row),
            }
    return Part(tuple(rows.values()), goods)


def _dealt(number: str | None, platforms: tuple[str, ...]) -> str:
    """Which platform a post or room is dealt to, by the last digits of its number; none if it has no number."""
    found = re.search("[0-9]{1,4}$", number or "")
    return platforms[int(found[0]) % len(platforms)] if found else ""


def _state(order: Row, *, cancelled: bool) -> str:
    if cancelled:
        return "cancelled"
    if order["refunded"]:
        return "refunded" if order["refunded"] >= order["paid"] else "part_refunded"
    return "delivered" if order["delivered_at"] else "paid"


def _by_right_clock(row: Row) -> datetime:
    """When it happened by the clock of the platform, which a wrong clock of a device does not touch; Chinese time."""
    ahead = row["sent_at"] - row["received_at"]
    at: datetime = row["timestamp"] if abs(ahead) <= _LATENCY else row["timestamp"] - ahead
    return at.astimezone(ZONE)
