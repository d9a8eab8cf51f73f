"""A log entry's actions: between data files and Delta's words for them."""

from __future__ import annotations

import json

import pyarrow as pa
from deltalake import DeltaTable
from deltalake.transaction import AddAction, RemoveAction

from qianmian.lake.files import DataFile


def data_files(table: DeltaTable) -> tuple[DataFile, ...]:
    """The files that the loaded version names, by path."""
    found = pa.table(table.get_add_actions(flatten=True))
    columns = [found[name].to_pylist() for name in ("path", "num_records", "size_bytes")]
    partitioned = "partition.day" in found.column_names
    days = found["partition.day"].to_pylist() if partitioned else [None] * found.num_rows
    return tuple(sorted((DataFile(*row) for row in zip(*columns, days, strict=True)), key=lambda file: file.path))


def add_action(file: DataFile, written_at: float, *, rearranged: bool) -> AddAction:
    """The action by which a file comes; its only statistic is the number of rows, which tells nothing of people."""
    return AddAction(
        file.path,
        file.size,
        _partition(file),
        int(written_at * 1000),
        not rearranged,
        json.dumps({"numRecords": file.rows}),
    )


def remove_action(file: DataFile, removed_at: float, *, rearranged: bool) -> RemoveAction:
    """The action by which a file goes."""
    return RemoveAction(file.path, not rearranged, int(removed_at * 1000), file.size, _partition(file))


def _partition(file: DataFile) -> dict[str, str | None]:
    return {"day": file.day.isoformat()} if file.day else {}
