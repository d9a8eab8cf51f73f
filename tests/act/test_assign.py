"""Chance: even, the same whenever it is asked, and of each campaign by itself."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from qianmian.act.assign import ARMS, HOLDOUT, PIECE, TREATMENT, assign, chance

PEOPLE = np.random.default_rng(1).integers(0, 1 << 62, 40_000)


def held(people, salt, share):
    rows = assign(people, salt, share).to_pydict()
    return {who for who, arm in zip(rows["person_id"], rows["arm"], strict=True) if arm == HOLDOUT}


@pytest.mark.parametrize("people", [PEOPLE, np.arange(40_000), np.arange(40_000) << 40])
@pytest.mark.parametrize("salt", [0, 1, (1 << 63) - 1])
def test_chance_is_even(people, salt):
    assert stats.kstest(chance(np.asarray(people, np.int64), salt), "uniform").pvalue > 1e-4


def test_campaigns_hold_out_independently_even_with_neighbouring_salts():
    numbers = [chance(PEOPLE, salt) for salt in (7, 8, 1 << 40)]
    for one, other in ((0, 1), (0, 2), (1, 2)):
        assert abs(np.corrcoef(numbers[one], numbers[other])[0, 1]) < 0.02


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5])
def test_the_share_is_held_out(share):
    many = len(held(PEOPLE, 5, share))
    assert stats.binomtest(many, len(PEOPLE), share).pvalue > 1e-4 if share else many == 0


def test_nobodys_arm_depends_on_others():
    some = PEOPLE[::3]
    assert held(some, 5, 0.2) == held(PEOPLE[::-1], 5, 0.2) & set(some.tolist())
    assert assign(PEOPLE, 5, 0.2).equals(assign(PEOPLE[::-1].tolist(), 5, 0.2))


def test_who_is_held_out_of_a_small_share_is_held_out_of_a_larger():
    assert held(PEOPLE, 5, 0.1) < held(PEOPLE, 5, 0.2)


def test_pieces_of_the_treatment_are_full_but_for_the_last():
    rows = assign(PEOPLE, 5, 0.1)
    assert set(rows["arm"].to_pylist()) == set(ARMS)
    treated = rows.filter(np.array(rows["arm"].to_pylist()) == TREATMENT)
    sizes = np.bincount(treated["piece"].to_numpy())[1:]
    assert set(sizes[:-1]) == {PIECE}
    assert 0 < sizes[-1] <= PIECE
    assert treated["person_id"].to_pylist() == sorted(treated["person_id"].to_pylist())


def test_nobody_is_assigned_of_nobody():
    assert assign([], 5, 0.1).num_rows == 0
