"""The schema that the console's types are made from is the one that the routes declare."""

from __future__ import annotations

import json
from pathlib import Path

from docs.openapi import openapi_text


def test_the_committed_schema_is_current(root: Path) -> None:
    written = (root / "console" / "openapi.json").read_text("utf-8")
    assert written == openapi_text(), "run: make docs, then npm run types in console/"


def test_every_operation_has_a_name_of_its_own() -> None:
    paths = json.loads(openapi_text())["paths"]
    names = [operation["operationId"] for path in paths.values() for operation in path.values()]
    assert len(names) == len(set(names))
