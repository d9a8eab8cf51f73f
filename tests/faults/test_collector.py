"""Server and flusher are killed under real clients; see the module for the long run."""

from __future__ import annotations

from pathlib import Path

from tests.faults.collector import Ledger, judge, run


def test_what_was_acknowledged_is_stored_once_and_counted(tmp_path: Path):
    told = run(tmp_path, 2, tell=lambda _: None)
    assert told["acknowledged"] > 40
    assert (told["lost"], told["duplicated"], told["miscounted"]) == (0, 0, 0)


def test_a_broken_promise_would_be_found(tmp_path: Path):
    run(tmp_path, 0, tell=lambda _: None)
    told = judge(tmp_path / "shop", Ledger({"never-sent"}))
    assert told["lost"] == 1
