"""A call by which a file is written fails: nothing that was acknowledged is lost, doubled or miscounted."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.calls import Bench, Fault
from tests.faults.parts.traced import AsideError, can_trace


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    if not can_trace():
        pytest.skip("strace is not there, or may not look at processes")
    return Bench.of(tmp_path_factory.mktemp("calls"))


@pytest.mark.parametrize(
    "fault",
    [
        Fault("fsync", 3, "io error"),
        Fault("fdatasync", 2, "no room", lasts=True),
        Fault("pwrite64", 9, "nothing written"),
        Fault("rename", 1, "kill"),
    ],
    ids=str,
)
def test_a_call_that_fails_breaks_no_promise(bench: Bench, tmp_path: Path, fault: Fault):
    try:
        found = bench.trial(fault, tmp_path)
    except AsideError:
        pytest.skip("another call failed than was meant to")
    assert found.hits or found.ended == "killed"
    assert found.is_clean, found


def test_the_work_passes_every_kind_of_call_and_merges_files(bench: Bench):
    assert {"pwrite64", "write", "fsync", "fdatasync", "rename", "unlink"} <= bench.calls.keys()
    assert len(bench.faults()) > 1000
