"""What was flagged is judged against the planted dirt; a perfect answer wins, and so does nobody else."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from qianmian.world.generate import read_truth
from qianmian.world.score_flags import judge_flags


@pytest.fixture(scope="module")
def truth(world: Path) -> dict[str, pa.Table]:
    return read_truth(world)


def templates(truth: dict[str, pa.Table]) -> pa.Table:
    opinions = truth["opinions"]
    ids = opinions.filter(pc.equal(opinions["form"], "template"))["message_id"]
    return pa.table({"event_id": ids, "rule": pa.array(["copied_text"] * len(ids), pa.string())})


def flags(truth: dict[str, pa.Table], kinds: dict[str, str]) -> dict[str, pa.Table]:
    """Each kind of dirt, flagged by a rule."""
    dirt = truth["dirt"]
    parts = [(dirt.filter(pc.equal(dirt["kind"], kind))["message_id"], rule) for kind, rule in kinds.items()]
    tables = [pa.table({"event_id": ids, "rule": pa.array([rule] * len(ids), pa.string())}) for ids, rule in parts]
    return {"flags": pa.concat_tables([*tables, templates(truth)])}


def test_a_perfect_answer_scores_one_and_the_baseline_loses(truth: dict[str, pa.Table]) -> None:
    claims = judge_flags(truth, flags(truth, {"twin": "twin", "bot": "pace"}))
    assert [(claim.metric, claim.value) for claim in claims] == [
        ("twin_precision", 1.0), ("twin_recall", 1.0), ("pace_precision", 1.0), ("pace_recall", 1.0),
        ("copied_precision", 1.0), ("copied_recall", 1.0),
    ]  # fmt: skip
    assert all(claim.passed and claim.n > 0 for claim in claims)


def test_the_naive_way_finds_them_among_many_others_and_does_not_pass(truth: dict[str, pa.Table]) -> None:
    precision, recall, *_ = judge_flags(truth, flags(truth, {"naive_twin": "twin", "bot": "pace"}))
    assert precision.value == pytest.approx(precision.baseline)
    assert recall.value == pytest.approx(recall.baseline)
    assert precision.baseline < 0.5
    assert not precision.passed


def test_nobody_looked_is_not_nothing_found(truth: dict[str, pa.Table]) -> None:
    assert [claim.value for claim in judge_flags(truth, {})] == [None] * 6
    assert [claim.value for claim in judge_flags(truth, flags(truth, {"late": "late"}))] == [0.0] * 4 + [1.0] * 2
