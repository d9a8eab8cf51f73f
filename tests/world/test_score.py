from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from qianmian.world.agreement import count_pairs
from qianmian.world.claim import Claim
from qianmian.world.generate import read_truth
from qianmian.world.score import score

PROFILE = {
    "person": "person_id",
    "m": "net_revenue",
    "stage": "lifecycle",
    "preferred_category": "preferred_category",
    "preferred_brand": "preferred_brand",
    "price_band": "preferred_price_band",
    "rfm": "rfm",
    "region": "region",
}


ENDS = ("person", "other")


@pytest.fixture(scope="module")
def truth(world: Path) -> dict[str, pa.Table]:
    return read_truth(world)


def perfect(truth: dict[str, pa.Table], text_ids: bool = False) -> dict[str, pa.Table]:
    ids = pa.string() if text_ids else pa.int64()
    persons = truth["persons"]
    profiles = truth["people"].select(list(PROFILE)).rename_columns(list(PROFILE.values()))
    known = truth["ties"]
    relation = known["relation"].cast(pa.string())
    friends = set(zip(*(known.filter(pc.equal(relation, "friend"))[end].to_pylist() for end in ENDS), strict=True))
    acted = known.filter(pc.not_equal(relation, "friend"))
    is_friend = [pair in friends for pair in zip(*(acted[end].to_pylist() for end in ENDS), strict=True)]
    ties = {
        "person_id": acted["person"].cast(ids),
        "other_id": acted["other"].cast(ids),
        "kind": acted["relation"].cast(pa.string()),
        "direction": pa.array(["out"] * len(acted)),
        "strength": pa.array(np.where(is_friend, 0.9, 0.1)),
        "count": pa.array(np.ones(len(acted), np.int64)),
    }
    return {
        "ties": pa.table(ties),
        "event_persons": pa.table({"event_id": persons["message_id"], "person_id": persons["person"].cast(ids)}),
        "orders": truth["orders"].select(["order_id", "net"]),
        "profiles": profiles.set_column(0, "person_id", profiles["person_id"].cast(ids)),
    }


def by_metric(claims: list[Claim]) -> dict[str, Claim]:
    return {claim.metric: claim for claim in claims}


@pytest.mark.parametrize("text_ids", [False, True])
def test_a_perfect_answer_scores_one_and_every_baseline_loses(truth: dict[str, pa.Table], text_ids: bool):
    claims = score(truth, perfect(truth, text_ids))
    assert len(claims) == 25
    for claim in claims:
        assert claim.value == 1, claim
        assert claim.passed, claim
        assert claim.n > 0


def test_the_naive_baseline_scores_what_it_is_said_to_and_does_not_pass(truth: dict[str, pa.Table]):
    persons = truth["persons"]
    naive = {"event_persons": pa.table({"event_id": persons["message_id"], "person_id": persons["naive"]})}
    claims = by_metric(score(truth, naive))
    for metric in ("pair_precision", "pair_f1", "strangers_apart"):
        assert claims[metric].value == pytest.approx(claims[metric].baseline)
        assert not claims[metric].passed


def test_paid_money_is_not_net_money(truth: dict[str, pa.Table]):
    answer = perfect(truth)
    answer["orders"] = truth["orders"].select(["order_id", "paid"]).rename_columns(["order_id", "net"])
    claim = by_metric(score(truth, answer))["order_net"]
    assert claim.value == claim.baseline < 1
    assert not claim.passed


def test_one_cent_off_is_wrong(truth: dict[str, pa.Table]):
    answer = perfect(truth)
    off = pc.add(answer["orders"]["net"], pa.scalar("0.0100").cast(pa.decimal128(18, 4))).cast(pa.decimal128(18, 4))
    answer["orders"] = answer["orders"].set_column(1, "net", off)
    assert by_metric(score(truth, answer))["order_net"].value == 0


def test_everybody_in_one_person_has_recall_but_no_precision(truth: dict[str, pa.Table]):
    events = truth["persons"]["message_id"]
    answer = {"event_persons": pa.table({"event_id": events, "person_id": pa.repeat(7, len(events))})}
    claims = by_metric(score(truth, answer))
    assert claims["pair_recall"].value == 1
    assert claims["pair_precision"].value < 0.05
    assert claims["strangers_apart"].value == 0


def test_one_heavy_person_does_not_drown_the_others():
    true = np.concatenate([np.zeros(100, np.int64), np.arange(1, 41).repeat(2)])
    merged = np.where(true > 0, (true + 1) // 2, true)
    pairs = count_pairs(true, merged)
    assert pairs.true == 40
    assert pairs.precision == pytest.approx(1 / 3)
    assert pairs.recall == 1


def test_what_is_missing_counts_as_wrong(truth: dict[str, pa.Table]):
    for claim in score(truth, {}):
        assert claim.value == (1 if claim.metric == "strangers_apart" else 0)
    half = perfect(truth)
    half["profiles"] = half["profiles"].slice(0, len(half["profiles"]) // 2).drop_columns(["region"])
    claims = by_metric(score(truth, half))
    assert claims["lifecycle"].value == pytest.approx(0.5, abs=0.03)
    assert claims["region"].value == 0


def test_a_merged_person_keeps_the_profile_of_the_larger_one(truth: dict[str, pa.Table]):
    answer = perfect(truth)
    person = answer["event_persons"]["person_id"]
    counts = np.bincount(person.drop_null().to_numpy())
    smaller, larger = np.argsort(counts)[[len(counts) // 2, -1]]
    merged = pc.if_else(pc.equal(person, int(smaller)), int(larger), person)
    answer["event_persons"] = answer["event_persons"].set_column(1, "person_id", merged)
    claims = by_metric(score(truth, answer))
    assert claims["pair_precision"].value < 1
    people = claims["lifecycle"].n
    assert claims["lifecycle"].value == pytest.approx(1 - 1 / people)


def test_a_claim_is_printed_with_its_verdict():
    claim = Claim("who is who", "pair_f1", 0.9, 0.8, 10, 0.05)
    assert claim.to_json() == {
        "claim": "who is who",
        "metric": "pair_f1",
        "value": 0.9,
        "baseline": 0.8,
        "n": 10,
        "margin": 0.05,
        "coverage": None,
        "passed": True,
    }


def test_ties_of_strangers_and_ties_that_are_missing_cost_what_they_are_worth(truth: dict[str, pa.Table]):
    answers = perfect(truth)
    ties = answers["ties"]
    half = ties.filter(pa.array(np.arange(len(ties)) % 2 == 0))
    swapped = half.rename_columns(["other_id", "person_id", *half.column_names[2:]]).select(half.column_names)
    claims = by_metric(score(truth, answers | {"ties": pa.concat_tables([half, swapped])}))
    like = claims["tie_like_precision"], claims["tie_like_recall"]
    assert [claim.passed for claim in like] == [False, False]
    assert all(0.4 < claim.value < 0.6 for claim in like if claim.value)
    without = by_metric(score(truth, {name: table for name, table in answers.items() if name != "ties"}))
    assert without["tie_follow_recall"].value == 0
