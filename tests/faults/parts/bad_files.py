"""Files that cannot be used as they are declared, and what a person must be told of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

CSV = """
source: shop
grain: event
format: csv
event: {event_id: id, name: event, occurred_at: at, total: total}
identifiers: {user_id: user}
properties: rest
"""
PARQUET = CSV.replace("format: csv", "format: parquet")
_HEADER = "id,event,at,total,user,note\n"
_ROWS = [f"e{number},Product Viewed,2026-11-01T10:00:0{number}Z,1.5,u{number},hello" for number in range(5)]
_NAMES = ("id", "event", "at", "total", "user")
_TABLE = pa.table({name: [f"{name}{number}" for number in range(2000)] for name in _NAMES})


@dataclass(frozen=True)
class BadFile:
    """A file, how it is declared, and words that the refusal must hold beside the file's name."""

    mapping: str
    write: Callable[[Path], object]
    told: tuple[str, ...]


def _text(text: str, encoding: str = "utf-8") -> Callable[[Path], object]:
    return lambda path: path.write_bytes(text.encode(encoding))


def _cut(path: Path) -> None:
    pq.write_table(_TABLE, path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _hollow(path: Path) -> None:
    """Both ends of a Parquet file with noise in between."""
    pq.write_table(_TABLE, path)
    whole = path.read_bytes()
    path.write_bytes(whole[:4] + bytes(reversed(whole[4:-200])) + whole[-200:])


def _lying(path: Path) -> None:
    """A Parquet file whose footer is noise."""
    path.write_bytes(b"PAR1" + b"\x07" * 300 + (200).to_bytes(4, "little") + b"PAR1")


BAD_FILES = {
    "a text declared as Parquet": BadFile(PARQUET, _text(_HEADER), ("not a whole Parquet file", "format")),
    "a Parquet file declared as CSV": BadFile(CSV, lambda path: pq.write_table(_TABLE, path), ("UTF-8",)),
    "a Parquet file cut in half": BadFile(PARQUET, _cut, ("not a whole Parquet file",)),
    "a Parquet file with noise in it": BadFile(PARQUET, _hollow, ("Parquet",)),
    "a Parquet file with a broken footer": BadFile(PARQUET, _lying, ("Parquet",)),
    "a missing column": BadFile(CSV, _text(_HEADER.replace("user", "usr")), ("'user'", "usr")),
    "a column twice": BadFile(CSV, _text(_HEADER.replace("note", "user")), ("'user' twice",)),
    "another encoding": BadFile(CSV, _text(_HEADER + "e1,浏览商品,x,1,u,你好\n", "gbk"), ("UTF-8", "gb18030")),
    "UTF-16": BadFile(CSV, _text(_HEADER + "\n".join(_ROWS), "utf-16"), ("UTF-8", "utf-16")),
    "no bytes": BadFile(CSV, _text(""), ("empty",)),
    "a folder": BadFile(CSV, lambda path: path.mkdir(), ("no file",)),
    "nothing": BadFile(CSV, lambda path: None, ("no file",)),
}

#: Rows that are wrong each in its own way, with the reason and the field that the report must name.
HOSTILE = {
    "e1,Product Viewed,2026-11-01T10:00:00Z,1.5": ("unreadable", ""),
    "e2,Product Viewed,2026-11-01T10:00:00Z,1.5,u2,hello,more,and more": ("unreadable", ""),
    "e3,Product Viewed,yesterday,1.5,u3,hello": ("bad_time", "occurred_at"),
    "e4,Product Viewed,2026-11-01T10:00:00Z,much,u4,hello": ("bad_number", "total"),
    "e5,,2026-11-01T10:00:00Z,1.5,u5,hello": ("missing", "name"),
    "e6,Product Viewed,2026-11-01T10:00:00Z,NaN,u6,hello": ("bad_number", "total"),
    "e7,Product Viewed,9999-12-31T00:00:00Z,1.5,u7,hello": ("clock_suspect", "occurred_at"),
    "e8,Product Viewed,2026-11-01T10:00:00Z,1e400,u8,hello": ("bad_number", "total"),
    f"e9,Product Viewed,2026-11-01T10:00:00Z,1.5,u9,{'x' * 5_000_000}": ("unreadable", ""),
    "ea,Product Viewed,2026-11-01T10:00:00Z,99999999999999999999,ua,hello": ("bad_number", "total"),
}
#: Rows that only look dangerous, and are stored to the letter.
HARMLESS = (
    "f1,Product Viewed,2026-11-01T10:00:00Z,1.5,u1,=cmd|' /C calc'!A0",
    'f2,Product Viewed,2026-11-01T10:00:00Z,1.5,"u2\'; DROP TABLE events; --",$1 {0} %s',
    'f3,Product Viewed,2026-11-01T10:00:00Z,1.5,u3,"line one\nline ""two"", \u202eright to left"',
    "f4,Product Viewed,2026-11-01T10:00:00Z,1.5,u4,../../../etc/passwd\t\x01\x02",
)


def hostile_csv(path: Path) -> list[str]:
    """Write wrong rows and good rows in turn; returns the wrong ones by their number in the file, from 1."""
    wrong, good = list(HOSTILE), [*HARMLESS, *_ROWS]
    lines = [line for pair in zip(wrong, [*good, "g1,X,2026-11-01,1,u,x"], strict=True) for line in pair]
    path.write_text(_HEADER + "\n".join(lines) + "\n", encoding="utf-8", newline="")
    return wrong
