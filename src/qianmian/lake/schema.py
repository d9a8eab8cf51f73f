"""A table's declaration in the words of Arrow, Delta and DuckDB, and the check of a file against it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import Schema

from qianmian.core.errors import DamagedTableError, LakeError
from qianmian.core.messages import Message
from qianmian.core.tables import Column, Table, Type

#: Each type as Arrow has it.
ARROW: Mapping[Type, pa.DataType] = {
    Type.ID: pa.int64(),
    Type.INTEGER: pa.int64(),
    Type.SMALL: pa.int32(),
    Type.NUMBER: pa.float64(),
    Type.MONEY: pa.decimal128(18, 4),
    Type.TEXT: pa.string(),
    Type.JSON: pa.string(),
    Type.FLAG: pa.bool_(),
    Type.INSTANT: pa.timestamp("us", "UTC"),
    Type.DATE: pa.date32(),
}


#: What a file of a layered table tells beside the declared columns, so that any reader can find the rows that stand.
LAYER = Column("layer", Type.INTEGER, "number of the layer; of the rows of one key the highest stand", nullable=False)
GONE = Column("gone", Type.FLAG, "the key has no rows since this layer; its other columns are empty", nullable=False)


def stored_columns(table: Table) -> tuple[Column, ...]:
    """The columns inside a data file: a partition column stands in the path, not in the file."""
    if not table.layered_by:
        return tuple(column for column in table.columns if column.name not in table.partition_by)
    return (*(replace(column, nullable=column.name not in table.layered_by) for column in table.columns), LAYER, GONE)


def arrow_schema(table: Table, *, stored: bool = False) -> pa.Schema:
    """The declared columns as an Arrow schema.

    Args:
        table: the declaration.
        stored: leave out partition columns, as in a data file.
    """
    columns = stored_columns(table) if stored else table.columns
    return _arrow(columns)


def _arrow(columns: Iterable[Column]) -> pa.Schema:
    return pa.schema([pa.field(column.name, ARROW[column.type], column.nullable) for column in columns])


def delta_schema(table: Table) -> Schema:
    """The declared columns as a Delta schema."""
    return Schema.from_arrow(_arrow(stored_columns(table) if table.layered_by else table.columns))


def count_rows(table: Table, path: Path) -> int:
    """Check a data file's footer against the declaration and count its rows.

    Raises:
        DamagedTableError: the file has no readable footer.
        LakeError: a column is missing, undeclared, of another type, or empty where it may not be.
    """
    try:
        footer = pq.read_metadata(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise DamagedTableError("half_file", table=table.name, file=path.name) from error
    _check_types(table, path, footer.schema.to_arrow_schema())
    _check_empty(table, path, footer)
    return int(footer.num_rows)


def _check_types(table: Table, path: Path, found: pa.Schema) -> None:
    declared = {field.name: field.type for field in arrow_schema(table, stored=True)}
    written = {field.name: _plain(field.type) for field in found}
    faults = [Message("column_missing", column=name) for name in sorted(declared.keys() - written.keys())]
    faults += [Message("column_undeclared", column=name) for name in sorted(written.keys() - declared.keys())]
    faults += [
        Message("column_of_type", column=name, found=str(written[name]), declared=str(declared[name]))
        for name in sorted(declared.keys() & written.keys())
        if declared[name] != written[name]
    ]
    if faults:
        raise LakeError("file_unfit", table=table.name, file=path.name, faults=faults)


def _check_empty(table: Table, path: Path, footer: pq.FileMetaData) -> None:
    required = {column.name for column in stored_columns(table) if not column.nullable}
    for group in range(footer.num_row_groups):
        for index in range(footer.num_columns):
            chunk = footer.row_group(group).column(index)
            if chunk.path_in_schema in required and chunk.statistics and chunk.statistics.null_count:
                raise LakeError(
                    "empty_column",
                    table=table.name,
                    file=path.name,
                    rows=chunk.statistics.null_count,
                    column=chunk.path_in_schema,
                )


def _plain(type_: pa.DataType) -> pa.DataType:
    """The type without the in-memory variants that mean the same in a file."""
    if pa.types.is_dictionary(type_):
        type_ = type_.value_type
    return pa.string() if pa.types.is_large_string(type_) or pa.types.is_string_view(type_) else type_
