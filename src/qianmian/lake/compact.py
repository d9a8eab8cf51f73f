"""Compaction: the small files of a day, or the layers of a table, become one sorted file; no row changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from qianmian.core.errors import LakeError
from qianmian.core.failpoints import failpoint
from qianmian.lake.connection import bare_connection, quoted, select_files
from qianmian.lake.files import Change, DataFile
from qianmian.lake.store import Lake
from qianmian.lake.write import write_rows

_SMALL = "small_files"

_during_compaction = failpoint("lake.during_compaction", "merged files are on disk, the small ones still hold the rows")


@dataclass(frozen=True)
class Compaction:
    """How a compaction runs.

    Attributes:
        threads: processor threads.
        memory_mib: memory before the sort spills, in MiB.
        spill: folder for what does not fit.
        at_least: small files that a day must have to be worth a merge.
        small_bytes: a file below this size is small.
        most_layers: layers above the lowest that a table may have.
        most_covered: rows in them, as a share of the rows in the lowest: reading looks for each row in all above it.
    """

    threads: int
    memory_mib: int
    spill: Path
    at_least: int = 4
    small_bytes: int = 64 << 20
    most_layers: int = 8
    most_covered: float = 0.5


def compact(lake: Lake, table: str, how: Compaction) -> int:
    """Merge the small files of each day (or of the table), or its layers, into one sorted file, and release it.

    Returns:
        How many files were merged away; 0 if nothing was worth it.

    Raises:
        StaleCommitError: another release replaced one of the files; nothing is changed.
        StorageFullError: no room; nothing is changed.
    """
    version = lake.released().get(table)
    files = () if version is None else lake.logs[table].files(version)
    groups = _layers(files, how) if lake.tables[table].layered_by else _groups(files, how)
    if not groups:
        return 0
    merged = _merge(lake, table, groups, how)
    _during_compaction()
    old = tuple(file for group in groups for file in group)
    lake.release(lake.tables[table].released_by or table, [Change(table, merged, old, rearranged=True)])
    return len(old)


def _groups(files: Sequence[DataFile], how: Compaction) -> list[list[DataFile]]:
    days: dict[date | None, list[DataFile]] = {}
    for file in files:
        if file.size < how.small_bytes:
            days.setdefault(file.day, []).append(file)
    alike = [tier for group in days.values() for tier in _tiers(group)]
    return [group for tier in alike for group in _portions(tier, how.at_least)]


def _tiers(files: Sequence[DataFile]) -> list[list[DataFile]]:
    """Files by size: one that is more than twice all smaller ones begins a tier, and waits until it is worth it."""
    tiers: list[list[DataFile]] = [[]]
    for file in sorted(files, key=lambda file: file.size):
        if tiers[-1] and file.size > 2 * sum(one.size for one in tiers[-1]):
            tiers.append([])
        tiers[-1].append(file)
    return tiers


def _portions(files: list[DataFile], at_least: int) -> list[list[DataFile]]:
    """Files in equal portions that are worth a merge, and no larger than they must be: a merge is sorted in memory."""
    count = len(files) // at_least
    return [files[n::count] for n in range(count)]


def _layers(files: Sequence[DataFile], how: Compaction) -> list[list[DataFile]]:
    lowest = min((file.layer for file in files), default=0)
    above = [file for file in files if file.layer > lowest]
    covered, below = sum(file.rows for file in above), sum(file.rows for file in files) - sum(f.rows for f in above)
    many = len({file.layer for file in above}) > how.most_layers
    return [list(files)] if above and (many or covered > how.most_covered * below) else []


def _merge(lake: Lake, table: str, groups: Sequence[Sequence[DataFile]], how: Compaction) -> tuple[DataFile, ...]:
    merged: list[DataFile] = []
    try:
        with bare_connection((lake.root,), threads=how.threads, memory_mib=how.memory_mib, spill=how.spill) as duck:
            for group in groups:
                duck.execute(f"CREATE OR REPLACE VIEW {quoted(_SMALL)} AS {select_files(lake, table, group)}")
                counted = duck.execute(f"SELECT count(*) FROM {quoted(_SMALL)}").fetchall()[0][0]
                written = write_rows(lake, duck, table, _SMALL, layer=max(file.layer for file in group))
                merged += written
                _check_rows(table, counted, sum(file.rows for file in written))
    except BaseException:
        lake.storage.delete([lake.path(table, file) for file in merged])
        raise
    return tuple(merged)


def _check_rows(table: str, before: int, after: int) -> None:
    if before != after:
        raise LakeError("merge_miscounted", table=table, before=before, after=after)
