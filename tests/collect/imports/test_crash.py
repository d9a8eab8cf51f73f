"""A process that dies in the middle of an import leaves nothing visible, and a rerun gives the same result."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.collect.imports.parts import EVENTS, Workspace, row

ROWS = [row("e1", user="u1", anon="a1"), row("e2", user="u2", device="d1", at="2026-05-02"), row("bad", at="?")]
POINTS = ["import.after_staging", "import.after_vault", "import.after_files", "lake.after_followers"]


@pytest.mark.parametrize("point", POINTS)
def test_a_crash_leaves_nothing_visible_and_a_rerun_gives_equal_results(
    tmp_path: Path, write_csv: Callable[..., Path], point: str
) -> None:
    file, root = write_csv(ROWS), tmp_path / "crashed"
    command = [sys.executable, "-m", "tests.collect.imports.child", str(root), str(file), point]
    assert subprocess.run(command, check=False).returncode == -9
    after, whole = Workspace(root), Workspace(tmp_path / "whole")
    after.lake.recover()
    assert after.query("SELECT count(*) FROM events") == [(0,)]
    again = after.take(file, EVENTS.format(format="csv"))
    assert (again.events, again.refused_rows) == (2, 1)
    expected = whole.take(file, EVENTS.format(format="csv"))
    assert (expected.read, expected.events) == (again.read, again.events)
    counts = "SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM nodes), (SELECT count(*) FROM links)"
    assert after.query(counts) == whole.query(counts) == [(2, 4, 2)]
    assert len(after.vault) == len(whole.vault) == 4
    assert not list((root / "scratch").iterdir())
    after.close()
    whole.close()
