"""Dotted paths into a JSON line, all read by one parse."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from qianmian.lake.connection import literal, quoted


@dataclass(frozen=True)
class JsonPaths:
    """The paths that a mapping names in a JSONL file.

    Attributes:
        paths: such as ``context.device.id``.
        columns: path → the SQL column that holds its value as text.
    """

    paths: tuple[str, ...]
    columns: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", {path: f"c{number}" for number, path in enumerate(self.paths)})

    @property
    def structure(self) -> str:
        """The JSON structure that `from_json` fills: text at every leaf."""
        return _structure([path for path in self.paths if not self._above(path)])

    def layer(self, parsed: str) -> str:
        """Columns beside the parsed one: each object that is a path itself and holds others, parsed once."""
        holders = sorted({self._above(path) for path in self.paths} - {""}, key=len)
        return "".join(f", {self._opened(holder, parsed)} AS {self._name(holder)}" for holder in holders)

    def select(self, parsed: str) -> str:
        """The select list that takes every path out of the parsed column and those beside it."""
        return (
            ", ".join(f"{self._value(path, parsed)} AS {column}" for path, column in self.columns.items()) or "1 AS one"
        )

    def rest(self, line: str) -> str:
        """SQL of the line's object without what the paths took."""
        patch: dict[str, Any] = {}
        for path in self.paths:
            *parents, leaf = path.split(".")
            place: dict[str, Any] = patch
            for name in parents:
                inner = place.setdefault(name, {})
                if inner is None:
                    break
                place = inner
            else:
                place[leaf] = None
        return f"json_merge_patch({line}, {literal(json.dumps(patch))})::VARCHAR"

    def _above(self, path: str) -> str:
        """The longest declared path that holds this one; it is read as text and looked into."""
        holders = [other for other in self.paths if path.startswith(f"{other}.")]
        return max(holders, key=len, default="")

    def _name(self, holder: str) -> str:
        return f"in_{self.columns[holder]}"

    def _opened(self, holder: str, parsed: str) -> str:
        inside = [path[len(holder) + 1 :] for path in self.paths if self._above(path) == holder]
        text = self._value(holder, parsed)
        return f"TRY(from_json({text}, {literal(_structure(inside))}))"

    def _value(self, path: str, parsed: str) -> str:
        above = self._above(path)
        place, inside = (self._name(above), path[len(above) + 1 :]) if above else (parsed, path)
        return place + "".join(f".{quoted(name)}" for name in inside.split("."))


def _structure(paths: Sequence[str]) -> str:
    root: dict[str, Any] = {}
    for path in paths:
        *parents, leaf = path.split(".")
        place = root
        for name in parents:
            place = place.setdefault(name, {})
        place[leaf] = "VARCHAR"
    return json.dumps(root or {"": "VARCHAR"})
