"""Expiry: what neither the release nor a live pin needs leaves the disk, data and log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from qianmian.core.failpoints import failpoint
from qianmian.lake.log import TableLog
from qianmian.lake.pins import Pins
from qianmian.lake.recover import sweep
from qianmian.lake.store import Lake

_during_expiry = failpoint("lake.during_expiry", "old data files of a table are gone, the log still names them")


@dataclass(frozen=True)
class Expired:
    """What an expiry took away.

    Attributes:
        files: data files.
        entries: log entries.
    """

    files: int = 0
    entries: int = 0

    def __add__(self, other: Expired) -> Expired:
        return Expired(self.files + other.files, self.entries + other.entries)


def expire(lake: Lake, pins: Pins, now: datetime, *, strays: bool = False) -> Expired:
    """Delete the data files and log entries that only expired versions need.

    Only the holder of the workspace's lease may call it.

    Args:
        lake: where the tables live.
        pins: leases that keep older versions.
        now: the instant at which a lease must still hold.
        strays: delete as well the files that no version names. An erasure does so, while nobody writes;
            else a file that is being written would go.
    """
    needed: dict[str, set[int]] = {name: set() for name in lake.tables}
    for versions in (lake.released(), *(pin.snapshot.versions for pin in pins.live(now))):
        for name, version in versions.items():
            needed.setdefault(name, set()).add(version)
    total = Expired()
    for name, log in lake.logs.items():
        total += _expire(log, needed[name])
        if strays:
            total += Expired(files=sweep(log))
    return total


def _expire(log: TableLog, needed: set[int]) -> Expired:
    latest, first = log.latest(), log.entries.first()
    if latest is None or first is None:
        return Expired()
    versions = {version for version in needed if version >= first} | {latest}
    files = _delete_files(log, versions)
    _during_expiry()
    base = min(versions)
    old = [version for version in log.entries.versions() if version < base]
    if old:
        if base not in log.entries.checkpoints():
            log.checkpoint(base)
        log.entries.forget_before(base)
        log.reload()
    return Expired(files, len(old))


def _delete_files(log: TableLog, versions: set[int]) -> int:
    needed = {file.path for version in versions for file in log.files(version)}
    kept = log.storage.list(log.folder)
    old = [path for name in log.named_paths() - needed if (path := log.folder / name) in kept]
    log.storage.delete(old)
    return len(old)
