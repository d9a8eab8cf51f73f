"""After a crash: take back what was not released, and sweep what nothing names."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from qianmian.lake.durable import fsync_folder
from qianmian.lake.log import TableLog
from qianmian.lake.release import INTENT, roll_back


def recover(root: Path, logs: Mapping[str, TableLog]) -> list[str]:
    """Bring every table back to its last release.

    Only what was never acknowledged is taken away: entries that a broken-off release announced, followers ahead of
    their leader, checkpoints that the log can replace, files that no version names.

    Returns:
        One sentence for each thing that was done.
    """
    done = [*_drop_torn_entries(root, logs), *_drop_torn_checkpoints(logs)]
    done += [f"table {name!r}: rolled back to its last release" for name in logs if roll_back(logs, name)]
    swept = {name: sweep(log) for name, log in logs.items()}
    done += [f"table {name!r}: deleted {count} files that no version names" for name, count in swept.items() if count]
    (root / INTENT).unlink(missing_ok=True)
    return done


def sweep(log: TableLog) -> int:
    """Delete a table's files that no version names; only while nobody writes.

    Returns:
        How many files were deleted.
    """
    named = log.named_paths()
    stray = [path for path in _data_paths(log) if path.relative_to(log.folder).as_posix() not in named]
    for path in [*stray, *log.entries.drafts()]:
        path.unlink()
    for folder in {path.parent for path in stray}:
        fsync_folder(folder)
    return len(stray)


def _drop_torn_entries(root: Path, logs: Mapping[str, TableLog]) -> Iterator[str]:
    """A power cut between writing an entry and forcing it to disk leaves it empty."""
    intent = root / INTENT
    announced = json.loads(intent.read_text(encoding="utf-8")) if intent.exists() else {}
    for name, version in announced.items():
        entries = logs[name].entries if name in logs else None
        if entries and entries.entry(version).exists() and not entries.is_readable(version):
            entries.entry(version).unlink()
            fsync_folder(entries.path)
            logs[name].reload()
            yield f"table {name!r}: dropped the log entry of version {version}, which did not reach the disk"


def _drop_torn_checkpoints(logs: Mapping[str, TableLog]) -> Iterator[str]:
    """The same of a checkpoint; what it summed up is still there, for that goes only after it reached the disk."""
    for name, log in logs.items():
        entries = log.entries
        torn = [version for version in entries.checkpoints() if not _is_parquet(entries.checkpoint(version))]
        replaceable = [version for version in torn if (entries.first() or 0) < version]
        for version in replaceable:
            entries.checkpoint(version).unlink()
            yield f"table {name!r}: dropped the checkpoint of version {version}, which did not reach the disk"
        if replaceable or _is_empty(entries.last_checkpoint):
            entries.last_checkpoint.unlink(missing_ok=True)  # only a hint
            fsync_folder(entries.path)
            log.reload()


def _is_empty(path: Path) -> bool:
    return path.exists() and path.stat().st_size == 0


def _is_parquet(path: Path) -> bool:
    try:
        pq.read_metadata(path)
    except (pa.ArrowInvalid, OSError):
        return False
    return True


def _data_paths(log: TableLog) -> Iterator[Path]:
    if not log.folder.is_dir():
        return
    for path in log.folder.iterdir():
        if path.name.startswith("day="):
            yield from path.iterdir()
        elif path.is_file():
            yield path
