"""Exports as they come when something went wrong: one unusable time, a lost column, half of a file."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import orjson
import python_calamine
import xlsxwriter

from qianmian.collect.imports.mapping import Format, Mapping, columns_of

NO_TIME = "昨天下午"


def times(mapping: Mapping) -> tuple[str, ...]:
    """The columns that the time of a row is read from."""
    return columns_of(mapping.fields.get("occurred_at") or mapping.fields["valid_from"])


def with_a_bad_time(file: Path, mapping: Mapping) -> bytes:
    """A file in whose middle row no time can be read."""
    if mapping.format is Format.JSON:
        document = orjson.loads(file.read_bytes())
        for path in times(mapping):
            _put(document, path.split("."), NO_TIME)
        return orjson.dumps(document)
    rows, at = _table(file, mapping), mapping.skip
    row = rows[at + 1 + (len(rows) - at - 1) // 2]
    for column in times(mapping):
        row[rows[at].index(column)] = NO_TIME
    return _written(rows, mapping)


def without_a_column(file: Path, mapping: Mapping) -> tuple[bytes, str]:
    """A table whose column of times has another name, and the name that it had."""
    rows, column = _table(file, mapping), times(mapping)[0]
    rows[mapping.skip][rows[mapping.skip].index(column)] = "another"
    return _written(rows, mapping), column


def half(file: Path) -> bytes:
    """A file that was cut while it was copied."""
    whole = file.read_bytes()
    return whole[: len(whole) // 2]


def _put(document: Any, path: list[str], value: str) -> None:
    """Set a value in a document; of each array on the way, in the element in its middle."""
    if isinstance(document, list):
        _put(document[len(document) // 2], path, value)
    elif len(path) == 1:
        document[path[0]] = value
    else:
        _put(document[path[0]], path[1:], value)


def _table(file: Path, mapping: Mapping) -> list[list[Any]]:
    if mapping.format is Format.XLSX:
        return python_calamine.CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
    text = file.read_bytes().decode(mapping.encoding).removeprefix("\ufeff")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=mapping.delimiter))


def _written(rows: list[list[Any]], mapping: Mapping) -> bytes:
    if mapping.format is Format.XLSX:
        out = io.BytesIO()
        with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd hh:mm:ss"}) as book:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
        return out.getvalue()
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=mapping.delimiter).writerows(rows)
    return text.getvalue().encode(mapping.encoding)
