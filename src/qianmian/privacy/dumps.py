"""Tables of a database as Parquet files and back, in whatever database they live: values stay as they are stored."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa

from qianmian.core.errors import InputError
from qianmian.core.tables import Table
from qianmian.privacy.database import declared

_ROWS_AT_ONCE = 50_000
_ARROW: dict[type[sa.types.TypeEngine[Any]], pa.DataType] = {
    sa.LargeBinary: pa.binary(),
    sa.Integer: pa.int64(),
    sa.Text: pa.string(),
    sa.Float: pa.float64(),
    sa.Boolean: pa.bool_(),
}


def dump(engine: sa.Engine, table: Table, file: Path) -> int:
    """Write all rows of a declared table to a Parquet file, by key; returns how many there are."""
    stored = declared(table)
    schema = pa.schema([(column.name, _ARROW[type(column.type)]) for column in stored.columns])
    rows = sa.select(stored).order_by(*(stored.c[name] for name in table.key))
    written = 0
    with engine.connect() as connection, pq.ParquetWriter(file, schema, compression="zstd") as writer:
        found = connection.execution_options(stream_results=True, max_row_buffer=_ROWS_AT_ONCE).execute(rows)
        for page in found.partitions(_ROWS_AT_ONCE):
            columns = zip(*page, strict=True)
            writer.write_table(pa.table([pa.array(c, t) for c, t in zip(columns, schema.types, strict=True)], schema))
            written += len(page)
    return written


def load(engine: sa.Engine, table: Table, file: Path) -> int:
    """Write the rows of a Parquet file into a declared table, which is empty; returns how many they are.

    Columns that the file lacks stay empty.

    Raises:
        InputError: the file has a column that is not declared: a later version wrote it.
    """
    stored, parquet = declared(table), pq.ParquetFile(file)
    unknown = sorted(set(parquet.schema_arrow.names) - set(table.names))
    if unknown:
        raise InputError("backup_of_later_version", table=table.name, columns=unknown)
    with engine.begin() as connection:
        for batch in parquet.iter_batches(_ROWS_AT_ONCE):
            connection.execute(sa.insert(stored), batch.to_pylist())
    return int(parquet.metadata.num_rows)
