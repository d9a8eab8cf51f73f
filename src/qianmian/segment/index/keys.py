"""Values as whole numbers in the same order, without any loss: what is less as a value is less as a key.

Counts are their own keys; money counts its ten-thousandths, dates days, instants microseconds since 1970, flags are 0
or 1. The bits of a double are read as a whole number, turned round below zero; -0 is 0, and what is no number comes
last, as in the database.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from qianmian.core.tables import Type
from qianmian.query.tree import Value

Keys: TypeAlias = NDArray[np.int64]

_EPOCH = date(1970, 1, 1)
_EPOCH_AT = datetime(1970, 1, 1, tzinfo=UTC)
_MONEY_UNITS = 10_000


def key_of(value: Value, of: Type) -> Fraction:
    """The key of a value that `qianmian.query.bind` has typed; no whole number if no field can have it."""
    match value:
        case bool():
            return Fraction(int(value))
        case datetime():
            since = value - _EPOCH_AT
            return Fraction((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds)
        case date():
            return Fraction((value - _EPOCH).days)
        case Decimal():
            if of is Type.NUMBER:
                return Fraction(int(_of_doubles(np.array([float(value)]))[0]))
            return Fraction(value) * (_MONEY_UNITS if of is Type.MONEY else 1)
        case _:
            raise TypeError(f"{value!r} is text, which has no key")


def keys_of(values: pa.Array, of: Type) -> tuple[Keys, NDArray[np.bool_]]:
    """The keys of values that are no text, and where there is a value; elsewhere the key means nothing."""
    if of is Type.FLAG:
        values = values.cast(pa.uint8())
    if of is Type.MONEY:
        values = values.cast(pa.decimal128(18, 4))
    filled: NDArray[np.bool_] = values.is_valid().to_numpy(zero_copy_only=False)
    return _buffer(values, of), filled


def _buffer(chunk: pa.Array, of: Type) -> Keys:
    """The values as they lie in memory, also of rows that are empty: replacing those first would copy everything."""
    values = chunk.buffers()[1]
    if values is None or not len(chunk):
        return np.zeros(len(chunk), np.int64)
    part = slice(chunk.offset, chunk.offset + len(chunk))
    if pa.types.is_decimal128(chunk.type):  # of 18 digits, which fit into the lower half
        return np.frombuffer(values, np.int64)[::2][part]
    found: NDArray[Any] = np.frombuffer(values, _width(chunk.type))[part]
    return _of_doubles(found) if of is Type.NUMBER else found.astype(np.int64, copy=False)


def _width(of: pa.DataType) -> Any:
    if pa.types.is_floating(of) or pa.types.is_integer(of):
        return of.to_pandas_dtype()
    return np.dtype(f"int{of.bit_width}")


def _of_doubles(values: NDArray[np.float64]) -> Keys:
    values = np.where(np.isnan(values), np.nan, values + 0.0)
    bits: Keys = values.view(np.int64)
    return np.where(bits < 0, bits ^ np.iinfo(np.int64).max, bits)
