"""The real parts of a workspace, wired as `app` wires them, and short ways to import and to look."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from qianmian.collect.imports.batch import Batch
from qianmian.collect.imports.contracts import ImportRequest, Stores
from qianmian.collect.imports.declaration import read_mapping
from qianmian.collect.imports.importer import run
from qianmian.collect.imports.report import ImportReport
from qianmian.collect.imports.undo import undo
from qianmian.collect.tables import TABLES
from qianmian.core.settings import Settings
from qianmian.lake.connection import connect
from qianmian.lake.store import Lake
from qianmian.privacy.database import open_database
from qianmian.privacy.keys import KeyRing
from qianmian.privacy.refused import RefusedRows
from qianmian.privacy.suppression import SuppressionLedger
from qianmian.privacy.tables import DETAILS, IDENTIFIERS, REFUSED, SUPPRESSION
from qianmian.privacy.vault import Vault

NOW = datetime(2026, 6, 1, tzinfo=UTC)
EVENTS = """
source: shop
grain: event
format: {format}
event:
  event_id: id
  name: event
  occurred_at: at
  order_id: order
  total: total
  region: region
identifiers: {{user_id: user, phone: phone, anonymous_id: anon, device: device}}
products: {{from: products, item_id: sku, quantity: n, unit_price: price}}
properties: {{column: props}}
"""
NAMES = ("id", "event", "at", "order", "total", "region", "user", "phone", "anon", "device", "products", "props")


def row(id: str, **fields: Any) -> dict[str, Any]:  # noqa: A002  # the file's own word
    """A sound row of the shop's file, with every column."""
    sound = {"id": id, "event": "Product Viewed", "at": "2026-05-01T10:00:00+08:00"}
    return {name: (sound | fields).get(name) for name in NAMES}


class Workspace:
    """Opens the parts in a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        keys = root / "keys"
        self.keys = KeyRing.open(keys) if keys.exists() else KeyRing.create(keys)
        self.lake = Lake(root / "lake", TABLES)
        database = open_database(root / "vault.db", (IDENTIFIERS, DETAILS, REFUSED, SUPPRESSION))
        self.vault = Vault(database, self.keys)
        self.refused = RefusedRows(database, self.keys, os.urandom)
        self.ledger = SuppressionLedger(database, self.keys)
        self.settings = Settings(name="shop", threads=2, memory_mib=512)
        self.batches = 0

    @property
    def stores(self) -> Stores:
        """What an import is handed."""
        return Stores(self.lake, self.vault, self.refused, self.ledger, self.keys, self.settings, self.root / "scratch")

    def take(self, file: Path, mapping: str, **options: Any) -> ImportReport:
        """Import a file; checks the conservation law on the way."""
        self.batches += 1
        options = {"now": NOW, "batch": self.batches} | options
        request = ImportRequest(file=file, mapping=read_mapping(mapping, "shop.yaml"), **options)
        report = run(request, self.stores)
        assert report.read == report.accepted + report.duplicates + report.skipped + report.refused_rows
        return report

    def undo(self, report: ImportReport, leader: str = "events") -> bool:
        """Undo an import."""
        return undo(Batch(report.batch, report.stream, leader), self.stores, NOW)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask the released tables."""
        snapshot = self.lake.snapshot(instant=NOW)
        with connect(self.lake, snapshot, threads=1, memory_mib=256, spill=self.root / "spill") as connection:
            return connection.execute(sql).fetchall()

    def close(self) -> None:
        """Close the databases."""
        for part in (self.vault, self.refused, self.ledger, self.keys):
            part.close()
