"""Text in bulk: columns of fixed-width pieces become Arrow strings without a loop over the rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from qianmian.world.trace import Flags, Integers

Glyphs = npt.NDArray[np.uint8]
_HEX = np.frombuffer(b"0123456789abcdef", np.uint8)
_PAIRS = np.stack([np.repeat(_HEX, 16), np.tile(_HEX, 16)], axis=1)


def digits(numbers: Integers, width: int) -> Glyphs:
    """Decimal digits of non-negative numbers, with leading zeros."""
    glyphs = np.empty((len(numbers), width), np.uint8)
    rest = np.asarray(numbers, np.int64)
    for position in range(width - 1, -1, -1):
        rest, digit = np.divmod(rest, 10)
        glyphs[:, position] = digit + ord("0")
    return glyphs


def hexes(data: npt.NDArray[np.uint8]) -> Glyphs:
    """Two hexadecimal digits a byte of a matrix."""
    glyphs: Glyphs = _PAIRS[data].reshape(len(data), -1)
    return glyphs


def scramble(numbers: Integers, salt: int) -> npt.NDArray[np.uint8]:
    """Eight bytes that look random for each number; different numbers never give equal bytes (splitmix64)."""
    mixed = np.asarray(numbers).astype(np.uint64) + np.uint64((salt * 0x9E3779B97F4A7C15) % 2**64)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return mixed.astype(">u8").view(np.uint8).reshape(-1, 8)


def text(*parts: Glyphs | bytes) -> pa.StringArray:
    """Rows of fixed-width pieces side by side; bytes stand in every row."""
    rows = next(len(part) for part in parts if isinstance(part, np.ndarray))
    widths = [len(part) if isinstance(part, bytes) else part.shape[1] for part in parts]
    joined = np.empty((rows, sum(widths)), np.uint8)
    at = 0
    for part, width in zip(parts, widths, strict=True):
        joined[:, at : at + width] = np.frombuffer(part, np.uint8) if isinstance(part, bytes) else part
        at += width
    offsets = np.arange(rows + 1, dtype=np.int32) * joined.shape[1]
    return pa.StringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(joined))


def uuids(data: npt.NDArray[np.uint8]) -> pa.StringArray:
    """Sixteen bytes a row as 8-4-4-4-12 hexadecimal text."""
    glyphs = hexes(data)
    return text(
        *(glyphs[:, :8], b"-", glyphs[:, 8:12], b"-", glyphs[:, 12:16]),
        *(b"-", glyphs[:, 16:20], b"-", glyphs[:, 20:]),
    )


def choose(pool: pa.Array | Sequence[str], index: Integers, known: Flags | None = None) -> pa.Array:
    """The pool's entry at each index; null where not known."""
    words = pool if isinstance(pool, pa.Array) else pa.array(pool, pa.string())
    where = pa.array(np.asarray(index, np.int32), mask=None if known is None else ~known)
    return pc.take(words, where)


def coded(pool: Sequence[str], index: Integers) -> pa.DictionaryArray:
    """The pool's entry at each index for a column of few values; null where the index is negative."""
    codes = np.asarray(index, np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), pa.array(pool, pa.string()))


def joined(*parts: pa.Array | str) -> pa.Array:
    """Pieces of text side by side, row by row."""
    return pc.binary_join_element_wise(*parts, "")


def number_text(numbers: Integers) -> pa.Array:
    """Whole numbers as text."""
    return pc.cast(pa.array(np.asarray(numbers, np.int64)), pa.string())


def money_text(cents: Integers) -> pa.Array:
    """Cents as yuan with two decimals."""
    cents = np.asarray(cents, np.int64)
    return joined(number_text(cents // 100), ".", text(digits(cents % 100, 2)))
