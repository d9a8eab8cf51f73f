"""What the lake holds before any profile is made of it: events, lines, goods and who is who; pyarrow alone reads it."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlparse
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq
from deltalake import DeltaTable

PAID, REFUNDED = "Order Completed", "Order Refunded"
_BEGINNING = datetime.min.replace(tzinfo=UTC)


class Row(NamedTuple):
    """An event, or one further product of it, under its person; sorts by time, then by key and line."""

    at: datetime
    key: int
    line: int
    source: str
    event_id: str
    name: str
    item: str | None
    channel: str | None
    device_type: str | None
    region: str | None
    on: date
    hour: int
    money: Decimal
    money_on: date


@dataclass(frozen=True)
class Money:
    """A payment or refund that counts: on which node, looked up at which instant, how much, and on which date."""

    node: int
    at: datetime
    amount: Decimal
    on: date


@dataclass
class Lake:
    """The raw tables of a workspace up to an instant."""

    folder: Path
    instant: datetime
    zone: ZoneInfo

    def __post_init__(self) -> None:
        self.events = [event for event in self.rows("events") if event["occurred_at"] <= self.instant]
        self.events.sort(key=lambda event: (event["batch"], event["occurred_at"], event["event_key"]))
        self.lines: defaultdict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        for line in self.rows("event_lines"):
            self.lines[line["source"], line["event_id"]].append(line)
        self.items = list(self.rows("items"))
        self.money, self.net = self._settle()

    def owner(self, persons: dict[int, list[tuple[datetime, int]]], node: int, at: datetime) -> int | None:
        """The person of a node at an instant; nobody has node 0."""
        intervals = persons.get(node, []) if node else []
        place = bisect_right(intervals, at, key=lambda interval: interval[0]) - 1
        return intervals[place][1] if place >= 0 else None

    def persons(self) -> dict[int, list[tuple[datetime, int]]]:
        """The published who-is-who: for each node its intervals as (since, person), in order."""
        found: defaultdict[int, list[tuple[datetime, int]]] = defaultdict(list)
        for row in self.rows("persons"):
            found[row["node_id"]].append((row["since"] or _BEGINNING, row["person_id"]))
        return {node: sorted(intervals) for node, intervals in found.items()}

    def people(self) -> dict[int, list[Row]]:
        """Every person's rows, in the order of time."""
        persons = self.persons()
        people: defaultdict[int, list[Row]] = defaultdict(list)
        for event in self.events:
            money = self.money.get(event["event_key"])
            if event["name"] in (PAID, REFUNDED) and money is None:
                continue  # told twice: the first stands
            node, at = (money.node, money.at) if money else (event["node_id"], event["occurred_at"])
            person = self.owner(persons, node, at)
            if person is not None:
                people[person] += self._told(event, money)
        return {person: sorted(rows) for person, rows in people.items()}

    def local(self, at: datetime) -> datetime:
        """An instant by the shop's clock."""
        return at.astimezone(self.zone)

    def _told(self, event: dict[str, Any], money: Money | None) -> Iterator[Row]:
        """The main row with the money and the first product, then a row for each further product."""
        local = self.local(event["occurred_at"])
        products = {line["line"]: line["item_id"] for line in self.lines[event["source"], event["event_id"]]}
        amount, on = (money.amount, money.on) if money else (Decimal(0), local.date())
        for number in sorted({0, *products}):
            first = number == 0
            item = event["item_id"] if first and event["item_id"] is not None else products.get(number)
            yield Row(
                event["occurred_at"],
                event["event_key"],
                number,
                event["source"],
                event["event_id"],
                event["name"],
                item,
                event["channel"],
                event["device_type"],
                event["region"],
                local.date(),
                local.hour,
                amount if first else Decimal(0),
                on,
            )

    def _settle(self) -> tuple[dict[int, Money], dict[tuple[str, str], Decimal]]:
        """Money by event_key, and the net money of each order; each order and each refund once, the first that came."""
        counts: dict[int, Money] = {}
        orders: dict[tuple[str, str], Money] = {}
        for event in self._first(PAID, "order_id"):
            at = event["occurred_at"]
            paid = Money(event["node_id"], at, self._declared(event), self.local(at).date())
            counts[event["event_key"]] = orders[event["source"], event["order_id"] or event["event_id"]] = paid
        net = {order: paid.amount for order, paid in orders.items()}
        for event in self._first(REFUNDED, "refund_id"):
            amount, order = abs(self._declared(event)), (event["source"], event["order_id"])
            paid = orders.get(order) or Money(
                event["node_id"], event["occurred_at"], Decimal(0), self.local(event["occurred_at"]).date()
            )
            counts[event["event_key"]] = Money(paid.node, paid.at, -amount, paid.on)
            if order in net:
                net[order] -= amount
        return counts, net

    def _first(self, name: str, number: str) -> Iterator[dict[str, Any]]:
        seen = set()
        for event in self.events:
            key = event["source"], event[number] or event["event_id"]
            if event["name"] == name and key not in seen:
                seen.add(key)
                yield event

    def _declared(self, event: dict[str, Any]) -> Decimal:
        """The declared total, else the lines' money."""
        if event["total"] is not None:
            return Decimal(event["total"])
        worth = [_worth(line) for line in self.lines[event["source"], event["event_id"]]]
        return sum((money for money in worth if money is not None), Decimal(0))

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """All rows of a released table."""
        for file in table_files(self.folder, table):
            yield from pq.ParquetFile(file).read().to_pylist()


def table_files(workspace: Path, table: str) -> list[Path]:
    """The Parquet files that hold a table's rows now, as its Delta log says."""
    folder = workspace / "data" / "lake" / table
    if not (folder / "_delta_log").exists():
        return []
    return [Path(unquote(urlparse(uri).path)) for uri in sorted(DeltaTable(str(folder)).file_uris())]


def _worth(line: dict[str, Any]) -> Decimal | None:
    if line["amount"] is not None:
        return Decimal(line["amount"])
    if line["quantity"] is None or line["unit_price"] is None:
        return None
    return (Decimal(str(line["quantity"])) * Decimal(line["unit_price"])).quantize(Decimal("0.0001"))
