"""The parts of an import, as its own tests have them."""

from __future__ import annotations

from tests.collect.imports.conftest import workspace, write_jsonl

__all__ = ["workspace", "write_jsonl"]
