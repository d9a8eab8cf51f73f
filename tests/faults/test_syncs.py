"""A sync that dies and is started again: nobody is lost, nobody is told twice but under the same number."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.app.campaigns.shop import REFUSED, said
from tests.app.syncs.shop import SyncScene, kept, opened
from tests.databases import copy_workspace
from tests.faults.parts.child import KILLED
from tests.faults.syncs import DEATHS, die
from tests.receiving import receiving


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("syncs") / "shop"
    opened(folder, people=510).shop.close()
    return folder


@pytest.mark.parametrize("failpoint", DEATHS)
def test_a_death_while_telling_loses_nobody_and_repeats_only_under_the_same_number(
    prepared: Path, tmp_path: Path, failpoint: str
) -> None:
    copy_workspace(prepared, tmp_path / "shop")
    scene = SyncScene(tmp_path / "shop")
    sync = scene.sync()
    with receiving() as receiver:
        status, scene = die(scene, sync, receiver, failpoint)
        assert status == KILLED
        assert len(receiver.taken) == {"sync.after_laying": 0, "sync.after_piece": 1, "sync.after_last": 2}[failpoint]
        scene.settle([said("new", 1000), said("u0000", 1001, at="2026-05-31T12:00:00+08:00", consent=REFUSED)])
        erased = failpoint == "sync.after_piece"
        if erased:  # between the death and the repetition
            scene.shop.erase(scene.shop.plan_erase(["u0001"]))
        scene.run(sync, receiver)
    pieces = {post.headers["webhook-id"]: post.told["people"] for post in receiver.taken}
    assert set(kept(receiver).values()) == {f"u{number:04}" for number in range(1 + erased, 510)} | {"new"}
    entered = [one["person_key"] for people in pieces.values() for one in people if one["change"] == "entered"]
    assert len(entered) == len(set(entered))
    assert scene.held(sync).size() == 510 - erased
    assert all(one.ended_at for one in scene.held(sync).deliveries())
    scene.shop.close()
