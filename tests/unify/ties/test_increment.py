"""A build that adds what is new to the ties of the last one leaves what a full build leaves, row for row."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from qianmian.app.tie_kinds import KeptTieKinds
from tests.app.traces import Scene
from tests.unify.ties.acts import MAPPING, act, all_ties

#: Many builds, each beside a full one.
pytestmark = pytest.mark.timeout(400)
FIRST_DAY = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
ACTS = (
    ("Post Created", "post_id"), ("Post Liked", "post_id"), ("Post Liked", "post_id"), ("Post Commented", "post_id"),
    ("Post Shared", "share_id"), ("Post Viewed", "share_id"), ("Invite Sent", "invite_code"),
    ("Invite Accepted", "invite_code"), ("Group Buy Opened", "group_id"), ("Group Buy Joined", "group_id"),
    ("Chat Joined", "chat_id"), ("Chat Posted", "chat_id"), ("User Followed", "target_user_id"),
)  # fmt: skip
KINDS = """
chat: {made_by: [{events: [Chat Joined, Chat Posted], together: chat_id, most: 4}]}
household: {made_by: [{signed_in_on: [device], most: 3}]}
"""


def crowd() -> list[dict[str, Any]]:
    """So many that those who move are few among them; some of them do things together."""
    return [act("Chat Joined", "2026-04-20", user=f"c{n}", chat_id=f"crowd{n % 130}") for n in range(400)]


def names(chance: random.Random) -> dict[str, Any]:
    """By what somebody is known at a moment: often by a device alone, so that a sign-in moves what it did."""
    return {
        "user": chance.choice([None, None, "u1", "u2", "u3", "u4", "c1"]),
        "phone": chance.choice([None, None, None, "13900000001", "13900000002"]),
        "device": chance.choice([None, "d1", "d2", "d3", "d4"]),
    }


def happenings(chance: random.Random, today: datetime) -> Iterator[dict[str, Any]]:
    """What may arrive on a day: mostly of the day, some of it late, some early."""
    for _ in range(chance.randrange(5, 25)):
        at = today + timedelta(hours=chance.choice([-3, -2, -1, -30, -60, -300, 30]), minutes=chance.randrange(60))
        when = (at + timedelta(hours=8)).replace(tzinfo=None).isoformat()
        if chance.random() < 0.15:
            yield act(chance.choice(["Signed In", "Signed In", "Signed Out"]), when, **names(chance))
            continue
        event, key = chance.choice(ACTS)
        of = {"target_user_id": ["u1", "u4", "u9", "late"], "chat_id": ["k1", "k2"]}.get(key, ["o1", "o2", "o3", "o4"])
        yield act(event, when, **names(chance), **{key: chance.choice(of)})


def assert_as_if_anew(scene: Scene, instant: datetime, to: Path) -> int:
    """Build a copy fully at the same instant, in another number of parts, and compare."""
    told = all_ties(scene)
    copy = scene.copied(to)
    copy.build_in(4, instant=instant)
    expected = all_ties(copy)
    copy.shop.close()
    shutil.rmtree(to)
    assert told == expected
    return len(told)


@pytest.mark.parametrize("seed", [4])
def test_any_splitting_of_what_happens_leaves_the_same_ties(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    scene = Scene(tmp_path / "shop", FIRST_DAY + timedelta(days=60))
    KeptTieKinds(scene.shop.workspace.catalogue, scene.shop.workspace.clock).apply(KINDS, "kinds.yaml")
    scene.take(crowd(), MAPPING)
    scene.shop.build(instant=FIRST_DAY)
    went_on = 0
    for day in range(1, 6):
        instant = FIRST_DAY + timedelta(days=day)
        rows = list(happenings(chance, instant))
        half = chance.randrange(len(rows))
        for some in (rows[:half], rows[half:]):
            if some:
                scene.take(some, MAPPING)
        if day == 4:  # who was mentioned before is known only now
            scene.take([act("Post Viewed", "2026-05-05", user="late")], MAPPING)
        went_on += scene.build_in(chance.choice([1, 2]), full=False, instant=instant)["anew"] == ""
        assert assert_as_if_anew(scene, instant, tmp_path / "full") > 100
    assert went_on >= 4
    scene.shop.close()


def test_when_the_reference_moves_all_ties_are_computed_anew(tmp_path: Path) -> None:
    scene = Scene(tmp_path / "shop", FIRST_DAY)
    scene.take([act("User Followed", "2026-04-01", user="a", target_user_id="b"), *crowd()], MAPPING)
    scene.take([act("Post Viewed", "2026-04-01", user="b", post_id="p")], MAPPING)
    scene.shop.build()
    assert scene.shop.plan_build().ties_anew == ""
    later = FIRST_DAY + timedelta(days=16 * 365)
    scene = scene.at(later)
    plan = scene.shop.plan_build()
    assert (plan.anew, plan.ties_anew) == ("", "what ties are made of changed")
    scene.shop.build()
    references = {row["reference_at"] for row in all_ties(scene) if row["kind"] == "follow"}
    assert len(references) == 1
    assert later - timedelta(days=16 * 365) < references.pop() <= later
    scene.shop.close()
