"""Score answers against the truth: Arrow tables in, one line a claim out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qianmian.world.agreement import (
    Pairs,
    count_pairs,
    match_people,
    owners,
    predicted_persons,
    profiles_of_people,
    strangers_apart,
)
from qianmian.world.claim import Claim
from qianmian.world.score_ties import Who, judge_ties
from qianmian.world.trace import Flags

#: Tastes are judged on people who gave the product something to see.
ENOUGH_ITEMS = 5
_MONEY = pa.decimal128(38, 4)


@dataclass(frozen=True)
class _Label:
    """A label of a profile, with the column of truth, the column of the baseline (or the majority), and the margin."""

    claim: str
    truth: str
    answer: str
    baseline: str
    margin: float


_LABELS = (
    _Label("the lifecycle stage is right", "stage", "lifecycle", "", 0.2),
    _Label("the RFM segment of buyers is right", "rfm", "rfm", "", 0.2),
    _Label("the preferred category is found", "preferred_category", "preferred_category", "last_category", 0.08),
    _Label("the preferred brand is found", "preferred_brand", "preferred_brand", "last_brand", 0.08),
    _Label("the preferred price band is found", "price_band", "preferred_price_band", "last_price_band", 0.05),
    _Label("the home region is found", "region", "region", "last_region", 0.02),
)


def score(truth: Mapping[str, pa.Table], answers: Mapping[str, pa.Table]) -> list[Claim]:
    """Judge answers; what is missing in them counts as wrong.

    Args:
        truth: tables of `generate.read_truth`.
        answers: ``event_persons(event_id, person_id)``; ``orders(order_id, net)``; ``profiles(person_id,
            net_revenue, lifecycle, preferred_category, preferred_brand, preferred_price_band, rfm, region)``;
            ``ties``, see `score_ties`.
            Ids may be text or numbers, the same in both tables; tables and columns may be missing.

    Returns:
        Claims about identity, orders, and the profiles of the people. A true person's profile is that of the
        predicted person who holds most of the events, if most of the predicted one's events are the true one's.
    """
    persons = truth["persons"]
    predicted, asked = predicted_persons(persons, answers)
    true, naive = owners(persons["person"]), owners(persons["naive"])
    claims = _identity_claims(count_pairs(true, predicted), count_pairs(true, naive))
    shown = (true >= 0) | (naive >= 0)  # what carries no identifier at all is nobody's to everybody
    lost = int(np.count_nonzero(true[shown] < 0))
    apart, baseline = (strangers_apart(true[shown], answer[shown]) for answer in (predicted, naive))
    claims.append(Claim("what is nobody's is given to nobody", "strangers_apart", apart, baseline, lost, 0.3))
    claims.append(_orders_claim(truth["orders"], answers))
    match = match_people(true, predicted, len(truth["people"]))
    profiles = profiles_of_people(answers, asked, match)
    claims.append(_money_claim(truth, profiles))
    seen = np.bincount(true[true >= 0], minlength=len(truth["people"])) > 0  # of the others nobody can know a thing
    if "ties" in truth:
        claims.extend(judge_ties(truth, answers, Who(true, predicted, asked, match)))
    claims.extend(_label_claim(truth["people"].filter(seen), profiles.filter(seen), label) for label in _LABELS)
    return claims


def _identity_claims(answer: Pairs, naive: Pairs) -> list[Claim]:
    return [
        Claim(
            "events that are held for one person's are one person's",
            "pair_precision",
            answer.precision,
            naive.precision,
            answer.predicted,
            0.1,
        ),
        Claim("one person's events are held together", "pair_recall", answer.recall, naive.recall, answer.true, -0.1),
        Claim("who is who, both ways", "pair_f1", answer.f1, naive.f1, answer.true, 0.08),
    ]


def _orders_claim(orders: pa.Table, answers: Mapping[str, pa.Table]) -> Claim:
    right = np.zeros(len(orders), np.bool_)
    if "orders" in answers:
        answer = answers["orders"]
        where = pc.index_in(orders["order_id"], value_set=answer["order_id"].combine_chunks())
        right = _equal_money(answer["net"].take(where), orders["net"])
    baseline = _equal_money(orders["paid"], orders["net"])
    claim = "the net money of an order is right to the cent"
    return Claim(claim, "order_net", _share(right), _share(baseline), len(orders), 0.05)


def _money_claim(truth: Mapping[str, pa.Table], profiles: pa.Table) -> Claim:
    people = truth["people"]
    buyers = pc.greater(people["f"], 0).to_numpy(zero_copy_only=False)
    right = np.zeros(len(people), np.bool_)
    if "net_revenue" in profiles.column_names:
        right = _equal_money(profiles["net_revenue"], people["m"])
    paid = truth["orders"].group_by("person").aggregate([("paid", "sum")])
    where = pc.index_in(people["person"], value_set=paid["person"].combine_chunks())
    baseline = _equal_money(paid["paid_sum"].take(where), people["m"])
    claim = "the net money of a buyer is right to the cent"
    return Claim(claim, "person_net", _share(right[buyers]), _share(baseline[buyers]), int(buyers.sum()), 0.05)


def _label_claim(people: pa.Table, profiles: pa.Table, label: _Label) -> Claim:
    judged = pc.is_valid(people[label.truth])
    if label.baseline:
        judged = pc.and_(judged, pc.greater_equal(people["items_seen"], ENOUGH_ITEMS))
        guess = people[label.baseline]
    else:
        counts = people[label.truth].drop_null().value_counts()
        most = int(np.argmax(counts.field("counts").to_numpy()))
        guess = pa.chunked_array([pa.repeat(counts.field("values")[most], len(people))])
    rows = judged.to_numpy(zero_copy_only=False)
    right = np.zeros(len(people), np.bool_)
    if label.answer in profiles.column_names:
        right = _equal(profiles[label.answer].cast(pa.string()), people[label.truth])
    baseline = _equal(guess, people[label.truth])
    value, floor = _share(right[rows]), _share(baseline[rows])
    return Claim(label.claim, label.answer, value, floor, int(rows.sum()), label.margin)


def _equal_money(left: pa.ChunkedArray, right: pa.ChunkedArray) -> Flags:
    return _equal(left.cast(_MONEY), right.cast(_MONEY))


def _equal(left: pa.ChunkedArray, right: pa.ChunkedArray) -> Flags:
    flags: Flags = pc.equal(left, right).fill_null(False).to_numpy().astype(np.bool_)
    return flags


def _share(right: Flags) -> float:
    return float(np.mean(right)) if len(right) else 0.0
