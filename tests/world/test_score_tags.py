"""Tags that say the truth are told so, and so are tags that say nothing, or the contrary."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from qianmian.world.claim import Claim
from qianmian.world.generate import read_truth
from qianmian.world.score_tags import GRADES, WORDS, judge_tags, latent


@pytest.fixture(scope="module")
def truth(world: Path) -> dict[str, pa.Table]:
    return read_truth(world)


def perfect(truth: dict[str, pa.Table]) -> dict[str, pa.Table]:
    """Answers that know the truth: the first of several right words, and the grade in whose part a person stands."""
    known, persons = latent(truth), truth["persons"]
    columns = {"person_id": known["person"]}
    for word in WORDS:
        column = known[word.truth]
        columns[word.tag] = column if pa.types.is_string(column.type) else pc.list_element(column, 0)
    for grade in GRADES:
        rank = np.argsort(np.argsort(known[grade.truth].to_numpy(), kind="stable"), kind="stable") / len(known)
        words = pa.array(grade.grades or [str(number) for number in range(1, 11)])
        told = words.take(pa.array((rank * len(words)).astype(np.int64)))
        columns.setdefault(grade.tag, told if grade.grades else told.cast(pa.int64()))
    held = pa.table({"event_id": persons["message_id"], "person_id": persons["person"]})
    return {"event_persons": held, "profiles": pa.table(columns)}


def by_metric(claims: list[Claim]) -> dict[str, Claim]:
    return {claim.metric: claim for claim in claims}


def test_a_perfect_answer_beats_every_guess(truth: dict[str, pa.Table]) -> None:
    claims = by_metric(judge_tags(truth, perfect(truth)))
    assert len(claims) == len(WORDS) + len(GRADES)
    others = {"tag_social_depth_sway", "tag_spending_power_band"}  # one tag cannot say two truths
    for metric, claim in claims.items():
        if metric not in others:
            assert claim.value is not None
            assert claim.passed, claim
            assert claim.value > (0.75 if claim.baseline < 1 else 0.99), claim
            assert claim.coverage == pytest.approx(1)
            assert claim.n > 100


def test_a_tag_that_says_the_contrary_has_a_negative_correlation(truth: dict[str, pa.Table]) -> None:
    answers = perfect(truth)
    turned = {"low": "high", "middle": "middle", "high": "low"}
    told = [turned[one] for one in answers["profiles"]["price_sensitivity"].to_pylist()]
    answers["profiles"] = (
        answers["profiles"].drop_columns(["price_sensitivity"]).append_column("price_sensitivity", [told])
    )
    claim = by_metric(judge_tags(truth, answers))["tag_price_sensitivity"]
    assert claim.value is not None
    assert claim.value < -0.75
    assert not claim.passed


def test_one_word_for_everybody_is_the_baseline(truth: dict[str, pa.Table]) -> None:
    answers = perfect(truth)
    types, counts = np.unique(latent(truth)["device_type"].to_pylist(), return_counts=True)
    same = pa.repeat(str(types[counts.argmax()]), len(answers["profiles"]))
    answers["profiles"] = answers["profiles"].drop_columns(["device_type"]).append_column("device_type", [same])
    claim = by_metric(judge_tags(truth, answers))["tag_device_type"]
    assert claim.value == pytest.approx(claim.baseline)


def test_a_tag_of_few_is_wrong_of_the_others_and_says_how_few(truth: dict[str, pa.Table]) -> None:
    answers = perfect(truth)
    answers["profiles"] = answers["profiles"].slice(0, len(answers["profiles"]) // 2)
    claims = by_metric(judge_tags(truth, answers))
    channel, sensitivity = claims["tag_channel"], claims["tag_price_sensitivity"]
    assert channel.value == pytest.approx(channel.coverage) == pytest.approx(0.5, abs=0.03)
    assert sensitivity.coverage == pytest.approx(0.5, abs=0.03)
    assert sensitivity.value is not None
    assert sensitivity.value > 0.75  # of those of whom it says something


def test_a_tag_that_nobody_has_was_not_looked_for(truth: dict[str, pa.Table]) -> None:
    answers = perfect(truth)
    answers["profiles"] = answers["profiles"].select(["person_id"])
    for claim in judge_tags(truth, answers):
        assert claim.value is None
        assert claim.passed is None
        assert claim.coverage == 0


def test_a_world_from_before_habits_is_not_judged(truth: dict[str, pa.Table]) -> None:
    assert judge_tags({name: table for name, table in truth.items() if name != "habits"}, perfect(truth)) == []
