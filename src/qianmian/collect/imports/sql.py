"""Values on their way into SQL."""

from __future__ import annotations

import re

Value = str | int | float


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
