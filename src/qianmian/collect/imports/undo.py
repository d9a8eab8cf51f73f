"""Takes a batch out of the lake again, and out of the vault what only it had brought."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np

from qianmian.collect.imports.batch import Batch, find_orphans, is_imported, next_position, removal
from qianmian.collect.imports.contracts import Stores
from qianmian.lake.connection import connect
from qianmian.lake.durable import storage_errors
from qianmian.lake.snapshot import Snapshot


def undo(batch: Batch, stores: Stores, now: datetime) -> bool:
    """Take a batch out of the lake, and out of the vault what only it had brought.

    Returns:
        Whether the batch stood in the lake; a second undo changes nothing.

    Raises:
        StorageFullError: no room for the rewritten files; nothing is changed.
    """
    stood = is_imported(stores.lake, batch.leader, batch.stream)
    orphans: list[int] = []
    if stood:
        snapshot = stores.lake.snapshot(instant=now)
        with storage_errors("scratch"), _connection_to_lake(stores, snapshot) as connection:
            orphans = find_orphans(connection, batch)
            changes = removal(stores.lake, connection, snapshot, batch)
            position = next_position(stores.lake, batch.leader, batch.stream)
            notes = {"undone": str(batch.number), "stream": batch.stream}
            stores.lake.release(batch.leader, list(changes.values()), position=position, notes=notes)
    forget(stores, batch, orphans, now)
    return stood


def forget(stores: Stores, batch: Batch, orphans: list[int], now: datetime) -> None:
    """After a batch has left the lake: forget the identifiers that only it showed, and its refused rows.

    A crash before this point loses the list of orphans; what the batch was first to bring is found again.
    """
    stores.vault.shred(orphans)
    if first := stores.vault.of_batch(batch.number):
        with _connection_to_lake(stores, stores.lake.snapshot(instant=now)) as connection:
            known = connection.sql("SELECT node_id FROM nodes", params=[]).to_arrow_table()["node_id"]
        stores.vault.shred(np.setdiff1d(first, known.to_numpy()).tolist())
    stores.vault.details.forget_batch(batch.number)
    stores.refused.forget(batch.stream)


def _connection_to_lake(stores: Stores, snapshot: Snapshot) -> Any:
    settings, spill = stores.settings, stores.scratch / "spill"
    return connect(stores.lake, snapshot, threads=settings.threads, memory_mib=settings.memory_mib, spill=spill)
