"""A process that dies anywhere, or finds no room, loses nothing released and shows nothing unreleased."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from qianmian.core.failpoints import REGISTERED
from tests.lake.child import ACTIONS, OUT_OF_ROOM
from tests.lake.shop import copy_lake, everything, kept, open_lake, rows, sell
from tests.objectstore import in_a_store

#: At each failpoint: what to run, and at which time to die.
DEATHS = {
    "lake.after_files": ("sell", 1),
    "lake.after_followers": ("sell", 1),
    "lake.after_leader": ("sell", 1),
    "lake.during_compaction": ("merge", 2),
    "lake.during_expiry": ("forget", 2),
    "lake.during_log_expiry": ("forget", 4),
}


def run(root: Path, action: str, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.lake.child", str(root), action, *more]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture(scope="module")
def sold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake with three batches, some of them merged: every action has something to do."""
    root = tmp_path_factory.mktemp("sold")
    lake = open_lake(root)
    for number in (1, 2, 3):
        sell(lake, number)
    ACTIONS["merge"](lake)
    sell(lake, 4)
    return root


@pytest.fixture
def root(sold: Path, tmp_path: Path) -> Path:
    return copy_lake(sold, tmp_path / "copy")


def test_every_failpoint_of_the_lake_has_its_death():
    assert {name for name in REGISTERED if name.startswith("lake.")} == DEATHS.keys()


@pytest.mark.parametrize("name", DEATHS)
def test_a_killed_writer_leaves_all_or_nothing_and_the_rerun_ends_as_if_nothing_happened(
    name: str, root: Path, sold: Path, tmp_path: Path
):
    action, hit = DEATHS[name]
    before = everything(open_lake(sold))
    undisturbed = open_lake(copy_lake(sold, tmp_path / "undisturbed"))
    ACTIONS[action](undisturbed)

    assert run(root, action, "--die", name, str(hit)).returncode == -9

    seen = everything(open_lake(root))
    assert seen in (before, everything(undisturbed))
    lake = open_lake(root)
    lake.recover()
    assert everything(lake) == seen
    if not (action == "sell" and lake.position("sales", "journal") == 5):
        assert run(root, action).returncode == 0
    assert everything(open_lake(root)) == everything(undisturbed)


def test_rows_of_followers_that_died_before_their_leader_never_show_up(root: Path):
    before = rows(open_lake(root), "lines")
    run(root, "sell", "--die", "lake.after_followers", "1")
    lake = open_lake(root)

    assert any("rolled back" in sentence for sentence in lake.recover())
    lake.release("sales", [])

    assert rows(lake, "lines") == before
    assert open_lake(root).recover() == []


def test_files_of_a_dead_writer_are_swept(root: Path):
    before = kept(open_lake(root))
    run(root, "sell", "--die", "lake.after_files", "1")
    assert len(kept(open_lake(root))) > len(before)
    open_lake(root).recover()
    assert kept(open_lake(root)) == before


@pytest.mark.parametrize("limit", [64, 400, 600, 6000])
def test_a_full_disk_is_said_and_shows_nothing(limit: int, root: Path, sold: Path):
    done = run(root, "sell", "--limit", str(limit))

    assert done.returncode == OUT_OF_ROOM, done.stderr
    assert "no room on disk while writing table" in done.stdout
    assert "hint: free space" in done.stdout
    assert everything(open_lake(root)) == everything(open_lake(sold))
    assert run(root, "sell").returncode == 0
    assert len(rows(open_lake(root))) == 200


@pytest.mark.skipif(in_a_store(), reason="an object store has the room that upkeep needs")
@pytest.mark.parametrize("action", ["merge", "forget"])
def test_a_full_disk_stops_upkeep_and_changes_nothing(action: str, root: Path, sold: Path):
    done = run(root, action, "--limit", "300")

    assert done.returncode == OUT_OF_ROOM, done.stderr
    assert everything(open_lake(root)) == everything(open_lake(sold))
    assert run(root, action).returncode == 0
    assert everything(open_lake(root)) == everything(open_lake(sold))
