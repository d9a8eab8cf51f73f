"""A shape declares a file of a platform: its rows and its columns. One writer serves them all."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import xlsxwriter

from qianmian.world.exports.columns import Expression
from qianmian.world.exports.part import Part, Row

#: Takes the rows of a part of the world.
Take = Callable[[Iterable[Row]], None]
_MADE_AT = datetime(2026, 1, 1)  # noqa: DTZ001  # a workbook holds no zone; fixed, so that equal plans give equal bytes


@dataclass(frozen=True)
class Shape:
    """A file that a platform lets merchants download; a workbook ends at 1,048,576 rows, as in Excel.

    Attributes:
        platform: folder of the file.
        file: its name; the ending says the format: csv, xlsx or json.
        rows: what it holds of a part of the world.
        columns: head of each column, or dotted path in a JSON object, and how it is filled.
        encoding: of a CSV file.
        title: lines that stand above the heads of a workbook.
        records: path of the array in a JSON document.
    """

    platform: str
    file: str
    rows: Callable[[Part], list[Row]]
    columns: dict[str, Expression]
    encoding: str = "utf-8-sig"
    title: tuple[str, ...] = ()
    records: str = ""

    def values(self, rows: Iterable[Row]) -> Iterator[list[Any]]:
        """The cells of each row."""
        return ([fill(row) for fill in self.columns.values()] for row in rows)


@contextmanager
def writing(shape: Shape, folder: Path) -> Iterator[Take]:
    """Open the file of a shape for as many parts of the world as there are."""
    file = folder / shape.platform / shape.file
    file.parent.mkdir(parents=True, exist_ok=True)
    with _WRITERS[file.suffix](shape, file) as take:
        yield take


@contextmanager
def _csv(shape: Shape, file: Path) -> Iterator[Take]:
    with file.open("w", encoding=shape.encoding, errors="replace", newline="") as out:
        writer = csv.writer(out, quoting=csv.QUOTE_ALL)
        writer.writerow(shape.columns)
        yield lambda rows: writer.writerows(shape.values(rows))


@contextmanager
def _xlsx(shape: Shape, file: Path) -> Iterator[Take]:
    with xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": _MADE_AT})
        sheet, at = book.add_worksheet(), iter(range(1 << 20))
        for line in shape.title:
            sheet.write_string(next(at), 0, line)
        sheet.write_row(next(at), 0, shape.columns)

        def take(rows: Iterable[Row]) -> None:
            for cells in shape.values(rows):
                sheet.write_row(next(at), 0, cells)

        yield take


@contextmanager
def _json(shape: Shape, file: Path) -> Iterator[Take]:
    """A document as an API answers: the array at ``records``, with the objects around it."""
    found: list[Row] = []
    yield lambda rows: found.extend(_nested(shape.columns, cells) for cells in shape.values(rows))
    document: Any = found
    for name in reversed(shape.records.split(".") if shape.records else []):
        document = {name: document}
    file.write_bytes(orjson.dumps(document))


def _nested(columns: Iterable[str], cells: list[Any]) -> Row:
    """Cells as an object, by dotted paths; what is None is left out."""
    root: Row = {}
    for path, cell in zip(columns, cells, strict=True):
        *parents, leaf = path.split(".")
        place = root
        for name in parents:
            place = place.setdefault(name, {})
        if cell is not None:
            place[leaf] = cell
    return root


_WRITERS = {".csv": _csv, ".xlsx": _xlsx, ".json": _json}
