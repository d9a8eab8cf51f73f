"""The lake: declared tables as Delta tables seen through snapshots, changed by releases, wherever they are kept."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from threading import RLock
from types import MappingProxyType

from qianmian.core.errors import DamagedTableError, LakeError, SnapshotExpiredError, UnknownNameError
from qianmian.core.tables import Home, Table
from qianmian.lake.digests import digested, is_changed
from qianmian.lake.durable import storage_errors
from qianmian.lake.entries import CHANGED, MISSING
from qianmian.lake.files import Change, DataFile, Position
from qianmian.lake.log import TableLog
from qianmian.lake.recover import recover
from qianmian.lake.release import release, released
from qianmian.lake.schema import count_rows
from qianmian.lake.snapshot import Snapshot
from qianmian.lake.storage import FolderStorage, Storage

_NO_NOTES: Mapping[str, str] = MappingProxyType({})


class Lake:
    """Reads and writes the declared tables of one workspace.

    One process writes at a time (the holder of the workspace's lease); any number reads.
    """

    def __init__(
        self,
        root: Path,
        tables: Iterable[Table],
        check: Callable[[], None] | None = None,
        storage: Storage | None = None,
    ) -> None:
        """Open the lake in a folder, which is made at the first write.

        Args:
            root: the folder in which tasks write and read files.
            tables: declarations; those that live elsewhere are passed over.
            check: called before every release; raises if the workspace's lease is lost.
            storage: where the files are kept; None = in the folder.

        Raises:
            LakeError: a table is partitioned in a way that the lake does not know, or released by an unknown one.
        """
        self.root = root
        self.storage = storage or FolderStorage(root)
        self._check_lease = check
        self.tables: dict[str, Table] = {table.name: table for table in tables if table.home is Home.LAKE}
        self.logs: Mapping[str, TableLog] = {
            name: TableLog(table, root / name, self.storage) for name, table in self.tables.items()
        }
        self._lock = RLock()
        for table in self.tables.values():
            _check_declaration(table, self.tables)

    def declare(self, table: Table) -> None:
        """Declare an open table anew, with the columns of now; those that are stored follow at its next release."""
        with self._lock:
            if self.tables[table.name] != table:
                self.tables[table.name] = self._log(table.name).table = table

    def snapshot(self, *, instant: datetime, identity: int = 0, definitions: int = 0) -> Snapshot:
        """The released state of all tables.

        Args:
            instant: the "now" of what is computed from it.
            identity: identity version that goes with it.
            definitions: version of the catalogue that goes with it.
        """
        return Snapshot(self.released(), identity, definitions, instant)

    def released(self) -> Mapping[str, int]:
        """The released version of every table that has one."""
        return released(self.logs)

    def files(self, snapshot: Snapshot, table: str) -> list[DataFile]:
        """The files that hold a table's rows in a snapshot, in a stable order; each is there, whole.

        Raises:
            SnapshotExpiredError: the snapshot's files are gone.
            DamagedTableError: a log or data file is missing, short or empty.
        """
        log = self._log(table)
        version = snapshot.versions.get(table)
        if version is None:
            return []
        files = log.files(version)
        self._check_files(log, version, files)
        return list(files)

    def path(self, table: str, file: DataFile) -> Path:
        """The absolute path that a table's file has if it is here."""
        return (self._log(table).folder / file.path).absolute()

    def location(self, table: str, file: DataFile) -> Path:
        """The absolute path of a table's file, which is there; see `locations`."""
        return self.locations(table, [file])[0]

    def locations(self, table: str, files: Sequence[DataFile]) -> list[Path]:
        """The absolute paths of some of a table's files, fetched where they are not kept in this folder.

        Raises:
            DamagedTableError: one is gone.
            StoreUnreachableError: the object store does not answer.
        """
        paths = {self.path(table, file): file.size for file in files}
        try:
            self.storage.fetch(paths)
        except FileNotFoundError as error:
            raise self._log(table).entries.damaged(Path(error.filename), MISSING) from error
        return list(paths)

    def new_file(self, table: str, *, day: date | None = None, layer: int = 0) -> Path:
        """A path that no file has had, for a writer; its folder is there.

        Args:
            table: name of the table.
            day: value of the partition column; must be given exactly if the table has one.
            layer: number of the layer, from 1; must be given exactly if the table has layers.
        """
        log = self._log(table)
        if (day is not None) != bool(log.table.partition_by):
            raise LakeError("day_needed" if log.table.partition_by else "day_refused", table=table, day=str(day))
        if (layer > 0) != bool(log.table.layered_by):
            raise LakeError("layer_needed" if log.table.layered_by else "layer_refused", table=table, layer=layer)
        folder = log.folder / f"day={day.isoformat()}" if day else log.folder
        with storage_errors(table):
            folder.mkdir(parents=True, exist_ok=True)
        prefix = f"{layer:06}-" if layer else ""
        return (folder / f"{prefix}{uuid.uuid4().hex}.parquet").absolute()

    def describe(self, table: str, path: Path) -> DataFile:
        """Check a written file, name and keep it; see `describe_all`."""
        return self.describe_all(table, [path])[0]

    def describe_all(self, table: str, paths: Sequence[Path]) -> tuple[DataFile, ...]:
        """Check written files against the declaration, name them by what is in them, and make them durable.

        Raises:
            DamagedTableError: a file is not complete.
            LakeError: its columns are not the declared ones.
            StorageFullError: no room for it.
            StoreUnreachableError: the object store does not take it.
        """
        log = self._log(table)
        kept: list[Path] = []
        rows = [count_rows(log.table, path) for path in paths]
        try:
            with storage_errors(table):
                kept.extend(map(digested, paths))
                self.storage.keep(kept)
        except BaseException:
            self.storage.delete(kept)
            raise
        return tuple(self._described(log, path, count) for path, count in zip(kept, rows, strict=True))

    def _described(self, log: TableLog, path: Path, rows: int) -> DataFile:
        relative = path.relative_to(log.folder.absolute())
        day = date.fromisoformat(relative.parts[0].removeprefix("day=")) if log.table.partition_by else None
        return DataFile(relative.as_posix(), rows, path.stat().st_size, day)

    def release(
        self,
        leader: str,
        changes: Sequence[Change],
        *,
        position: Position | None = None,
        notes: Mapping[str, str] = _NO_NOTES,
    ) -> Mapping[str, int]:
        """Make changes of a leader and its followers visible, all or none, durably.

        Args:
            leader: the table whose commit is the point of release; it may be without a change of its own.
            changes: at most one a table.
            position: how far a stream is committed with this release.
            notes: what `notes` tells of this release.

        Returns:
            The released version of the leader and of every follower.

        Raises:
            StaleCommitError: the stream was committed as far already, or a file to remove is gone.
            DamagedTableError: a file to add is missing or has another size than described.
            StorageFullError: no room; nothing is visible.
        """
        self._log(leader)
        with self._lock:
            if self._check_lease:
                self._check_lease()
            return release(self.storage, self.logs, leader, changes, position, notes)

    def position(self, leader: str, stream: str) -> int | None:
        """The last committed position of a stream; None if nothing of it was committed."""
        return self._log(leader).position(stream)

    def notes(self, snapshot: Snapshot, leader: str) -> Mapping[str, str]:
        """The notes of the release that a snapshot sees."""
        log, version = self._log(leader), snapshot.versions.get(leader)
        told = {} if version is None else log.entries.metadata(version).get("notes", {})
        return {name: str(text) for name, text in told.items()}

    def recover(self) -> list[str]:
        """Clear away what a crash left unreleased; call it when the writer's lease was taken, before any writing.

        Returns:
            One sentence for each thing that was done.

        Raises:
            DamagedTableError: see `check`.
        """
        with self._lock, self.storage.still():
            done = recover(self.storage, self.logs)
            self.check()
            return done

    def check(self) -> None:
        """Look at the presence and size of every log entry and of every released file, without reading them.

        Raises:
            DamagedTableError: names the first table and file that is missing, short or empty.
        """
        try:
            with self.storage.still():
                self._check()
        except (DamagedTableError, SnapshotExpiredError):
            self._check()  # others were not still, perhaps

    def _check(self) -> None:
        for log in self.logs.values():
            log.entries.check()
        versions = self.released()
        for name, version in versions.items():
            try:
                self._check_files(self.logs[name], version, self.logs[name].files(version))
            except (DamagedTableError, SnapshotExpiredError):
                if self.released() == versions:
                    raise
                self._check()  # a release and an expiry came in between
                return

    def read_through(self, snapshot: Snapshot) -> None:
        """Read every data file of a snapshot, and see whether it is as it was written.

        Raises:
            DamagedTableError: names the first that is not.
        """
        for table in snapshot.versions:
            for path in self.locations(table, self.files(snapshot, table)):
                if is_changed(path):
                    raise self.logs[table].entries.damaged(path, CHANGED)

    def _log(self, table: str) -> TableLog:
        if table not in self.logs:
            raise UnknownNameError("undeclared_table", table=table, tables=sorted(self.tables))
        return self.logs[table]

    def _check_files(self, log: TableLog, version: int, files: Iterable[DataFile]) -> None:
        files = list(files)
        kept = log.kept(files) if files else {}
        for file in files:
            fault = log.fault(file, kept)
            if fault == MISSING and version != self.released().get(log.table.name):
                raise log.entries.expired(version)
            if fault:
                raise log.entries.damaged(log.folder / file.path, fault)


def _check_declaration(table: Table, tables: Mapping[str, Table]) -> None:
    if table.partition_by not in ((), ("day",)):
        raise LakeError("odd_partition", table=table.name, columns=table.partition_by)
    if table.partition_by and table.layered_by:
        raise LakeError("days_and_layers", table=table.name)
    leader = table.released_by
    if leader and (leader not in tables or tables[leader].released_by):
        raise LakeError("no_leader", table=table.name, leader=leader)
