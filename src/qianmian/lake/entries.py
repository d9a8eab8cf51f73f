"""The folder of a Delta log, as files: which entries and checkpoints are there, whole, and what they tell."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from qianmian.core.errors import DamagedTableError, SnapshotExpiredError
from qianmian.core.failpoints import failpoint
from qianmian.core.messages import Message
from qianmian.lake.storage import Storage

#: The fault of a file that is not there.
MISSING = Message("is_missing")
#: The fault of a file that is there, and not as it was written.
CHANGED = Message("is_changed")
#: Under which name our own words stand in an entry's commit info.
METADATA = "qianmian"

_ENTRY = re.compile(r"(\d{20})\.json")
_CHECKPOINT = re.compile(r"(\d{20})\.checkpoint\.parquet")
_LAST_CHECKPOINT = "_last_checkpoint"

_during_log_expiry = failpoint("lake.during_log_expiry", "one of the expired log entries is gone, others are left")


class LogEntries:
    """The entries and checkpoints of one table, numbered by version."""

    def __init__(self, table: str, folder: Path, storage: Storage) -> None:
        """The log of a table that lives in a folder; neither need exist yet."""
        self.table = table
        self.folder = folder
        self.storage = storage
        self.path = folder / "_delta_log"

    def entry(self, version: int) -> Path:
        """The file of a version's entry."""
        return self.path / f"{version:020}.json"

    def checkpoint(self, version: int) -> Path:
        """The file of a version's checkpoint."""
        return self.path / f"{version:020}.checkpoint.parquet"

    @property
    def last_checkpoint(self) -> Path:
        """The file that hints at the last checkpoint."""
        return self.path / _LAST_CHECKPOINT

    def versions(self) -> list[int]:
        """The versions whose entries are kept, in order."""
        return self._numbers(_ENTRY)

    def checkpoints(self) -> list[int]:
        """The versions that have a checkpoint, in order."""
        return self._numbers(_CHECKPOINT)

    def first(self) -> int | None:
        """The first version that can be read; None if the table was never written."""
        versions = self.versions()
        if not versions or versions[0] == 0:
            return versions[0] if versions else None
        return min((version for version in self.checkpoints() if version >= versions[0]), default=None)

    def files(self) -> list[Path]:
        """Every entry and checkpoint that is in place; the hint at the last checkpoint is not needed."""
        return [path for path in self._paths() if _ENTRY.fullmatch(path.name) or _CHECKPOINT.fullmatch(path.name)]

    def drafts(self) -> list[Path]:
        """What deltalake left of entries that it had not put in place."""
        standard = (_ENTRY, _CHECKPOINT, re.compile(_LAST_CHECKPOINT))
        return [path for path in self._paths() if not any(pattern.fullmatch(path.name) for pattern in standard)]

    def actions(self, version: int) -> Iterator[dict[str, Any]]:
        """The actions of a version's entry, one a line.

        Raises:
            SnapshotExpiredError: the entry has expired.
            DamagedTableError: the entry is empty or not readable.
        """
        self.storage.fetch({self.entry(version): self.require(version)})
        try:
            with self.entry(version).open(encoding="utf-8") as lines:
                for line in lines:
                    yield json.loads(line)
        except ValueError as error:
            raise self.damaged(self.entry(version), Message("is_not_readable")) from error

    def metadata(self, version: int) -> Mapping[str, Mapping[str, object]]:
        """What a version's entry tells beside its files."""
        for action in self.actions(version):
            if "commitInfo" in action:
                told: Mapping[str, Mapping[str, object]] = json.loads(action["commitInfo"].get(METADATA, "{}"))
                return told
        return {}

    def is_readable(self, version: int) -> bool:
        """Whether a version's entry is whole."""
        try:
            return len(list(self.actions(version))) > 0
        except DamagedTableError:
            return False

    def require(self, version: int) -> int:
        """Make sure that a version's entry is there and not empty; returns its bytes.

        deltalake skips an empty entry without a word, so it must not come to see one.

        Raises:
            SnapshotExpiredError: the entry has expired.
            DamagedTableError: the entry is missing or empty.
        """
        entry = self.entry(version)
        size = self.storage.size(entry)
        if size is None:
            raise self.expired(version) if version < max(self.versions(), default=0) else self.damaged(entry, MISSING)
        if size == 0:
            raise self.damaged(entry, Message("is_empty"))
        return size

    def written_at(self, version: int) -> float:
        """When a version's entry was written, in seconds since 1970."""
        entry = self.entry(version)
        return self.storage.find(self.path, [entry])[entry].written_at

    def is_there(self, version: int) -> bool:
        """Whether a version's entry is kept, whole or not."""
        return self.storage.size(self.entry(version)) is not None

    def check(self) -> None:
        """Look at every entry's size, and for gaps.

        Raises:
            DamagedTableError: names the table and the file.
        """
        kept = self.storage.list(self.path)
        versions = _numbers(_ENTRY, kept)
        empty = [version for version in versions if kept[self.entry(version)].size == 0]
        if empty:
            raise self.damaged(self.entry(empty[0]), Message("is_empty"))
        for version, following in pairwise(versions):
            if following != version + 1:
                raise self.damaged(self.entry(version + 1), MISSING)
        if versions and self.first() is None:
            raise self.damaged(self.entry(versions[0] - 1), MISSING)

    def forget_before(self, version: int) -> None:
        """Delete the log before a version, oldest first; needs a checkpoint at it."""
        old = [self.entry(number) for number in self.versions() if number < version]
        self.storage.delete([self.checkpoint(number) for number in self.checkpoints() if number < version])
        self.storage.delete(_one_by_one(old), in_order=True)

    def unreadable(self, version: int) -> DamagedTableError:
        """The error for a version that deltalake could not load: names the entry that is to blame."""
        for number in self.versions():
            if number <= version and not self.is_readable(number):
                return self.damaged(self.entry(number), Message("is_not_readable"))
        return self.damaged(self.path, Message("is_unreadable_to", version=version))

    def damaged(self, file: Path, what: Message) -> DamagedTableError:
        """The error for a file of this table that is not as it must be."""
        return DamagedTableError("damaged_table", table=self.table, file=_inside(file, self.folder), what=what)

    def expired(self, version: int) -> SnapshotExpiredError:
        """The error for a version whose files are gone."""
        return SnapshotExpiredError("version_expired", version=version, table=self.table)

    def _numbers(self, pattern: re.Pattern[str]) -> list[int]:
        return _numbers(pattern, self._paths())

    def _paths(self) -> list[Path]:
        return list(self.storage.list(self.path))


def _one_by_one(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        yield path
        _during_log_expiry()


def _inside(file: Path, folder: Path) -> str:
    return str(file.absolute().relative_to(folder.absolute()))


def _numbers(pattern: re.Pattern[str], paths: Iterable[Path]) -> list[int]:
    return sorted(int(match[1]) for path in paths if (match := pattern.fullmatch(path.name)))
