"""Small tables on standard output."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print rows under their columns; numbers to the right."""
    told = [list(columns), *([_text(value) for value in row] for row in rows)]
    first, *others = [max(map(len, column)) for column in zip(*told, strict=True)]
    lines = [title]
    for name, *values in told:
        cells = [name.ljust(first), *(value.rjust(width) for value, width in zip(values, others, strict=True))]
        lines.append("  ".join(cells).rstrip())
    sys.stdout.write("\n".join(lines) + "\n\n")


def _text(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:,.2f}"
    if isinstance(value, float):
        return f"{value:.1%}"
    return f"{value:,}" if isinstance(value, int) else str(value)
