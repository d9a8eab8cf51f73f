"""A sending that dies and is started again: one decision of chance, and every repetition under its old number."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.campaigns import DEATHS, trial
from tests.faults.parts.child import KILLED


@pytest.mark.parametrize("failpoint", DEATHS)
def test_a_death_while_sending_assigns_nobody_twice_and_repeats_only_under_the_same_number(
    tmp_path: Path, failpoint: str
):
    status, sent, scene, receiver = trial(tmp_path / "shop", failpoint)
    assert status == KILLED
    arms = scene.arms(sent)
    rows = scene.rows("assignments")
    assert len(rows) == len(arms["treatment"] | arms["holdout"]) == 30
    assert not arms["treatment"] & arms["holdout"]
    pieces = {post.headers["webhook-id"]: post.body for post in receiver.taken}
    assert all(pieces[post.headers["webhook-id"]] == post.body for post in receiver.taken)
    told = [
        person["user_id"] for post in {p.body: p for p in receiver.taken}.values() for person in post.told["people"]
    ]
    assert {scene.node(name) for name in told} == arms["treatment"]
    assert len(told) == len(set(told))
    assert len(receiver.taken) == (2 if failpoint == "campaign.after_post" else 1)
    assert sent.state == "sent"
    scene.shop.close()
