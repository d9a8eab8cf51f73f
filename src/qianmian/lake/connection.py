"""A DuckDB connection that sees exactly one snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path

import duckdb
import pyarrow as pa

from qianmian.core.errors import JobError
from qianmian.core.tables import Column, Table
from qianmian.lake.durable import storage_errors
from qianmian.lake.files import Change, DataFile
from qianmian.lake.snapshot import Snapshot
from qianmian.lake.store import Lake

#: What stages run their SQL on; they know it by this name only.
Connection = duckdb.DuckDBPyConnection


def connect(  # noqa: PLR0913  # limits are named, and asked for, at every call
    lake: Lake,
    snapshot: Snapshot,
    *,
    threads: int,
    memory_mib: int,
    spill: Path,
    tables: Iterable[str] | None = None,
    pending: Iterable[Change] = (),
) -> duckdb.DuckDBPyConnection:
    """Open an in-memory DuckDB with one view for each table, over the snapshot's files only.

    The connection reads and writes files in the lake's and the spill folder and nowhere else, loads no extension,
    and sees no Python variable as a table.

    Args:
        lake: where the tables live.
        snapshot: what to see; later releases stay unseen.
        threads: processor threads.
        memory_mib: memory before DuckDB spills, in MiB.
        spill: folder for what does not fit into memory.
        tables: names of the tables to see, and of views `by_key`; None = all tables.
        pending: changes that are not released yet but shall be seen, as by the later tasks of a build.

    Raises:
        SnapshotExpiredError: the snapshot's files are gone.
        DamagedTableError: a log or data file is missing, short or empty.
    """
    connection = bare_connection((lake.root,), threads=threads, memory_mib=memory_mib, spill=spill)
    show_tables(connection, lake, snapshot, lake.tables if tables is None else tables, pending)
    return connection


def show_tables(
    connection: duckdb.DuckDBPyConnection,
    lake: Lake,
    snapshot: Snapshot,
    tables: Iterable[str],
    pending: Iterable[Change] = (),
    *,
    temporary: bool = False,
) -> None:
    """Make one view for each of some tables, over the snapshot's files only; see `connect`.

    Temporary ones are seen by this cursor alone, and end with it.
    """
    view = "TEMP VIEW" if temporary else "VIEW"
    changes = {change.table: change for change in pending}
    for name in tables:
        table = name.removesuffix(_BY_KEY)
        files = changes.get(table, Change(table)).applied(lake.files(snapshot, table))
        is_one = len({file.layer for file in files}) < 2
        plain = name == table or is_one
        select = select_files(lake, table, files) if plain else _select_by_key(lake, lake.tables[table], files)
        connection.execute(f"CREATE {view} {quoted(name)} AS {select}")


_BY_KEY = " by key"


def by_key(table: str) -> str:
    """Name of the view in which few keys of a layered table are looked up, for who asks for it beside the table.

    It has the same rows. Asked for a key it reads that key alone in every layer; the other would read all newer layers,
    which for most rows of the table is the cheaper way.
    """
    return f"{table}{_BY_KEY}"


def bare_connection(
    folders: Sequence[Path], *, threads: int, memory_mib: int, spill: Path, keeps_what_it_read: bool = True
) -> duckdb.DuckDBPyConnection:
    """Open an in-memory DuckDB without any table, locked down.

    Args:
        folders: the only folders, beside ``spill``, in which it may read and write files.
        threads: processor threads.
        memory_mib: memory before DuckDB spills, in MiB.
        spill: folder for what does not fit into memory.
        keeps_what_it_read: whether it keeps parts of files in memory that is free, for whoever reads them next.
    """
    with storage_errors("spill"):
        spill.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(
        config={
            "threads": threads,
            "memory_limit": f"{memory_mib}MiB",
            "temp_directory": str(spill.absolute()),
            "allow_community_extensions": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    allowed = ", ".join(literal(str(folder.absolute())) for folder in (*folders, spill))
    connection.execute("SET GLOBAL TimeZone = 'UTC'")  # cursors of the connection have it too
    connection.execute("SET GLOBAL parquet_metadata_cache = true")  # files are opened once, not at each statement
    connection.execute(f"SET GLOBAL enable_external_file_cache = {str(keeps_what_it_read).lower()}")
    connection.execute("SET python_enable_replacements = false")
    connection.execute(f"SET allowed_directories = [{allowed}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


@contextmanager
def memory_connection(threads: int, memory_mib: int) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB in memory that reads and writes no file, not even what does not fit: for what must touch no disk.

    Args:
        threads: processor threads.
        memory_mib: its bound.

    Raises:
        JobError: more memory is needed.
    """
    connection = duckdb.connect(
        config={
            "threads": threads,
            "memory_limit": f"{memory_mib}MiB",
            "temp_directory": "",
            "allow_community_extensions": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    try:
        connection.execute("SET python_enable_replacements = false")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield connection
    except duckdb.OutOfMemoryException:
        raise JobError("memory_short", mib=memory_mib) from None
    finally:
        connection.close()


def select_files(lake: Lake, table: str, files: Iterable[DataFile]) -> str:
    """The SELECT over a table's files: declared columns, types and order, whatever an older file lacks left empty."""
    declared, files = lake.tables[table], list(files)
    if declared.layered_by and files:
        return _select_layers(lake, declared, files)
    columns = ", ".join(quoted(column.name) for column in declared.columns)
    empty = f"SELECT {', '.join(map(_nothing, declared.columns))} WHERE false"
    if not files:
        return empty
    return f"SELECT {columns} FROM ({empty} UNION ALL BY NAME SELECT * FROM {_scan(lake, declared, files)})"


def _select_layers(lake: Lake, table: Table, files: Sequence[DataFile]) -> str:
    """Of each layer, newest first, the rows whose key no newer layer has."""
    columns = ", ".join(quoted(column.name) for column in table.columns)
    key = ", ".join(quoted(name) for name in table.layered_by)
    empty = f"SELECT {', '.join(map(_nothing, table.columns))}, false AS gone WHERE false"
    layers = [list(layer) for _, layer in groupby(sorted(files, key=_layer, reverse=True), key=_layer)]
    scans = [f"({empty} UNION ALL BY NAME FROM {_scan(lake, table, layer)})" for layer in layers]
    selects = []
    for index, scan in enumerate(scans):
        newer = " UNION ALL ".join(f"SELECT {key} FROM {_scan(lake, table, layer)}" for layer in layers[:index])
        # what lies below all others hides nothing, so it has no row that is gone
        stand = "" if index == len(scans) - 1 else " WHERE NOT gone"
        selects.append(f"SELECT {columns} FROM {scan}{f' ANTI JOIN ({newer}) USING ({key})' if newer else ''}{stand}")
    return " UNION ALL ".join(selects)


def _select_by_key(lake: Lake, table: Table, files: Sequence[DataFile]) -> str:
    """Rows of each key's highest layer; a condition on the key goes into the scan."""
    columns = ", ".join(quoted(column.name) for column in table.columns)
    key = ", ".join(quoted(name) for name in table.layered_by)
    empty = f"SELECT {', '.join(map(_nothing, table.columns))}, NULL::BIGINT AS layer, false AS gone WHERE false"
    stands = f"layer = max(layer) OVER (PARTITION BY {key}) AND NOT gone"
    return f"SELECT {columns} FROM ({empty} UNION ALL BY NAME FROM {_scan(lake, table, files)}) QUALIFY {stands}"


def _layer(file: DataFile) -> int:
    return file.layer


def fetch(connection: duckdb.DuckDBPyConnection, query: str, values: object = None) -> pa.Table:
    """The rows of one SELECT as an Arrow table, without the extra copy that a fetch after ``execute`` makes."""
    return connection.sql(query, params=values).to_arrow_table()


def quoted(identifier: str) -> str:
    """An identifier as SQL."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL, for the few places where DuckDB binds no value."""
    return "'" + text.replace("'", "''") + "'"


def _scan(lake: Lake, table: Table, files: Sequence[DataFile]) -> str:
    """Files of one table may differ in columns; the partition column stands in the path, and is typed here."""
    paths = ", ".join(literal(str(path)) for path in lake.locations(table.name, files))
    partitioned = "hive_partitioning = true, hive_types = {'day': DATE}" if table.partition_by else _FLAT
    return f"read_parquet([{paths}], union_by_name = true, {partitioned})"


_FLAT = "hive_partitioning = false"


def _nothing(column: Column) -> str:
    return f"NULL::{column.type.sql} AS {quoted(column.name)}"
