"""Score ties against the truth: who acted on whom is found, nobody else, and friends stand above strangers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qianmian.world.agreement import holders
from qianmian.world.claim import Claim
from qianmian.world.tied import RELATIONS
from qianmian.world.trace import NONE, Flags, Floats, Integers


@dataclass(frozen=True)
class Who:
    """Who is who by the answers.

    Attributes:
        true: true person of each event; `NONE` = nobody's.
        predicted: code of its predicted person; `NONE` = none.
        ids: the person_ids behind the codes.
        match: code of the predicted person that stands for each true one; `NONE` = none does.
    """

    true: Integers
    predicted: Integers
    ids: pa.Array
    match: Integers


def judge_ties(truth: Mapping[str, pa.Table], answers: Mapping[str, pa.Table], who: Who) -> list[Claim]:
    """Claims about ties, each beside what user ids alone would show.

    A tie that is told is right if it took place between those who did most of what its two people did; one that took
    place is found if it is told of the two who stand for its people.

    Args:
        truth: tables of `generate.read_truth`.
        answers: ``ties(person_id, other_id, kind, direction, strength, count)``; may be missing.
        who: who is who by the answers.
    """
    known, found = truth["ties"], _Found.of(answers.get("ties"), who)
    claims = []
    for relation in RELATIONS[1:]:
        mine = known.filter(pc.equal(known["relation"].cast(pa.string()), relation))
        if not len(mine):
            continue
        person, other = (mine[name].to_numpy() for name in ("person", "other"))
        told = found.only((found.kind == relation) & (found.direction != "in"))
        true = _pairs(person, other)
        precision = _share(np.isin(_pairs(told.held, told.held_other), true))
        standing = _pairs(who.match[person], who.match[other])
        there = (who.match[person] >= 0) & (who.match[other] >= 0)
        recall = _share(there & np.isin(standing, _pairs(told.person, told.other)))
        alone = _share(mine["by_user_id"].to_numpy(zero_copy_only=False))
        words, size = relation.replace("_", " "), len(told.person)
        claims += [
            Claim(f"a {words} that is told took place", f"tie_{relation}_precision", precision, 1.0, size, -0.05),
            Claim(f"a {words} that took place is told", f"tie_{relation}_recall", recall, alone, len(mine), 0.0),
        ]
    return [*claims, _friends(known, found)]


@dataclass(frozen=True)
class _Found:
    """Ties as they are told; one entry a tie under each of its people.

    Attributes:
        person: code of the predicted person.
        other: code of the other.
        held: true person who did most of what the person did.
        held_other: the same of the other.
        kind: kind of tie.
        direction: out, in or both.
        strength: of the pair.
        count: events.
    """

    person: Integers
    other: Integers
    held: Integers
    held_other: Integers
    kind: Integers
    direction: Integers
    strength: Floats
    count: Integers

    @classmethod
    def of(cls, ties: pa.Table | None, who: Who) -> _Found:
        if ties is None:
            return cls(*(np.zeros(0, np.int64),) * 6, np.zeros(0), np.zeros(0, np.int64))
        held = holders(who.true, who.predicted, len(who.ids))
        codes = [
            pc.index_in(ties[name].cast(who.ids.type), value_set=who.ids).fill_null(NONE).to_numpy()
            for name in ("person_id", "other_id")
        ]
        told = (ties[name].to_numpy(zero_copy_only=False) for name in ("kind", "direction", "strength", "count"))
        return cls(codes[0], codes[1], *(np.where(code >= 0, held[code], NONE) for code in codes), *told)

    def only(self, rows: Flags) -> _Found:
        """Some of the ties."""
        return _Found(*(column[rows] for column in vars(self).values()))


def _friends(known: pa.Table, found: _Found) -> Claim:
    """Of people who are tied at all, friends are tied more strongly; the baseline counts events."""
    friends = known.filter(pc.equal(known["relation"].cast(pa.string()), "friend"))
    true = _pairs(friends["person"].to_numpy(), friends["other"].to_numpy())
    some = found.only((found.held >= 0) & (found.held_other >= 0) & (found.held < found.held_other))
    pairs, where = np.unique(_pairs(some.held, some.held_other), return_inverse=True)
    strength, count = np.zeros(len(pairs)), np.zeros(len(pairs))
    np.maximum.at(strength, where, some.strength)
    np.add.at(count, where, some.count)
    is_friend = np.isin(pairs, true)
    value, baseline = _area(is_friend, strength), _area(is_friend, count)
    words = "friends are tied more strongly than others"
    return Claim(words, "tie_strength_auc", value, baseline, len(pairs), 0.03)


def _area(positive: Flags, score: Floats) -> float:
    """Chance that one of the positive has a higher score than one of the others; equal scores count half."""
    from scipy.stats import rankdata

    ranks, many = rankdata(score), int(positive.sum())
    others = len(positive) - many
    if not many or not others:
        return 0.0
    return float((ranks[positive].sum() - many * (many + 1) / 2) / (many * others))


def _pairs(person: Integers, other: Integers) -> Integers:
    pairs: Integers = (person.astype(np.int64) << 32) + other.astype(np.int64)
    return pairs


def _share(right: Flags) -> float:
    return float(np.mean(right)) if len(right) else 0.0
