"""JSON in bulk: objects are put together column by column, so that no row is ever a Python object."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

#: A member of an object: its key, and the JSON text of its value in every row; a row without a value lacks the member.
Member = tuple[str, pa.Array]


@cache
def _constant(piece: str) -> pa.Scalar:
    return pa.scalar(piece, pa.string())


def joined(*pieces: pa.Array | str) -> pa.Array:
    """Pieces of text side by side, row by row; null where one is. Constants become scalars once, not at each call."""
    texts = (_constant(piece) if isinstance(piece, str) else piece for piece in pieces)
    return pc.binary_join_element_wise(*texts, _constant(""))


def quoted(texts: pa.Array) -> pa.Array:
    """Texts as JSON strings; of a column of few values, only those are quoted."""
    if isinstance(texts, pa.DictionaryArray):
        return pc.take(quoted(texts.dictionary.cast(pa.string())), texts.indices)
    escaped = pc.replace_substring(pc.replace_substring(texts, "\\", "\\\\"), '"', '\\"')
    return joined('"', escaped, '"')


def fixed(texts: pa.Array) -> pa.Array:
    """Ids and numbers that hold nothing to escape, as JSON strings."""
    return joined('"', texts, '"')


def constant(json: str, rows: int) -> pa.Array:
    """The same JSON in every row."""
    return pa.repeat(pa.scalar(json, pa.string()), rows)


def members(pairs: Sequence[Member]) -> pa.Array:
    """The members of an object, each with a comma behind it; empty text if a row has none."""
    return joined(*(pc.fill_null(joined(f'"{key}":', value, ","), "") for key, value in pairs))


def inner(objects: pa.Array) -> pa.Array:
    """What stands inside of JSON objects, with a comma behind it; empty text for ``{}`` and for nothing."""
    told = pc.fill_null(pc.utf8_slice_codeunits(objects, 1, -1), "")
    return pc.if_else(pc.equal(told, ""), "", joined(told, ","))


def closed(texts: pa.Array) -> pa.Array:
    """Members with a comma behind them as an object."""
    return joined("{", pc.utf8_rtrim(texts, ","), "}")


def instants(at: pa.Array) -> pa.Array:
    """Instants as JSON strings, ISO 8601 in UTC with milliseconds."""
    local = pc.cast(pc.cast(at, pa.timestamp("ms", "UTC"), safe=False), pa.timestamp("ms"))  # with a zone: 30 × slower
    return joined('"', pc.binary_replace_slice(pc.cast(local, pa.string()), 10, 11, "T"), 'Z"')


def millis(at: pa.Array) -> pa.Array:
    """Instants as JSON numbers: milliseconds since 1970."""
    return pc.cast(pc.cast(pc.cast(at, pa.timestamp("ms", "UTC"), safe=False), pa.int64()), pa.string())


def money(amounts: pa.Array) -> pa.Array:
    """Money as JSON numbers with two decimals."""
    return pc.cast(pc.cast(amounts, pa.decimal128(18, 2)), pa.string())
