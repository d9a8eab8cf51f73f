"""A preview shows what the first rows would become, without a raw identifier."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from qianmian.collect.imports.declaration import read_mapping
from qianmian.collect.imports.preview import preview
from tests.collect.imports.parts import EVENTS, NOW, Workspace, row


@pytest.mark.parametrize("kind", ["csv", "parquet", "jsonl", "json", "xlsx"])
def test_the_first_rows_are_shown_masked(workspace: Workspace, request: pytest.FixtureRequest, kind: str) -> None:
    rows = [row("e1", phone="13800138000", user="member-1024"), row("e2", at="never"), row("e3")]
    file: Callable[..., Path] = request.getfixturevalue(f"write_{kind}")
    mapping = read_mapping(EVENTS.format(format=kind), "shop.yaml")
    shown = preview(mapping, file(rows), workspace.settings, workspace.root / "scratch", NOW, rows=2)
    assert [(one.row, one.refused, one.field) for one in shown] == [(1, "", ""), (2, "bad_time", "occurred_at")]
    fields = dict(shown[0].fields)
    assert (fields["phone"], fields["user_id"]) == ("138****8000", "m***4")
    assert fields["occurred_at"] == "2026-05-01 02:00:00+00"
