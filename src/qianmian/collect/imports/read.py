"""Opens a file of any format as one relation ``raw``: a row number and one SQL column a declared name.

CSV and JSONL are first turned into Parquet in the scratch folder: every later pass then reads only the columns it
needs, in parallel, and knows each row's number in the file.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from qianmian.collect.imports import json_document, spreadsheet
from qianmian.collect.imports.declaration import near
from qianmian.collect.imports.json_paths import JsonPaths
from qianmian.collect.imports.mapping import Format, Mapping
from qianmian.core.errors import InputError, MappingError
from qianmian.core.messages import Message
from qianmian.lake.connection import Connection, literal, quoted

LONGEST_LINE = 4 * 1024 * 1024
_PEEK = 1024 * 1024
_CHUNK = 1024 * 1024
#: DuckDB's words for a row that it cannot read.
_WHY = {
    "cast": Message("why_cast"),
    "missing columns": Message("why_missing_columns"),
    "too many columns": Message("why_too_many_columns"),
    "unquoted value": Message("why_unquoted_value"),
    "line size over maximum": Message("why_line_too_long"),
    "invalid encoding": Message("why_other_encoding"),
    "invalid unicode": Message("why_other_encoding"),
}
_BROKEN = Message("why_broken")
_STAGED = "raw.parquet"
#: Of a staged file of lines: processors share a file by its groups, and what a flush takes in is small.
_GROUP_ROWS = 20_480
_MAY_BE_OBJECT = "starts_with(ltrim(line, ' \t'), '{')"


@dataclass(frozen=True)
class RawColumn:
    """A column of ``raw``: its SQL name, which no user chose, and its DuckDB type."""

    sql: str
    type: str


@dataclass(frozen=True)
class Unreadable:
    """A row that did not become a row: ragged, too long, or not in the encoding."""

    row: int
    why: Message
    body: str


@dataclass(frozen=True)
class Raw:
    """An opened file.

    Attributes:
        columns: declared name or path → column of the view ``raw``, which has ``row`` (from 1) besides.
        rows: number of rows in the view.
        rest: SQL of the JSON object of all columns that the mapping does not name.
        body: SQL of the whole row as JSON text, for the refused store.
        broken: SQL that is true where the row as a whole is unusable; empty = never.
        unreadable: rows that are in the file but not in the view.
    """

    columns: dict[str, RawColumn]
    rows: int
    rest: str
    body: str
    broken: str = ""
    unreadable: tuple[Unreadable, ...] = ()


def open_raw(connection: Connection, mapping: Mapping, file: Path, scratch: Path) -> Raw:
    """Make the view ``raw`` over a file.

    Args:
        connection: gets the view.
        mapping: says the format and which columns it needs.
        file: the file to import.
        scratch: an empty folder for what is staged.

    Raises:
        MappingError: a column is missing, or the file is not of the declared format or encoding.
        InputError: the file is empty or missing.
    """
    if not file.is_file():
        raise InputError("no_file", file=file.name)
    if file.stat().st_size == 0:
        raise InputError("empty_file", file=file.name)
    match mapping.format:
        case Format.PARQUET:
            return _open_parquet(connection, mapping, file)
        case Format.CSV:
            return _open_csv(connection, mapping, _as_utf8(file, mapping, scratch), scratch, file.name)
        case Format.JSONL:
            return _open_jsonl(connection, mapping, _as_utf8(file, mapping, scratch), scratch)
        case Format.XLSX:
            header = spreadsheet.stage(file, mapping, scratch / _STAGED)
            _number_rows(connection, scratch / _STAGED, [])
            return _wide(connection, mapping, _text_columns(mapping, header, file.name))
        case Format.JSON:
            document = _as_utf8(file, mapping, scratch)
            lines = json_document.as_lines(document, mapping.records, scratch / "lines", file.name)
            return _open_jsonl(connection, mapping, lines, scratch)


def _open_parquet(connection: Connection, mapping: Mapping, file: Path) -> Raw:
    with file.open("rb") as opened:
        head = opened.read(4)
        opened.seek(-min(4, file.stat().st_size), io.SEEK_END)
        if head != b"PAR1" or opened.read(4) != b"PAR1":
            raise MappingError("half_parquet", file=file.name)
    source = f"read_parquet({literal(str(file))}, file_row_number = true, hive_partitioning = false)"
    described = connection.execute(f"DESCRIBE SELECT * EXCLUDE (file_row_number) FROM {source}").fetchall()
    types = {str(name): str(kind) for name, kind, *_ in described}
    _check_columns(mapping, types, file.name)
    columns = {name: RawColumn(f"c{number}", kind) for number, (name, kind) in enumerate(types.items())}
    listed = ", ".join(f"{quoted(name)} AS {column.sql}" for name, column in columns.items())
    connection.execute(f'CREATE VIEW raw AS SELECT file_row_number + 1 AS "row", {listed} FROM {source}')
    return _wide(connection, mapping, columns)


def check_parquet(file: Path) -> None:
    """Read a Parquet file through, to tell a damaged file from another failure.

    Raises:
        InputError: it is damaged inside.
    """
    try:
        with pq.ParquetFile(file) as opened:
            for _ in opened.iter_batches():
                pass
    except (pa.ArrowException, OSError) as error:
        raise InputError("damaged_parquet", file=file.name) from error


def _wide(
    connection: Connection, mapping: Mapping, columns: dict[str, RawColumn], unreadable: tuple[Unreadable, ...] = ()
) -> Raw:
    named = mapping.named_columns
    return Raw(
        columns=columns,
        rows=_count(connection),
        rest=_object({name: column for name, column in columns.items() if name not in named}),
        body=_object(columns),
        unreadable=unreadable,
    )


def _object(columns: dict[str, RawColumn]) -> str:
    pairs = ", ".join(f"{literal(name)}, {column.sql}" for name, column in columns.items())
    # Merging into an empty object leaves the nulls out.
    return f"json_merge_patch('{{}}', json_object({pairs}))::VARCHAR" if columns else "NULL::VARCHAR"


def _count(connection: Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM raw").fetchall()[0][0])


def _check_columns(mapping: Mapping, present: dict[str, str], file: str) -> None:
    for name in mapping.named_columns:
        if name not in present:
            raise MappingError("no_column", file=file, column=name, hint=near(name, present))


def _open_csv(connection: Connection, mapping: Mapping, file: Path, scratch: Path, shown: str) -> Raw:
    header = list(mapping.header) or _read_header(file, mapping.delimiter, shown)
    columns = _text_columns(mapping, header, shown)
    shape = "{" + ", ".join(f"'c{number}': 'VARCHAR'" for number in range(len(header))) + "}"
    staged = scratch / _STAGED
    connection.execute(
        f"COPY (SELECT * FROM read_csv({literal(str(file))}, columns = {shape}, header = {not mapping.header}, "
        f"delim = {literal(mapping.delimiter)}, quote = '\"', escape = '\"', auto_detect = false, "
        f"max_line_size = {LONGEST_LINE}, store_rejects = true)) TO {literal(str(staged))} (FORMAT parquet)"
    )
    unreadable = _rejected(connection, 0 if mapping.header else 1)
    _number_rows(connection, staged, [row.row for row in unreadable])
    return _wide(connection, mapping, columns, unreadable)


def _text_columns(mapping: Mapping, header: list[str], shown: str) -> dict[str, RawColumn]:
    """The columns of a table of texts, by the names in its header; a column without a name can only be left out."""
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise MappingError("column_twice", file=shown, column=twice[0])
    _check_columns(mapping, dict.fromkeys(header, "VARCHAR"), shown)
    return {name: RawColumn(f"c{number}", "VARCHAR") for number, name in enumerate(header) if name}


def _rejected(connection: Connection, header_lines: int) -> tuple[Unreadable, ...]:
    """The ragged rows; DuckDB counts records, not lines, and counts the header."""
    rows = connection.execute(
        "SELECT line, min(lower(error_type::VARCHAR)), min(csv_line) FROM reject_errors GROUP BY line ORDER BY line"
    ).fetchall()
    connection.execute("TRUNCATE reject_errors")
    return tuple(Unreadable(line - header_lines, _WHY.get(why, _BROKEN), text or "") for line, why, text in rows)


def _number_rows(connection: Connection, staged: Path, missing: list[int]) -> None:
    """Make the view ``raw`` over a staged file, with each row's number in the file it came from."""
    if missing:
        connection.execute("CREATE TABLE gaps (first BIGINT, behind BIGINT)")
        moved = [(0, 0), *((row - number, number + 1) for number, row in enumerate(missing))]
        connection.executemany("INSERT INTO gaps VALUES (?, ?)", moved)
        connection.execute("CREATE TABLE steps AS SELECT first, max(behind) AS behind FROM gaps GROUP BY first")
    staged_rows = f"SELECT file_row_number + 1 AS place, * EXCLUDE (file_row_number) FROM {_in_order(staged)}"
    connection.execute(f"CREATE VIEW raw AS {_numbered(staged_rows, missing)}")


