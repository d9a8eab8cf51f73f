"""Whoever is killed while it appends or tidies, wherever: what was acknowledged is in the journal, once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.journal import DEATHS, _judged, at_failpoint, while_appending
from tests.faults.parts.appending import append
from tests.faults.parts.child import KILLED


@pytest.mark.parametrize("name", DEATHS)
def test_a_death_at_a_failpoint_breaks_no_promise(tmp_path: Path, name: str):
    trial = at_failpoint(tmp_path, name)
    assert trial.status == KILLED, "the failpoint was not passed"
    assert trial.is_clean, trial


@pytest.mark.parametrize("seed", range(3))
def test_a_death_at_a_random_moment_breaks_no_promise(tmp_path: Path, seed: int):
    trial = while_appending(tmp_path, seed)
    assert trial.is_clean, trial


def test_a_broken_promise_would_be_found(tmp_path: Path):
    append(tmp_path, 0, 24)
    ledger = tmp_path / "ledger"
    first, second, *rest = ledger.read_text().splitlines(keepends=True)
    swapped = [f"{one.split()[0]} {other.partition(' ')[2]}" for one, other in ((first, second), (second, first))]
    ledger.write_text("".join([*swapped, *rest, rest[0].replace(rest[0].split()[0], "999", 1)]))
    assert _judged(tmp_path, "control", 0, "").lost == 3


def test_a_second_copy_would_be_found(tmp_path: Path):
    append(tmp_path, 0, 24)
    append(tmp_path, 16, 8)
    assert _judged(tmp_path, "control", 0, "").duplicated == 8
