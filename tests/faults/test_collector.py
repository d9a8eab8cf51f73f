"""Server and flusher are killed under real clients; see the module for the long run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from qianmian.app.flusher import Flusher
from qianmian.app.taken import Counts, Taken
from tests.app.test_flusher import batch, ids, received, track
from tests.app.traces import Scene
from tests.faults.collector import FLUSHING, Ledger, judge, run
from tests.faults.parts.child import KILLED


@pytest.mark.parametrize("place", [*FLUSHING, "import.after_vault", "lake.after_followers", "lake.after_leader"])
def test_a_flusher_that_dies_anywhere_takes_all_in_once(tmp_path: Path, place: str):
    scene = Scene(tmp_path / "shop")
    received(scene, batch(track(1), track(2), track(2)), batch(track(3), track(4, timestamp="yesterday")))
    command = [sys.executable, "-m", "qianmian", "flush", "--workspace", str(scene.folder)]
    dead = subprocess.run(command, env={**os.environ, "QIANMIAN_CRASH_AT": place}, check=False)
    assert dead.returncode == KILLED, "the failpoint was not passed"
    Flusher(scene.shop.workspace).flush_all()
    assert ids(scene) == ["m-1", "m-2", "m-3"]
    (counts,) = Taken(scene.shop.workspace.catalogue, scene.shop.workspace.clock).counts().values()
    assert counts == Counts(received=5, stored=3, duplicates=1, refused=1)
    refused = list(scene.shop.workspace.refused.bodies())
    assert len(refused) == 1
    scene.shop.close()


def test_what_was_acknowledged_is_stored_once_and_counted(tmp_path: Path):
    told = run(tmp_path, 2, tell=lambda _: None)
    assert told["acknowledged"] > 40
    assert (told["lost"], told["duplicated"], told["miscounted"]) == (0, 0, 0)
    broken = judge(tmp_path / "shop", Ledger({"never-sent"}))  # a promise that was not kept would be found
    assert broken["lost"] == 1
