"""A JSON document as lines: every element of its array becomes a row that still knows what stood around it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from qianmian.core.errors import InputError, MappingError

#: A document is read as a whole; what is larger comes as JSONL.
MOST_BYTES = 1024**3


def as_lines(file: Path, records: str, lines: Path, shown: str) -> Path:
    """Write the rows of a document as JSONL.

    Args:
        file: the document, in UTF-8.
        records: dotted path of the array; arrays on the way are gone through as well.
        lines: file to write.
        shown: name of the file, for messages.

    Raises:
        MappingError: the file is no JSON, or has no array at the path.
        InputError: it is too large.
    """
    if file.stat().st_size > MOST_BYTES:
        raise InputError("large_document", file=shown, mib=MOST_BYTES >> 20)
    try:
        document = orjson.loads(file.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise MappingError("no_document", file=shown, why=str(error)) from None
    path = records.split(".") if records else []
    try:
        with lines.open("wb") as out:
            out.writelines(orjson.dumps(row) + b"\n" for row in rows(document, path))
    except LookupError:
        raise MappingError("no_records", file=shown, records=records) from None
    return lines


def rows(document: Any, path: list[str]) -> Iterator[Any]:
    """The rows of a document: the array's place holds one element of it, other arrays beside the way are left out.

    >>> list(rows({"chat": {"id": "g1", "tags": [1], "members": [{"u": "a"}, {"u": "b"}]}}, ["chat", "members"]))
    [{'chat': {'id': 'g1', 'members': {'u': 'a'}}}, {'chat': {'id': 'g1', 'members': {'u': 'b'}}}]
    """
    if isinstance(document, list):
        for element in document:
            yield from rows(element, path) if path else (element,)
        return
    if not path or not isinstance(document, dict):
        raise LookupError
    head, rest = path[0], path[1:]
    around = {key: value for key, value in document.items() if not isinstance(value, list)}
    for element in rows(document[head], rest):
        yield around | {head: element}
