"""After a crash: take back what was not released, and sweep what nothing names."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from qianmian.lake.log import TableLog
from qianmian.lake.release import INTENT, roll_back
from qianmian.lake.storage import Storage


def recover(storage: Storage, logs: Mapping[str, TableLog]) -> list[str]:
    """Bring every table back to its last release.

    Only what was never acknowledged is taken away: entries that a broken-off release announced, followers ahead of
    their leader, checkpoints that the log can replace, files that no version names.

    Returns:
        One sentence for each thing that was done.
    """
    done = [*_drop_torn_entries(storage, logs), *_drop_torn_checkpoints(logs)]
    done += [f"table {name!r}: rolled back to its last release" for name in logs if roll_back(logs, name)]
    swept = {name: sweep(log) for name, log in logs.items()}
    done += [f"table {name!r}: deleted {count} files that no version names" for name, count in swept.items() if count]
    storage.delete([storage.root / INTENT])
    storage.clear(unfinished=True)
    return done


def sweep(log: TableLog) -> int:
    """Delete a table's files that no version names; only while nobody writes.

    Returns:
        How many files were deleted.
    """
    named = log.named_paths()
    stray = [path for path in _data_paths(log) if path.relative_to(log.folder).as_posix() not in named]
    log.storage.delete([*stray, *log.entries.drafts()])
    return len(stray)


def _drop_torn_entries(storage: Storage, logs: Mapping[str, TableLog]) -> Iterator[str]:
    """A power cut between writing an entry and forcing it to disk leaves it empty."""
    try:
        announced = json.loads(storage.read(storage.root / INTENT))
    except FileNotFoundError:
        announced = {}
    for name, version in announced.items():
        entries = logs[name].entries if name in logs else None
        if entries and entries.is_there(version) and not entries.is_readable(version):
            storage.delete([entries.entry(version)])
            logs[name].reload()
            yield f"table {name!r}: dropped the log entry of version {version}, which did not reach the disk"


def _drop_torn_checkpoints(logs: Mapping[str, TableLog]) -> Iterator[str]:
    """The same of a checkpoint; what it summed up is still there, for that goes only after it reached the disk."""
    for name, log in logs.items():
        entries = log.entries
        kept = {path: about.size for path, about in log.storage.list(entries.path).items()}
        checkpoints = {version: entries.checkpoint(version) for version in entries.checkpoints()}
        log.storage.fetch({path: kept[path] for path in checkpoints.values() if path in kept})
        torn = [version for version, path in checkpoints.items() if not _is_parquet(path)]
        replaceable = [version for version in torn if (entries.first() or 0) < version]
        for version in replaceable:
            log.storage.delete([entries.checkpoint(version)])
            yield f"table {name!r}: dropped the checkpoint of version {version}, which did not reach the disk"
        if replaceable or kept.get(entries.last_checkpoint) == 0:
            log.storage.delete([entries.last_checkpoint])  # only a hint
            log.reload()


def _is_parquet(path: Path) -> bool:
    try:
        pq.read_metadata(path)
    except (pa.ArrowInvalid, OSError):
        return False
    return True


def _data_paths(log: TableLog) -> Iterator[Path]:
    """What lies in the table's folder or a day's, but not in its log."""
    for path in log.storage.list(log.folder):
        if path.parent == log.folder or path.parent.name.startswith("day="):
            yield path
