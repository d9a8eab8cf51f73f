"""Every number can be reckoned again from the raw events, and so can its evidence."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from qianmian.core.people import id_text
from qianmian.profile.tags.basic import BASIC
from tests.evidence.expected import RULES, known
from tests.evidence.recompute import compare, recompute, scene_of
from tests.evidence.worlds import World

PAIRS = 1000


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_thousand_random_tags_and_their_evidence_follow_from_the_raw_events(world: World) -> None:
    outcome = recompute(world.shop, PAIRS, seed=7)
    assert outcome.pairs == PAIRS
    assert outcome.different == []


def test_every_basic_tag_can_be_reckoned() -> None:
    assert [tag.name for tag in BASIC] == list(RULES)


def test_a_wrong_profile_is_found_out(world: World) -> None:
    scene = scene_of(world.shop)
    person = max(scene.people, key=lambda one: len(scene.people[one]))
    profile = world.shop.profile(f"person:{id_text(person)}")
    later = replace(scene, today=scene.today + timedelta(days=30))
    found = {one.tag for name in RULES for one in compare(profile, name, known(later, person, name))}
    assert {"active_days_30d", "sessions_30d", "views_30d"} <= found
    rows = scene.people[person]
    scene.people[person] = rows[:-1]
    wrong = {(one.tag, one.what) for name in RULES for one in compare(profile, name, known(scene, person, name))}
    assert {("last_seen_at", "value"), ("last_seen_at", "last"), ("first_seen_at", "rows")} <= wrong


def test_the_script_prints_one_line(world: World, root: Path) -> None:
    words = ["--workspace", str(world.shop.workspace.folder), "--pairs", "5", "--seed", "1"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.evidence.recompute", *words], cwd=root, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == {"pairs": 5, "equal": 5, "different": []}
