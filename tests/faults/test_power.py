"""What was acknowledged survives a power cut; what was never forced to disk does not, so the cut is one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.power import can_mount, cut


@pytest.fixture
def disks(tmp_path: Path) -> Path:
    if not can_mount(tmp_path):
        pytest.skip("this machine does not let us mount a disk")
    return tmp_path


@pytest.mark.parametrize("seed", range(2))
def test_a_power_cut_breaks_no_promise(disks: Path, seed: int):
    found = cut(disks, seed)
    assert found.is_clean, found


def test_promises_that_never_reached_the_disk_are_found_broken(disks: Path):
    found = cut(disks, 1, "careless")
    assert found.promised > 0
    assert found.lost > 0 or found.unreadable, found
