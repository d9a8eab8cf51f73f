"""Small tables on standard output."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print rows under their columns; numbers to the right."""
    told = [[_text(value) for value in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(columns, *told, strict=True)]
    sides = [str.ljust, *([str.rjust] * (len(columns) - 1))]
    lines = [
        title,
        *("  ".join(side(*cell) for side, *cell in zip(sides, row, widths, strict=True)) for row in [columns, *told]),
    ]
    sys.stdout.write("\n".join(line.rstrip() for line in lines) + "\n\n")


def _text(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:,.2f}"
    if isinstance(value, float):
        return f"{value:.1%}"
    return f"{value:,}" if isinstance(value, int) else str(value)
