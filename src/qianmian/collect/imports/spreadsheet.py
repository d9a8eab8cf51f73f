"""The first sheet of an XLSX workbook as a table of texts, staged as Parquet like any other file."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from python_calamine import CalamineError, CalamineWorkbook

from qianmian.collect.imports.mapping import Mapping
from qianmian.core.errors import InputError, MappingError

#: What a workbook may hold once it is unpacked; the largest sheet that Excel itself can make has a few GiB.
MOST_BYTES = 2 * 1024**3
_ROWS_AT_ONCE = 20_000
_EXACT = 1e15
_Cell = str | int | float | bool | datetime | date | time | timedelta


def stage(file: Path, mapping: Mapping, staged: Path) -> list[str]:
    """Write the rows below the header as Parquet, with text columns c0, c1 and so on.

    Args:
        file: the workbook.
        mapping: says how many lines stand before the header, or names the columns.
        staged: file to write.

    Returns:
        The names of the columns.

    Raises:
        MappingError: it is no workbook, or has no header.
        InputError: it would unpack to more than two GiB.
    """
    _check_size(file)
    try:
        rows = CalamineWorkbook.from_path(file).get_sheet_by_index(0).iter_rows()
        below = islice(rows, mapping.skip, None)
        header = list(mapping.header) or [_text(cell).strip() for cell in next(below, [])]
        if not any(header):
            raise MappingError("no_header", file=file.name)
        _write(below, len(header), staged)
    except CalamineError as error:
        raise MappingError("half_workbook", file=file.name) from error
    return header


def _check_size(file: Path) -> None:
    try:
        with zipfile.ZipFile(file) as packed:
            size = sum(part.file_size for part in packed.infolist())
    except zipfile.BadZipFile as error:
        raise MappingError("half_workbook", file=file.name) from error
    if size > MOST_BYTES:
        raise InputError("large_workbook", file=file.name, mib=size >> 20)


def _write(rows: Iterable[list[_Cell]], width: int, staged: Path) -> None:
    schema = pa.schema([(f"c{number}", pa.string()) for number in range(width)])
    with pq.ParquetWriter(staged, schema) as writer:
        told = (row for row in rows if any(cell != "" for cell in row))
        for page in _pages(told):
            columns = [pa.array([_text(row[at]) if at < len(row) else "" for row in page]) for at in range(width)]
            writer.write_table(pa.table(columns, schema=schema))


def _pages(rows: Iterator[list[_Cell]]) -> Iterator[list[list[_Cell]]]:
    while page := list(islice(rows, _ROWS_AT_ONCE)):
        yield page


def _text(cell: _Cell) -> str:
    """A cell as text: a whole number has no point, an instant is ISO 8601 without a zone.

    >>> _text(13085.0), _text(0.1), _text(datetime(2026, 11, 11, 20, 0))
    ('13085', '0.1', '2026-11-11T20:00:00')
    """
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT:
        return str(int(cell))
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    return str(cell)
