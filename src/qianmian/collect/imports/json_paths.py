"""Dotted paths into a JSON line, all read by one parse."""

from __future__ import annotations

import json
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
        root: dict[str, Any] = {}
        for path in self.paths:
            if self._above(path):
                continue
            *parents, leaf = path.split(".")
            place = root
            for name in parents:
                place = place.setdefault(name, {})
            place[leaf] = "VARCHAR"
        return json.dumps(root or {"": "VARCHAR"})

    def select(self, parsed: str) -> str:
        """The select list that takes every path out of the parsed column."""
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

    def _value(self, path: str, parsed: str) -> str:
        above = self._above(path)
        if not above:
            return parsed + "".join(f".{quoted(name)}" for name in path.split("."))
        inside = path[len(above) + 1 :].split(".")
        steps = "".join("/" + name.replace("~", "~0").replace("/", "~1") for name in inside)
        holder = self._value(above, parsed)
        return f"json_extract_string(CASE WHEN json_valid({holder}) THEN {holder} END, {literal(steps)})"
