"""Pins: the lease of a running job or an open reader on its snapshot. What is pinned does not expire."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from qianmian.lake.durable import storage_errors
from qianmian.lake.snapshot import Snapshot
from qianmian.lake.storage import FolderStorage, Storage

FOLDER = "_pins"


@dataclass(frozen=True)
class Pin:
    """A lease on a snapshot.

    Attributes:
        id: unique name of the lease.
        holder: who holds it, for people to read; no personal data.
        until: when it ends by itself.
        snapshot: what it keeps.
    """

    id: str
    holder: str
    until: datetime
    snapshot: Snapshot


class Pins:
    """The leases of one lake, one file each, so that every process sees them."""

    def __init__(self, root: Path, storage: Storage | None = None) -> None:
        """The pins of the lake in the folder ``root``, kept where the lake is."""
        self._folder = root / FOLDER
        self._storage = storage or FolderStorage(root)

    def pin(self, snapshot: Snapshot, holder: str, until: datetime) -> Pin:
        """Keep a snapshot readable until an instant; open it after, so that an expiry in between is noticed.

        Raises:
            StorageFullError: no room for the lease.
        """
        pin = Pin(uuid.uuid4().hex, holder, until.astimezone(UTC), snapshot)
        lease = {"holder": holder, "until": pin.until.isoformat(), "snapshot": snapshot.to_json()}
        with storage_errors("pins"):
            self._storage.put(self._path(pin.id), json.dumps(lease))
        return pin

    def unpin(self, pin: Pin) -> None:
        """End a lease; one that has ended already is no error."""
        self._storage.delete([self._path(pin.id)])

    def end_all_pins(self) -> int:
        """End every lease, as an erasure does; returns how many there were."""
        pins = self._all()
        self._storage.delete([self._path(pin.id) for pin in pins])
        return len(pins)

    def end_pins_of(self, holder: str) -> None:
        """End the leases of holders whose name begins so, such as those of a writer that died."""
        for pin in self._all():
            if pin.holder.startswith(holder):
                self.unpin(pin)

    def live(self, now: datetime) -> list[Pin]:
        """The leases that hold at an instant; those that ended by then are cleared away."""
        pins = self._all()
        for pin in pins:
            if pin.until <= now:
                self.unpin(pin)
        return [pin for pin in pins if pin.until > now]

    def _all(self) -> list[Pin]:
        paths = sorted(path for path in self._storage.list(self._folder, fresh=True) if path.match("[!.]*.json"))
        return [pin for path in paths if (pin := self._read(path))]

    def _path(self, pin_id: str) -> Path:
        return self._folder / f"{pin_id}.json"

    def _read(self, path: Path) -> Pin | None:
        try:
            lease = json.loads(self._storage.read(path))
        except FileNotFoundError:  # its holder ended it just now
            return None
        snapshot = Snapshot.from_json(lease["snapshot"])
        return Pin(path.stem, lease["holder"], datetime.fromisoformat(lease["until"]), snapshot)
