"""Reads a folder as a thief would: every file raw, and decoded whatever has a format."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import pyarrow as pa
import pyarrow.parquet as pq

from tests.faults.parts.needles import Needles

_ESCAPE = re.compile(rb"\\+u([0-9a-fA-F]{4})")  # JSON inside JSON escapes the escape
_SEPARATOR = b"\n"


@dataclass(frozen=True)
class Hit:
    """A value that was found.

    Attributes:
        file: path within the folder.
        place: column, ``table.column``, or ``raw``.
        spelling: how it was written.
        value: which one.
    """

    file: str
    place: str
    spelling: str
    value: str


def scan(folder: Path, needles: Needles) -> Iterator[Hit]:
    """Every needle in every file of a folder, once for each place."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        for place, content in (("name", path.name.encode()), *(readings(path) if path.is_file() else ())):
            for needle in needles.find(content):
                yield Hit(name, place, needle.spelling, needle.value)


def readings(path: Path) -> Iterator[tuple[str, bytes]]:
    """What a file holds: its bytes, its decoded columns, and texts without their escapes."""
    raw = path.read_bytes()
    yield "raw", raw
    if raw[:4] == b"PAR1":
        yield from _columns(pq.ParquetFile(path).read())
    elif raw[:6] == b"ARROW1":
        yield from _columns(pa.ipc.open_file(pa.py_buffer(raw)).read_all())
    elif raw[:15] == b"SQLite format 3":
        yield from _database(path)
    else:
        yield from _plain("text", raw)


def _plain(place: str, text: bytes) -> Iterator[tuple[str, bytes]]:
    """The text without JSON escapes and percent signs, if it has any."""
    plain = unquote_to_bytes(_ESCAPE.sub(_letter, text))
    if plain != text:
        yield f"{place}, unescaped", plain


def _letter(escape: re.Match[bytes]) -> bytes:
    return chr(int(escape[1], 16)).encode("utf-8", "surrogatepass")


def _columns(table: pa.Table) -> Iterator[tuple[str, bytes]]:
    for name in table.column_names:
        yield from _column(name, table.column(name).combine_chunks())


def _column(name: str, values: Any) -> Iterator[tuple[str, bytes]]:
    """The values of a column as bytes; numbers as eight bytes each, nested columns leaf by leaf."""
    kind = values.type
    if isinstance(values, pa.ChunkedArray):
        for chunk in values.chunks:
            yield from _column(name, chunk)
    elif pa.types.is_dictionary(kind):
        yield from _column(name, values.dictionary)
    elif pa.types.is_struct(kind):
        for field, part in zip(kind, values.flatten(), strict=True):
            yield from _column(f"{name}.{field.name}", part)
    elif pa.types.is_map(kind):
        yield from _column(f"{name}.key", values.keys)
        yield from _column(f"{name}.value", values.items)
    elif pa.types.is_list(kind) or pa.types.is_large_list(kind):
        yield from _column(f"{name}[]", values.flatten())
    elif pa.types.is_integer(kind) or pa.types.is_temporal(kind) or pa.types.is_boolean(kind):
        numbers = values.cast(_wide(kind)).drop_null()
        yield name, numbers.to_numpy(zero_copy_only=False).astype("<i8").tobytes()
    elif pa.types.is_null(kind):
        return
    else:
        texts = values if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) else values.cast(pa.large_string())
        joined = _SEPARATOR.join(one.as_buffer().to_pybytes() for one in texts.drop_null())
        yield name, joined
        yield from _plain(name, joined)


def _wide(kind: pa.DataType) -> pa.DataType:
    return pa.int64() if pa.types.is_integer(kind) or pa.types.is_boolean(kind) or kind.bit_width == 64 else pa.int32()


def _database(path: Path) -> Iterator[tuple[str, bytes]]:
    """All values of all tables; what was deleted is seen by the raw reading."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            rows = connection.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in rows.description]
            for name, values in zip(names, zip(*rows, strict=True), strict=False):
                joined = _SEPARATOR.join(map(_as_bytes, values))
                yield f"{table}.{name}", joined
                yield from _plain(f"{table}.{name}", joined)
    finally:
        connection.close()


def _as_bytes(value: object) -> bytes:
    match value:
        case None:
            return b""
        case bytes():
            return value
        case int():
            return value.to_bytes(8, "little", signed=True)
        case _:
            return str(value).encode("utf-8", "surrogatepass")
