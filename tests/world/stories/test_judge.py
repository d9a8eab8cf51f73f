from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from qianmian.world.claim import Claim
from qianmian.world.generate import read_truth
from qianmian.world.stories.judge import closeness, judge_stories
from qianmian.world.stories.tables import STORIES


@pytest.fixture(scope="module")
def truth(town: Path) -> dict[str, pa.Table]:
    return read_truth(town)


def by_story(claims: list[Claim]) -> dict[str, Claim]:
    return {claim.metric.removeprefix("story_"): claim for claim in claims}


def numbers(truth: dict[str, pa.Table], careless: bool) -> dict[str, pa.Table]:
    """Findings with the true number, or the careless one, of every story."""
    found = {}
    for story in STORIES:
        rows = [row for row in truth["stories"].to_pylist() if row["story"] == story.name]
        part, whole = ("careless_part", "careless_whole") if careless else ("part", "whole")
        value = sum(row[part] for row in rows) / (sum(row[whole] for row in rows) or 1)
        found[story.name] = pa.table({"measure": [story.measure], "value": [value]})
    return found


def test_what_nobody_looked_for_is_told_so_and_counts_as_nothing(truth: dict[str, pa.Table]):
    claims = judge_stories(truth, {})
    assert [claim.metric for claim in claims] == [f"story_{story.name}" for story in STORIES]
    assert len(claims) == 8
    for claim in claims:
        assert claim.value is None
        assert claim.passed is None
        assert claim.to_json()["passed"] is None
        assert claim.n > 0


def test_the_true_numbers_pass_and_the_careless_ones_do_not(truth: dict[str, pa.Table]):
    people = truth["persons"]
    right = numbers(truth, careless=False) | {
        "event_persons": pa.table({"event_id": people["message_id"], "person_id": people["person"]})
    }
    wrong = numbers(truth, careless=True) | {
        "event_persons": pa.table({"event_id": people["message_id"], "person_id": people["naive"]})
    }
    for claim in judge_stories(truth, right):
        assert claim.value == pytest.approx(1), claim
        assert claim.passed, claim
    for claim in judge_stories(truth, wrong):
        assert not claim.passed, claim


def test_a_finding_without_the_number_counts_as_wrong(truth: dict[str, pa.Table]):
    empty = {"referral_ring": pa.table({"measure": ["something_else"], "value": [0.3]})}
    claim = by_story(judge_stories(truth, empty))["referral_ring"]
    assert claim.value == 0
    assert claim.passed is False


def test_a_number_twice_as_high_is_as_good_as_nothing():
    assert closeness(2.0, 1.0) == 0
    assert closeness(0.9, 1.0) == pytest.approx(0.9)
    assert closeness(-1.0, 1.0) == 0


def test_a_world_from_before_the_stories_has_no_claims_about_them(truth: dict[str, pa.Table]):
    assert judge_stories({name: table for name, table in truth.items() if name != "stories"}, {}) == []


def test_a_number_that_is_a_sum_adds_up_over_the_neighbourhoods(truth: dict[str, pa.Table]):
    lost = sum(row["money"] for row in truth["checkout_fault"].to_pylist() if row["lost"])
    found = {"checkout_fault": pa.table({"measure": ["lost_money"], "value": [lost]})}
    assert by_story(judge_stories(truth, found))["checkout_fault"].value == pytest.approx(1)
