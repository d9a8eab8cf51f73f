"""What a task is, and what an engine owes it: the same task runs in this process or on a cluster."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from qianmian.core.tables import Type
from qianmian.lake.connection import Connection, bare_connection, literal, quoted, show_tables
from qianmian.lake.durable import storage_errors
from qianmian.lake.files import Change, DataFile
from qianmian.lake.schema import arrow_schema, stored_columns
from qianmian.lake.snapshot import Snapshot
from qianmian.lake.store import Lake
from qianmian.lake.write import ROW_GROUP_ROWS

#: Ids have 63 bits; a bucket is their top bits, so any power of two splits them without rewriting.
ID_BITS = 63

Json = Any
#: Types whose values hardly repeat: a dictionary of them costs time and saves nothing.
_UNLIKE = (Type.ID, Type.NUMBER, Type.INSTANT)


@dataclass(frozen=True)
class Buckets:
    """A contiguous range of ids: the share of a table that one task takes.

    Attributes:
        first: lowest id, inclusive.
        last: highest id, inclusive.
    """

    first: int = 0
    last: int = 2**ID_BITS - 1


def split(parts: int) -> list[Buckets]:
    """Cut all ids into ``parts`` equal ranges; ``parts`` must be a power of two.

    >>> [bucket.first >> 61 for bucket in split(4)]
    [0, 1, 2, 3]
    """
    if parts < 1 or parts & (parts - 1):
        raise ValueError(f"parts must be a power of two; got {parts}.")
    width = 2**ID_BITS // parts
    return [Buckets(index * width, (index + 1) * width - 1) for index in range(parts)]


@dataclass(frozen=True)
class Reading:
    """What a task reads: a snapshot, and what the running build has added to it so far.

    Attributes:
        snapshot: the released state.
        pending: changes of the running build that its later tasks see already.
        attempts: the attempts of its earlier tasks that count: what others dealt to the exchange is nobody's.
    """

    snapshot: Snapshot
    pending: tuple[Change, ...] = ()
    attempts: tuple[str, ...] = ()

    def to_json(self) -> str:
        """The reading as text, for another process."""
        pending = [asdict(change) for change in self.pending]
        told = {"snapshot": self.snapshot.to_json(), "pending": pending, "attempts": self.attempts}
        return json.dumps(told, default=date.isoformat)

    @staticmethod
    def from_json(text: str) -> Reading:
        """The inverse of `to_json`."""
        told = json.loads(text)
        pending = tuple(_change(one) for one in told["pending"])
        return Reading(Snapshot.from_json(told["snapshot"]), pending, tuple(told["attempts"]))


@dataclass(frozen=True)
class Output:
    """What one task left: files written durably, not yet visible, and a small mergeable summary.

    Attributes:
        files: new files by table.
        summary: JSON that the build merges.
        rows_read: rows that it read.
        attempt: which attempt it comes from; the engine says so, not the task.
        cpu_seconds: processor time of a task that ran in another process; 0 in this one, whose time is known.
    """

    files: Mapping[str, tuple[DataFile, ...]] = field(default_factory=dict)
    summary: Json = None
    rows_read: int = 0
    attempt: str = ""
    cpu_seconds: float = 0.0

    def to_json(self) -> str:
        """The output as text, for the process that asked."""
        return json.dumps(asdict(self), default=date.isoformat)

    @staticmethod
    def from_json(text: str) -> Output:
        """The inverse of `to_json`, but for tuples in the summary, which come back as lists."""
        told = json.loads(text)
        files = {table: tuple(_data_file(file) for file in some) for table, some in told["files"].items()}
        return Output(**{**told, "files": files})


def _data_file(told: Mapping[str, Json]) -> DataFile:
    return DataFile(**{**told, "day": told["day"] and date.fromisoformat(told["day"])})


def _change(told: Mapping[str, Json]) -> Change:
    add = tuple(_data_file(file) for file in told["add"])
    if told["remove"] == "all":
        return Change(told["table"], add, "all", told["rearranged"])
    return Change(told["table"], add, tuple(_data_file(file) for file in told["remove"]), told["rearranged"])


@dataclass(frozen=True)
class Context:
    """All that a task may use: what it reads, its buckets, its parameters, and where to write.

    Attributes:
        lake: hands out files and connections; the task opens no address by itself.
        reading: what the task reads.
        buckets: the ids that are this task's.
        params: JSON values, the same for every bucket.
        exchange: folder of the running build, for files between its tasks.
        threads: processor threads it may use.
        memory_mib: memory it may use.
        duck: a DuckDB that several tasks share, each through a cursor of its own; None = each opens one.
        attempt: name of this attempt; a task that is run again is another one.
    """

    lake: Lake
    reading: Reading
    buckets: Buckets
    params: Mapping[str, Json]
    exchange: Path
    threads: int
    memory_mib: int
    duck: Connection | None = None
    attempt: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def snapshot(self) -> Snapshot:
        """The released state that the task reads."""
        return self.reading.snapshot

    def connect(self, *tables: str) -> Connection:
        """A DuckDB connection with one view for each named table, as the snapshot and the pending changes have it.

        SQL finds the parameters, and the snapshot's instant as ``now``, by ``getvariable('name')``.
        """
        connection = self.duck.cursor() if self.duck else self._opened()
        show_tables(connection, self.lake, self.snapshot, tables, self.reading.pending, temporary=True)
        for name, value in {**self.params, "now": self.snapshot.instant}.items():
            connection.execute(f"SET VARIABLE {quoted(name)} = $value", {"value": value})
        return connection

    def _opened(self) -> Connection:
        spill = self.exchange / self.attempt / "spill"  # on a shared disk, other machines have the same numbers
        return bare_connection((self.lake.root,), threads=self.threads, memory_mib=self.memory_mib, spill=spill)

    def deal(self, connection: Connection, relation: str, name: str) -> int:
        """Write a relation to the exchange, one folder for each value of its column ``part``; returns the rows.

        What an attempt deals is read only if it ends well: one that is lost half-way, or done twice, counts once.
        """
        folder = self.exchange / self.attempt / name
        folder.parent.mkdir(parents=True, exist_ok=True)
        with storage_errors("exchange"):
            copied = connection.execute(
                f"COPY (SELECT * FROM {quoted(relation)}) TO {literal(str(folder))} "
                "(FORMAT parquet, COMPRESSION lz4_raw, PARTITION_BY (part), ROW_GROUP_SIZE 122880)"
            ).fetchall()
        self.lake.storage.share(folder)
        return int(copied[0][0])

    def dealt(self, name: str, part: int) -> list[Path]:
        """The files that the earlier tasks dealt to a part under a name."""
        storage, attempts = self.lake.storage, self.reading.attempts
        files: dict[Path, int | None] = {}
        for folder in (self.exchange / attempt / name / f"part={part}" for attempt in attempts):
            files |= {path: kept.size for path, kept in storage.list(folder).items()}
        storage.fetch(files)
        return sorted(files)

    def write(self, table: str, rows: pa.Table, *, layer: int = 0) -> DataFile:
        """Write rows, taken by column name, as one durable file of a lake table, not yet visible.

        Args:
            table: name of the table.
            rows: the rows, sorted as the table is.
            layer: number of the layer, if the table has layers.
        """
        if layer:
            many = rows.num_rows
            rows = rows.append_column("layer", pa.repeat(layer, many)).append_column("gone", pa.repeat(False, many))
        return self._write(table, rows, layer)

    def write_gone(self, table: str, keys: pa.Table, *, layer: int) -> DataFile:
        """Write a durable file of a layer that says which keys have no rows any more."""
        many = keys.num_rows
        rows = keys.append_column("layer", pa.repeat(layer, many)).append_column("gone", pa.repeat(True, many))
        for column in arrow_schema(self.lake.tables[table]):
            if column.name not in keys.column_names:
                rows = rows.append_column(column.name, pa.nulls(many, column.type))
        return self._write(table, rows, layer)

    def _write(self, table: str, rows: pa.Table, layer: int) -> DataFile:
        declared = arrow_schema(self.lake.tables[table], stored=True)
        repeating = [column.name for column in stored_columns(self.lake.tables[table]) if column.type not in _UNLIKE]
        path = self.lake.new_file(table, layer=layer)
        with storage_errors(table):
            pq.write_table(
                rows.select(declared.names).cast(declared),
                path,
                compression="zstd",
                compression_level=1,
                row_group_size=ROW_GROUP_ROWS,
                use_dictionary=repeating,
            )
        return self.lake.describe(table, path)


@dataclass(frozen=True)
class Task:
    """A pure function of (snapshot, buckets, parameters), named so that another process can find it.

    Attributes:
        run: a module-level function; it is sent by name, never by value.
        params: JSON values.
    """

    run: Callable[[Context], Output]
    params: Mapping[str, Json] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """``module:function``, by which another process finds the function."""
        return f"{self.run.__module__}:{self.run.__qualname__}"

    def to_json(self) -> str:
        """The task as text, for another process."""
        return json.dumps({"run": self.name, "params": dict(self.params)})

    @staticmethod
    def from_json(text: str) -> Task:
        """The inverse of `to_json`; imports the module that the task names."""
        told = json.loads(text)
        module, _, function = told["run"].partition(":")
        return Task(getattr(import_module(module), function), told["params"])


@dataclass(frozen=True)
class Slot:
    """The place of one task at a time: what it may use of a machine.

    Attributes:
        lake: where tables live.
        exchange: folder of the running build.
        threads: processor threads.
        memory_mib: memory.
        duck: see `Context`.
    """

    lake: Lake
    exchange: Path
    threads: int
    memory_mib: int
    duck: Connection | None = None

    def run(self, task: Task, reading: Reading, buckets: Buckets) -> Output:
        """Run a task once; its output says which attempt this was."""
        context = Context(
            self.lake, reading, buckets, task.params, self.exchange, self.threads, self.memory_mib, self.duck
        )
        return replace(task.run(context), attempt=context.attempt)


class Engine(Protocol):
    """Who runs tasks."""

    def run(self, task: Task, reading: Reading, buckets: Sequence[Buckets]) -> Iterator[Output]:
        """Run the task once for each of the buckets; outputs in the order of the buckets, as they are done."""