def _in_order(staged: Path) -> str:
    return f"read_parquet({literal(str(staged))}, file_row_number = true)"


def _numbered(rows: str, missing: list[int]) -> str:
    """Rows with their ``place``, from 1, as rows with their number: behind one that is missing it moves on by one."""
    if not missing:
        return f'SELECT place AS "row", * EXCLUDE (place) FROM ({rows})'
    return (
        f'SELECT place + behind AS "row", * EXCLUDE (place, first, behind) '
        f"FROM ({rows}) ASOF JOIN steps ON place >= first"
    )


def _read_header(file: Path, delimiter: str, shown: str) -> list[str]:
    with file.open(encoding="utf-8-sig", errors="replace", newline="") as opened:
        peek = io.StringIO(opened.read(_PEEK), newline="")
        try:
            names = next(csv.reader(peek, delimiter=delimiter), [])
        except csv.Error:
            names = []
    if not any(names):
        raise MappingError("no_header", file=shown)
    return names


def _open_jsonl(connection: Connection, mapping: Mapping, file: Path, scratch: Path) -> Raw:
    staged = scratch / _STAGED
    paths = JsonPaths(mapping.named_columns)
    rest = paths.rest("line") if mapping.properties.rest else "NULL::VARCHAR"
    lines = (
        f"read_csv({literal(str(file))}, columns = {{'line': 'VARCHAR'}}, header = false, auto_detect = false, "
        f"delim = '\x1f', quote = '', escape = '', max_line_size = {LONGEST_LINE}, store_rejects = true)"
    )
    parsed = f"SELECT line, CASE WHEN {_MAY_BE_OBJECT} THEN TRY(from_json(line, $structure)) END AS parsed FROM {lines}"
    # What an empty or broken line is, is said here: to look at whole lines again costs more than all their values.
    connection.execute(
        f"COPY (SELECT {paths.select('parsed')}, CASE WHEN parsed IS NOT NULL THEN {rest} END AS rest, "
        f"parsed IS NULL AS broken, parsed IS NULL AND trim(line) = '' AS blank "
        f"FROM (SELECT *{paths.layer('parsed')} FROM ({parsed}))) TO {literal(str(staged))} "
        f"(FORMAT parquet, ROW_GROUP_SIZE {_GROUP_ROWS})",
        {"structure": paths.structure},
    )
    unreadable = _rejected(connection, 0)
    missing = [row.row for row in unreadable]
    _number_rows(connection, staged, missing)
    connection.execute("ALTER VIEW raw RENAME TO all_lines")
    connection.execute("CREATE VIEW raw AS SELECT * EXCLUDE (blank) FROM all_lines WHERE NOT blank")
    # A whole line is wanted of a refused row only: it is read again then, and not copied now.
    placed = f"SELECT row_number() OVER () AS place, line FROM {lines}"
    connection.execute(f"CREATE VIEW lines AS {_numbered(placed, missing)}")
    return Raw(
        columns={path: RawColumn(name, "VARCHAR") for path, name in paths.columns.items()},
        rows=_count(connection),
        rest="rest",
        body='(SELECT line FROM lines WHERE lines."row" = raw."row")',
        broken="broken",
        unreadable=unreadable,
    )


