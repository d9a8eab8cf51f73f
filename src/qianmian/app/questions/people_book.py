"""A list of people as a workbook or a Parquet file: the rows of the CSV file, with types."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from qianmian.app.questions.people_file import FileAsked, PeopleFile, PeopleRows, people_file, people_rows
from qianmian.app.shop import Shop
from qianmian.core.errors import InputError
from qianmian.core.people import id_text

#: Rows that a sheet has, without its head.
MOST_ROWS = (1 << 20) - 1
_CHUNK = 1 << 20
_INSTANT = "yyyy-mm-dd hh:mm:ss"


class PeopleFormat(StrEnum):
    """Kinds of files; their names are the ends of files' names."""

    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"


def format_of(file: Path) -> PeopleFormat:
    """The kind that a file's name tells; CSV if none."""
    end = file.suffix.removeprefix(".").lower()
    return PeopleFormat(end) if end in set(PeopleFormat) else PeopleFormat.CSV


def people_in(shop: Shop, asked: FileAsked, kind: PeopleFormat, *, purpose: str) -> PeopleFile[bytes]:
    """The people who meet a condition as a file of some kind, a piece at a time.

    Raises:
        PurposeError: the purpose is not registered.
        ConditionError: the condition does not parse, or names something unknown.
        InputError: a workbook cannot hold so many.
    """
    if kind is PeopleFormat.CSV:
        file = people_file(shop, asked, purpose=purpose)
        return PeopleFile(file.total, file.rows, (text.encode() for text in file.pieces))
    rows = people_rows(shop, asked, purpose=purpose)
    many = min(rows.total, asked.limit)
    if kind is PeopleFormat.XLSX and many > MOST_ROWS:
        raise InputError("people_too_many_for_xlsx", rows=many, most=MOST_ROWS)
    return PeopleFile(rows.total, many, _pieces(shop, rows, kind))


def _pieces(shop: Shop, rows: PeopleRows, kind: PeopleFormat) -> Iterator[bytes]:
    """Both kinds end with what lies where in them, so that they are written before they are handed out."""
    with shop.workspace.spill() as folder:
        folder.mkdir(parents=True, mode=0o700)
        file = folder / f"people.{kind}"
        if kind is PeopleFormat.XLSX:
            _write_book(rows, file, shop.workspace.settings.zone)
        else:
            _write_parquet(rows, file)
        with file.open("rb") as written:
            while chunk := written.read(_CHUNK):
                yield chunk


def _write_book(rows: PeopleRows, file: Path, zone: ZoneInfo) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet, at = book.add_worksheet(), iter(range(MOST_ROWS + 1))
        instant = book.add_format({"num_format": _INSTANT})
        sheet.write_row(next(at), 0, rows.heads, book.add_format({"bold": True}))
        sheet.freeze_panes(1, 0)
        for batch, names in rows.batches:
            for row, told in zip(batch.to_pylist(), names, strict=True):
                place = next(at)
                sheet.write_string(place, 0, id_text(row.pop("person_id")))
                sheet.write_string(place, 1, told)
                for column, value in enumerate(row.values(), 2):
                    _write_cell(sheet, place, column, value, instant, zone)


def _write_cell(sheet: Any, row: int, column: int, value: Any, instant: Any, zone: ZoneInfo) -> None:
    match value:
        case None:
            return
        case datetime():
            sheet.write_datetime(row, column, value.astimezone(zone).replace(tzinfo=None), instant)
        case int() | float() | Decimal():
            sheet.write_number(row, column, value)
        case _:
            sheet.write_string(row, column, str(value))


def _write_parquet(rows: PeopleRows, file: Path) -> None:
    told = [pa.field("person", pa.string()), pa.field("identifiers", pa.string()), *list(rows.schema)[1:]]
    with pq.ParquetWriter(file, pa.schema(told), compression="zstd") as writer:
        for batch, names in rows.batches:
            people = [id_text(one) for one in batch.column("person_id").to_pylist()]
            columns = [pa.array(texts, pa.string()) for texts in (people, names)]
            writer.write_table(pa.Table.from_arrays([*columns, *batch.columns[1:]], schema=writer.schema))
