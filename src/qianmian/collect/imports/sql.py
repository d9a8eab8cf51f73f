"""A connection as the import sees it, and values on their way into SQL."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import pyarrow as pa

Value = str | int | float


class Relation(Protocol):
    """The rows of a query."""

    def to_arrow_table(self) -> pa.Table:
        """All of them, as Arrow columns."""

    def to_arrow_reader(self, rows: int, /) -> pa.RecordBatchReader:
        """In batches, computed as they are taken."""


class Connection(Protocol):
    """What the lake's connections offer, as far as an import uses it."""

    def execute(self, query: str, parameters: Mapping[str, Any] | Sequence[Any] = ..., /) -> Connection:
        """Run a statement."""

    def executemany(self, query: str, parameters: Sequence[Sequence[Any]], /) -> Connection:
        """Run a statement once a row of values."""

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows of the last statement."""

    def sql(self, query: str, *, params: Mapping[str, Any] | Sequence[Any]) -> Relation:
        """A query, to be read as Arrow."""

    def cursor(self) -> Connection:
        """Another session over the same tables, for another thread; temporary tables are its own."""

    def register(self, name: str, table: pa.Table, /) -> Connection:
        """Let SQL see an Arrow table under a name."""

    def unregister(self, name: str, /) -> Connection:
        """Take the name back."""


class Words:
    """Values bound to named parameters, so that compiled SQL text holds none of them."""

    def __init__(self) -> None:
        self._values: dict[str, Value] = {}

    def bind(self, value: Value) -> str:
        """The parameter that stands for the value."""
        name = f"w{len(self._values)}"
        self._values[name] = value
        return f"${name}"

    def used_in(self, sql: str) -> dict[str, Value]:
        """The parameters that a statement mentions, as `execute` wants them."""
        return {name: self._values[name] for name in set(re.findall(r"\$(w\d+)\b", sql))}