def _as_utf8(file: Path, mapping: Mapping, scratch: Path) -> Path:
    """The file itself if it is UTF-8, else a copy in UTF-8."""
    try:
        encoding = codecs.lookup(mapping.encoding).name
    except LookupError:
        raise MappingError("unknown_encoding", encoding=mapping.encoding) from None
    if encoding == "utf-8":
        _check_utf8(file)
        if not mapping.skip:
            return file
        encoding = "utf-8-sig"  # a mark at the beginning would leave with the skipped lines
    copy = scratch / "utf8"
    with copy.open("w", encoding="utf-8", newline="") as out:
        try:
            for text in _decoded(file, encoding, mapping.skip):
                out.write(text)
        except UnicodeError as error:
            raise MappingError(
                "other_encoding", file=file.name, encoding=mapping.encoding, place=_place(error), hint=_guess(file)
            ) from None
    return copy


def _decoded(file: Path, encoding: str, skip: int) -> Iterator[str]:
    with file.open(encoding=encoding, newline="") as opened:
        for _ in range(skip):
            opened.readline(LONGEST_LINE)
        while text := opened.read(_CHUNK):
            yield text


def _check_utf8(file: Path) -> None:
    """Refuse a file whose beginning is in another encoding; a later bad line is refused alone."""
    with file.open("rb") as opened:
        start = opened.read(_PEEK)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError as error:
        raise MappingError(
            "other_encoding", file=file.name, encoding="UTF-8", place=_place(error), hint=_guess(file)
        ) from None


def _place(error: UnicodeError) -> Message:
    if isinstance(error, UnicodeDecodeError):
        return Message("byte_unfit", byte=error.start)
    return Message("does_not_decode")


def _guess(file: Path) -> Message:
    with file.open("rb") as opened:
        start = opened.read(_PEEK)
    if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return Message("add_encoding", encoding="utf-16")
    try:
        codecs.getincrementaldecoder("gb18030")().decode(start)
    except UnicodeDecodeError:
        return Message("declare_encoding")
    return Message("add_chinese_encoding")
