"""A real shop in a folder, and short ways to leave traces in it and to look at what it made of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa

import qianmian
from qianmian.app import build as building
from qianmian.app.plan import LEADER, plan
from qianmian.app.tables import ALL_TABLES
from qianmian.collect.imports.report import ImportReport
from qianmian.core.clock import FixedClock
from qianmian.core.people import parse_identifier
from qianmian.lake.connection import connect, fetch
from qianmian.lake.store import Lake
from qianmian.privacy.pseudonyms import pseudonymise
from qianmian.profile.history import files
from qianmian.profile.history.segments import segments
from qianmian.profile.tags.basic import BASIC
from qianmian.profile.tags.built_in import all_tags
from qianmian.profile.tags.cuts import Totals
from qianmian.profile.tags.values import show_profiles
from tests.databases import copy_workspace

NOW = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)  # noon in Shanghai
EVENTS = """
source: shop
grain: event
format: jsonl
event:
  {event_id: id, name: event, occurred_at: at, order_id: order, refund_id: refund, total: total, item_id: item,
   region: region, channel: channel, device_type: device_type}
identifiers: {user_id: user, phone: phone, anonymous_id: anon, device: device}
products: {from: products, item_id: sku, quantity: n, unit_price: price, amount: amount}
"""
GOODS = """
source: shop
grain: item
format: jsonl
item: {item_id: sku, valid_from: since, category_id: category, brand_id: brand, price: price}
"""
_NAMES = "id event at order refund total item region channel device_type user phone anon device products".split()
_numbers = count(1)


def trace(event: str, at: str | datetime, **fields: Any) -> dict[str, Any]:
    """One event as the shop's file has it; ``at`` without an offset is Shanghai's time.

    The id, unless given, differs from that of every other trace.
    """
    when = at if isinstance(at, str) else at.isoformat()
    if "+" not in when and "Z" not in when:
        when = f"{when if 'T' in when else f'{when}T12:00:00'}+08:00"
    known = {"id": f"e{next(_numbers)}", "event": event, "at": when} | fields
    assert set(known) <= set(_NAMES), set(known) - set(_NAMES)
    return {name: known.get(name) for name in _NAMES}


def good(
    sku: str, category: str, price: str = "10", brand: str | None = None, since: str = "2026-01-01"
) -> dict[str, Any]:
    """One item as the goods file has it."""
    return {"sku": sku, "since": f"{since}T00:00:00+08:00", "category": category, "brand": brand, "price": price}


@dataclass
class Scene:
    """A shop whose clock stands still, in a folder of its own."""

    folder: Path
    now: datetime = NOW
    settings: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        limits = {"memory_mib": 512} | dict(self.settings)
        if not (self.folder / "qianmian.toml").exists():
            qianmian.init(self.folder, name="shop", **limits).close()
        self.shop = qianmian.open(self.folder, clock=FixedClock(self.now))
        self._files = count(len(list(self.folder.glob("*.jsonl"))))

    def take(self, rows: Iterable[Mapping[str, Any]], mapping: str = EVENTS) -> ImportReport:
        """Import events."""
        return self._take(list(rows), mapping)

    def goods(self, rows: Iterable[Mapping[str, Any]]) -> ImportReport:
        """Import goods."""
        return self._take(list(rows), GOODS)

    def _take(self, rows: list[Mapping[str, Any]], mapping: str) -> ImportReport:
        stem = self.folder / f"rows-{next(self._files)}"
        stem.with_suffix(".yaml").write_text(mapping)
        stem.with_suffix(".jsonl").write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows))
        return self.shop.import_file(stem.with_suffix(".jsonl"), stem.with_suffix(".yaml"))

    def node(self, name: str) -> int:
        """The node of ``namespace:value`` or of a bare user_id."""
        identifier = parse_identifier(name)
        key = self.shop.workspace.keys.node
        return int(pseudonymise(key, identifier.namespace, [identifier.value])[0][0])

    def person(self, name: str) -> int:
        """The person_id of a name now."""
        found = self.rows("persons", f"WHERE node_id = {self.node(name)} ORDER BY since DESC NULLS LAST LIMIT 1")
        return int(found[0]["person_id"])

    def rows(self, table: str, tail: str = "") -> list[dict[str, Any]]:
        """Released rows of a table."""
        return self.query(f"SELECT * FROM {table} {tail}").to_pylist()

    def query(self, sql: str) -> pa.Table:
        """Ask the released tables, and ``history``."""
        lake = self.shop.workspace.lake
        return look(lake, self.folder / "look", sql)

    def profiles(self) -> dict[int, dict[str, Any]]:
        """Every profile with every column, by person_id."""
        return {row["person_id"]: row for row in self.rows("profiles")}

    def built(self) -> dict[str, list[Any]]:
        """All that a build left, in a comparable form: everything but what names the build itself."""
        return {
            "persons": self._sorted("SELECT node_id, since, person_id FROM persons"),
            "orders": self._sorted("SELECT * FROM orders"),
            "refunds": self._sorted("SELECT * FROM refunds"),
            "history": self._sorted("SELECT * FROM history"),
            "profiles": self._sorted("SELECT * FROM profiles"),
            "ties": self._sorted("SELECT * FROM ties"),
            "traits": self._sorted("SELECT * FROM traits"),
            "journeys": self._sorted("SELECT * FROM journey_stages"),
        }

    def build_in(self, parts: int, *, full: bool = True, instant: datetime | None = None) -> dict[str, Any]:
        """Build in a given number of ranges of person_id."""
        build = plan(self.shop.workspace, full=full, instant=instant)
        result: dict[str, Any] = building.apply(self.shop.workspace, replace(build, parts=parts))
        return result

    def copied(self, to: Path, now: datetime | None = None) -> Scene:
        """The same shop, keys and all, in another folder."""
        copy_workspace(self.folder, to)
        return Scene(to, now or self.now, self.settings)

    def at(self, now: datetime) -> Scene:
        """The same folder, opened at another instant."""
        self.shop.close()
        return Scene(self.folder, now, self.settings)

    def _sorted(self, sql: str) -> list[Any]:
        return self.query(f"SELECT * FROM ({sql}) ORDER BY ALL").to_pylist()


def look(lake: Lake, spill: Path, sql: str) -> pa.Table:
    """Ask the released tables of a lake, and its history."""
    snapshot = lake.snapshot(instant=NOW)
    views = {"profiles": " partials traits queried", "history": " segments masked"}
    behind = "".join(tables for view, tables in views.items() if view in sql)
    tables = [table.name for table in ALL_TABLES if table.name in lake.tables and table.name in sql + behind]
    with connect(lake, snapshot, threads=1, memory_mib=256, spill=spill, tables=tables) as connection:
        if "profiles" in sql:
            notes = lake.notes(snapshot, LEADER)
            tags = all_tags(notes["tags"]) if "tags" in notes else BASIC  # an earlier version knew no others
            show_profiles(connection, tags, Totals.from_json(notes["totals"]))
        if "history" in sql:
            parts = segments(connection, lake.storage, files.Buckets())
            connection.register("history", files.merged(files.read(part, files.Buckets()) for part in parts))
        return fetch(connection, sql)
