"""The values of a cursor: a column that grows, by which a reader of a database knows where it left off."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from qianmian.core.errors import InputError

_MINUTES_OF_DAY = 1440
_TYPES: dict[str, Any] = {
    "integer": int,
    "text": str,
    "decimal": Decimal,
    "number": float,
    "instant": datetime.fromisoformat,
    "date": date.fromisoformat,
}


def written(value: object) -> str:
    """A value of a cursor as text that says its type.

    Raises:
        InputError: it is of a type that does not grow.

    >>> written(7), written(datetime(2026, 6, 1, 12))
    ('integer:7', 'instant:2026-06-01T12:00:00')
    >>> value_of(written(Decimal("1.50")))
    Decimal('1.50')
    """
    match value:
        case bool():
            pass
        case int() | str() | Decimal() | float():
            name = {int: "integer", str: "text", Decimal: "decimal", float: "number"}[type(value)]
            return f"{name}:{value}"
        case datetime():
            return f"instant:{value.isoformat()}"
        case date():
            return f"date:{value.isoformat()}"
    raise InputError("pull_cursor", type=type(value).__name__)


def value_of(text: str) -> Any:
    """The inverse of `written`."""
    name, _, told = text.partition(":")
    return _TYPES[name](told)


def earlier(value: Any, overlap: int) -> Any:
    """The value of a cursor that lies an overlap before another.

    Raises:
        InputError: a text has none.

    >>> earlier(100, 7), earlier(datetime(2026, 6, 1, 12), 90), earlier(date(2026, 6, 2), 90)
    (93, datetime.datetime(2026, 6, 1, 10, 30), datetime.date(2026, 6, 1))
    """
    match value:
        case _ if not overlap:
            return value
        case datetime():
            return value - timedelta(minutes=overlap)
        case date():
            return value - timedelta(days=math.ceil(overlap / _MINUTES_OF_DAY))
        case int() | Decimal() | float():
            return value - overlap
    raise InputError("pull_overlap_of_text")
