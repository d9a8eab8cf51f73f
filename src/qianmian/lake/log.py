"""The Delta log of one table: which files a version names, and durable commits.

deltalake writes a log entry without any fsync, and silently skips an entry of zero bytes. So every commit is
forced to disk here, and every entry's size is looked at before deltalake reads it. On an object store the store itself
makes an entry durable, and refuses one whose version is taken.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from typing import TypeVar

from deltalake import CommitProperties, DeltaTable, Field
from deltalake.exceptions import DeltaError
from deltalake.transaction import PostCommitHookProperties, Transaction, create_table_with_add_actions

from qianmian.core.errors import LakeError, StaleCommitError
from qianmian.core.messages import Message
from qianmian.core.tables import Table
from qianmian.lake.actions import add_action, data_files, remove_action
from qianmian.lake.durable import storage_errors
from qianmian.lake.entries import METADATA, MISSING, LogEntries
from qianmian.lake.files import DataFile, Position
from qianmian.lake.schema import delta_schema
from qianmian.lake.storage import Kept, Storage

#: No statistics (they would hold values of people), and nothing in the log expires by itself (pins decide).
_CONFIGURATION: Mapping[str, str | None] = {
    "delta.dataSkippingNumIndexedCols": "0",
    "delta.enableExpiredLogCleanup": "false",
}
#: A checkpoint written behind our back would not be on disk when the log that it replaces goes.
_NO_HOOKS = PostCommitHookProperties(create_checkpoint=False, cleanup_expired_logs=False)
_CACHED_VERSIONS = 8
_T = TypeVar("_T")
#: By which a writer knows its own entry again.
_MARK = "commit"


@dataclass(frozen=True)
class Commit:
    """One entry of a table's log, to be written.

    Attributes:
        add: files that come.
        remove: files that go.
        metadata: what the entry tells beside its files.
        position: how far the stream is committed with this entry.
        rearranged: the same rows in other files.
    """

    add: Iterable[DataFile] = ()
    remove: Iterable[DataFile] = ()
    metadata: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    position: Position | None = None
    rearranged: bool = False


class TableLog:
    """Reads and extends the log of one table."""

    def __init__(self, table: Table, folder: Path, storage: Storage) -> None:
        """The log of a declared table that lives in a folder; it need not exist yet."""
        self.table = table
        self.folder = folder
        self.storage = storage
        self.entries = LogEntries(table.name, folder, storage)
        self._handle: DeltaTable | None = None
        self._latest: int | None = None
        self._files: dict[int, tuple[DataFile, ...]] = {}
        self._lock = RLock()

    def latest(self) -> int | None:
        """The last version, released or not; None if the table was never written."""
        with self._lock:
            if self._latest is None or not self.entries.is_there(self._latest):
                self._latest = max(self.entries.versions(), default=None)
            while self._latest is not None and self.entries.is_there(self._latest + 1):
                self._latest += 1
            return self._latest

    def files(self, version: int) -> tuple[DataFile, ...]:
        """The files that make up a version, by path.

        Raises:
            SnapshotExpiredError: the version's log entry is gone.
            DamagedTableError: a log entry is empty or unreadable.
        """
        with self._lock:
            if version not in self._files:
                files = self._asked(version, data_files)
                if len(self._files) >= _CACHED_VERSIONS:
                    self._files.pop(min(self._files))
                self._files[version] = files
            return self._files[version]

    def kept(self, files: Iterable[DataFile]) -> Mapping[Path, Kept]:
        """Those of some data files that are kept, whole or not."""
        return self.storage.find(self.folder, (self.folder / file.path for file in files))

    def fault(self, file: DataFile, kept: Mapping[Path, Kept]) -> Message | None:
        """What is wrong with a data file, by its size in what is `kept`; None if nothing."""
        found = kept.get(self.folder / file.path)
        if found is None:
            return MISSING
        return None if found.size == file.size else Message("is_of_size", size=found.size, expected=file.size)

    def position(self, stream: str) -> int | None:
        """The last committed position of a stream; None if the table knows nothing of it."""
        with self._lock:
            latest = self.latest()
            return None if latest is None else self._asked(latest, lambda table: table.transaction_version(stream))

    def named_paths(self) -> set[str]:
        """Every data file that any kept version names."""
        first = self.entries.first()
        if first is None:
            return set()
        actions = [action for version in self.entries.versions() for action in self.entries.actions(version)]
        return {action["add"]["path"] for action in actions if "add" in action} | {f.path for f in self.files(first)}

    def commit(self, commit: Commit) -> int:
        """Write the next entry and force it to disk; creates the table at the first.

        Returns:
            The new version.

        Raises:
            StaleCommitError: somebody else wrote the entry first.
            StorageFullError: no room; nothing of the entry is visible.
            StoreUnreachableError: the object store does not answer; whoever opens the lake next sees the entry or not.
        """
        with self._lock, storage_errors(self.table.name):
            latest = self.latest()
            version = 0 if latest is None else latest + 1
            mark = uuid.uuid4().hex
            try:
                self._append(latest, commit, mark)
            except DeltaError as error:
                if self.entries.entry(version) not in self.storage.list(self.entries.path, fresh=True):
                    raise
                # an object store may have taken the entry, and its answer was lost: the second try finds our own
                if self.entries.metadata(version).get(_MARK) != {"id": mark}:
                    raise self._stale(version) from error
            self.storage.settle(self.entries.entry(version))
            self._latest = version
            return version

    def fit_declaration(self, announce: Callable[[], None]) -> None:
        """Add columns that were declared since the table was created.

        Args:
            announce: notes that the next entry is being written.

        Raises:
            LakeError: a stored column has another type, or is no longer declared though the table is not open.
        """
        latest = self.latest()
        if latest is None:
            return
        with self._lock, storage_errors(self.table.name):
            handle = self._at(latest)
            stored = {column.name: column.type for column in handle.schema().fields}
            declared = {column.name: column for column in delta_schema(self.table).fields}
            gone = set() if self.table.is_open else stored.keys() - declared.keys()
            changed = [
                name
                for name, type_ in stored.items()
                if name in gone or (name in declared and declared[name].type != type_)
            ]
            if changed:
                raise LakeError("stored_columns_differ", table=self.table.name, columns=changed)
            new = [_optional(column) for name, column in declared.items() if name not in stored]
            if new:
                announce()
                # What a leader's last entry says of its followers must stand in the newest one.
                told = json.dumps(dict(self.entries.metadata(latest)), sort_keys=True)
                properties = CommitProperties({METADATA: told}, 0)
                handle.alter.add_columns(new, commit_properties=properties, post_commithook_properties=_NO_HOOKS)
                self.storage.settle(self.entries.entry(latest + 1))
                self.reload()

    def checkpoint(self, version: int) -> None:
        """Sum up the log at a version, durably, so that earlier entries are no longer needed."""
        with self._lock, storage_errors(self.table.name):
            self._at(version).create_checkpoint()
            self.storage.settle(self.entries.checkpoint(version), self.entries.last_checkpoint)

    def reload(self) -> None:
        """Forget what was read before."""
        with self._lock:
            self._handle, self._latest, self._files = None, None, {}

    def _append(self, latest: int | None, commit: Commit, mark: str) -> None:
        positions = [Transaction(commit.position.stream, commit.position.number)] if commit.position else []
        told = json.dumps({**commit.metadata, _MARK: {"id": mark}}, sort_keys=True)
        properties = CommitProperties({METADATA: told}, 0, positions)
        schema, partitions = delta_schema(self.table), list(self.table.partition_by)
        kept = self.kept(commit.add)
        adds = [
            add_action(file, kept[self.folder / file.path].written_at, rearranged=commit.rearranged)
            for file in commit.add
        ]
        if latest is None:
            address, options = self.storage.table(self.folder)
            create_table_with_add_actions(
                address,
                schema,
                adds,
                partition_by=partitions,
                configuration=_CONFIGURATION,
                storage_options=options,
                commit_properties=properties,
                post_commithook_properties=_NO_HOOKS,
            )
            return
        removed_at = self.entries.written_at(latest)  # near enough, and asks no clock
        removes = [remove_action(file, removed_at, rearranged=commit.rearranged) for file in commit.remove]
        self._at(latest).create_write_transaction(
            [*removes, *adds],
            "append",
            schema,
            partitions,
            commit_properties=properties,
            post_commithook_properties=_NO_HOOKS,
        )

    def _asked(self, version: int, ask: Callable[[DeltaTable], _T]) -> _T:
        """What the table tells of a version, also if entries that it was loaded from have expired meanwhile."""
        with storage_errors(self.table.name):
            try:
                return ask(self._at(version))
            except DeltaError:
                self.reload()
            try:
                return ask(self._at(version))
            except DeltaError as error:
                raise self.entries.unreadable(version) from error

    def _at(self, version: int) -> DeltaTable:
        """The table loaded at a version; the latest stays loaded and is only brought forward."""
        with storage_errors(self.table.name):
            return self._loaded(version)

    def _loaded(self, version: int) -> DeltaTable:
        handle = self._handle
        try:
            if handle is None or handle.version() > version:
                return self._load(version)
            if handle.version() < version:
                if not self.entries.is_there(handle.version() + 1):  # expired since
                    return self._load(version)
                for number in range(handle.version() + 1, version + 1):
                    self.entries.require(number)
                handle.update_incremental()
            return handle if handle.version() == version else self._load(version)
        except DeltaError as error:
            raise self.entries.unreadable(version) from error

    def _load(self, version: int) -> DeltaTable:
        self.entries.check()
        self.entries.require(version)
        address, options = self.storage.table(self.folder)
        handle = DeltaTable(address, version=version, storage_options=options)
        if version == self.latest():
            self._handle = handle
        return handle

    def _stale(self, version: int) -> StaleCommitError:
        return StaleCommitError("version_taken", version=version, table=self.table.name)


def _optional(column: Field) -> Field:
    """Rows written before a column was declared leave it empty."""
    return Field(column.name, column.type, nullable=True)
