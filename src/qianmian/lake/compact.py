"""Compaction: the small files of a day become one sorted file; no row changes."""

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
    """

    threads: int
    memory_mib: int
    spill: Path
    at_least: int = 4
    small_bytes: int = 64 << 20


def compact(lake: Lake, table: str, how: Compaction) -> int:
    """Merge the small files of each day (or of the table) into one sorted file, and release it.

    Returns:
        How many files were merged away; 0 if nothing was worth it.

    Raises:
        StaleCommitError: another release replaced one of the files; nothing is changed.
        StorageFullError: no room; nothing is changed.
    """
    version = lake.released().get(table)
    groups = _groups(() if version is None else lake.logs[table].files(version), how)
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
    return [group for group in days.values() if len(group) >= how.at_least]


def _merge(lake: Lake, table: str, groups: Sequence[Sequence[DataFile]], how: Compaction) -> tuple[DataFile, ...]:
    merged: list[DataFile] = []
    try:
        with bare_connection((lake.root,), threads=how.threads, memory_mib=how.memory_mib, spill=how.spill) as duck:
            for group in groups:
                duck.execute(f"CREATE OR REPLACE VIEW {quoted(_SMALL)} AS {select_files(lake, table, group)}")
                merged += write_rows(lake, duck, table, _SMALL)
                _check_rows(table, group, merged[-1:])
    except BaseException:
        for file in merged:
            lake.location(table, file).unlink(missing_ok=True)
        raise
    return tuple(merged)


def _check_rows(table: str, before: Sequence[DataFile], after: Sequence[DataFile]) -> None:
    rows = [sum(file.rows for file in files) for files in (before, after)]
    if rows[0] != rows[1]:
        raise LakeError(
            f"table {table!r}: a merge of {rows[0]} rows came to {rows[1]}; nothing was changed.",
            hint="check the disk and report this",
        )
