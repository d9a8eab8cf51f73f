"""Effects: against published figures, against other code, and against the truth of simulated campaigns."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import numpy as np
import pytest
from scipy import stats

from qianmian.measure.effect import Arm, effect, imbalance, smallest_difference

NOBODY = Arm(0, 0, 0, 0, 0, 0, 0, 0)


def arm(after: np.ndarray, before: np.ndarray | None = None) -> Arm:
    """Sums over people, from what each paid."""
    before = np.zeros_like(after) if before is None else before
    bought = int((after > 0).sum())
    sums = [float(x.sum()) for x in (after, before, after * after, before * before, after * before)]
    return Arm(len(after), bought, bought, *sums)


def shares(converted: int, people: int, others_converted: int, others: int) -> tuple[Arm, Arm]:
    paid = [
        np.r_[np.ones(some), np.zeros(all_ - some)] for some, all_ in ((converted, people), (others_converted, others))
    ]
    return arm(paid[0]), arm(paid[1])


@pytest.mark.parametrize("counts", [(56, 70, 48, 80), (9, 30, 3, 30), (30, 100, 50, 200), (0, 50, 4, 60)])
def test_the_interval_of_a_difference_is_newcombes(counts):
    """Method 10 is made of Wilson's bounds, which another library has."""
    told = effect(*shares(*counts)).conversion
    one, other = counts[0] / counts[1], counts[2] / counts[3]
    (l1, u1), (l2, u2) = (stats.binomtest(k, n).proportion_ci(method="wilson") for k, n in (counts[:2], counts[2:]))
    assert told.value == pytest.approx(one - other)
    assert told.low == pytest.approx(told.value - np.hypot(one - l1, u2 - other), abs=1e-6)
    assert told.high == pytest.approx(told.value + np.hypot(u1 - one, other - l2), abs=1e-6)


def test_a_published_interval_is_found():
    told = effect(*shares(56, 70, 48, 80)).conversion  # Newcombe 1998, table II, (a), method 10
    assert (round(told.low, 4), round(told.high, 4)) == (0.0524, 0.3339)


def test_the_interval_of_a_ratio_is_that_of_another_library():
    told = effect(*shares(120, 1000, 80, 900)).lift
    other = stats.contingency.relative_risk(120, 1000, 80, 900)
    bounds = other.confidence_interval(0.95)
    assert (told.value + 1, told.low + 1, told.high + 1) == pytest.approx(
        (other.relative_risk, bounds.low, bounds.high)
    )
    assert effect(*shares(5, 100, 0, 100)).lift is None


@pytest.mark.parametrize(("people", "equal_var"), [((2000, 1500), False), ((900, 60), True)])
def test_the_interval_of_money_without_a_time_before_is_that_of_another_library(people, equal_var):
    chance = np.random.default_rng(4)
    one, other = (np.where(chance.random(n) < 0.3, chance.lognormal(4, 1, n), 0) for n in people)
    told = effect(arm(one), arm(other)).revenue
    result = stats.ttest_ind(one, other, equal_var=equal_var)
    bounds = result.confidence_interval(0.95)
    assert (told.value, told.low, told.high) == pytest.approx((one.mean() - other.mean(), bounds.low, bounds.high))


def test_the_time_before_takes_away_what_it_explains():
    chance = np.random.default_rng(5)
    before = [chance.gamma(2, 50, n) for n in (3000, 3000)]
    after = [b + chance.normal(0, 10, len(b)) + extra for b, extra in zip(before, (8, 0), strict=True)]
    told, bare = effect(*(arm(a, b) for a, b in zip(after, before, strict=True))), effect(*map(arm, after))
    centred = [np.concatenate([x - x.mean() for x in both]) for both in (after, before)]
    slope = (centred[0] * centred[1]).sum() / (centred[1] ** 2).sum()
    left = [a - slope * b for a, b in zip(after, before, strict=True)]
    assert told.revenue.value == pytest.approx(left[0].mean() - left[1].mean())
    assert told.explained == pytest.approx(1 - sum(x.var() for x in left) / sum(x.var() for x in after), abs=1e-3)
    assert told.revenue.low <= 8 <= told.revenue.high
    assert told.revenue.high - told.revenue.low < 0.2 * (bare.revenue.high - bare.revenue.low)


def test_extra_is_for_everybody_who_was_written_to():
    told = effect(*shares(120, 1000, 80, 1000))
    assert told.extra_converted.value == pytest.approx(40)
    assert told.extra_revenue.value == pytest.approx(told.revenue.value * 1000)
    assert told.extra_converted.low == pytest.approx(told.conversion.low * 1000)


def test_of_few_people_nothing_is_told_and_of_nobodys_orders_no_money():
    assert effect(*shares(3, 29, 3, 300)) is None
    assert effect(NOBODY, shares(3, 300, 0, 1)[0]) is None
    told = effect(*shares(0, 300, 0, 100))
    assert told.revenue is None
    assert told.extra_revenue is None
    assert told.conversion.low < 0 < told.conversion.high


@pytest.mark.parametrize("rise", [1.0, 1.4])
def test_intervals_hold_the_truth_about_as_often_as_they_say(rise):
    chance, share, rounds = np.random.default_rng(6), 0.08, 600
    held = {"conversion": 0, "revenue": 0}
    truth = {"conversion": share * (rise - 1), "revenue": share * (rise - 1) * np.exp(4.5 + 0.5)}
    for _ in range(rounds):
        money = [
            np.where(chance.random(n) < p, chance.lognormal(4.5, 1, n), 0)
            for n, p in ((900, share * rise), (100, share))
        ]
        told = effect(*map(arm, money))
        for name, kept in truth.items():
            one = getattr(told, name)
            held[name] += one.low <= kept <= one.high
    assert 0.93 <= held["conversion"] / rounds <= 0.98
    assert 0.92 <= held["revenue"] / rounds <= 0.99


def test_arms_that_chance_did_not_make_are_found():
    other = stats.chisquare([9300, 700], [9000, 1000]).pvalue
    assert imbalance(9300, 700, 0.1) == pytest.approx(other)
    assert imbalance(9000, 1000, 0.1) == 1
    assert imbalance(0, 0, 0.1) == imbalance(10, 0, 0.0) == 1


def test_the_smallest_difference_is_seen_four_times_of_five():
    anyway, sizes = 0.1, (4500, 500)
    smallest, chance = smallest_difference(*sizes, anyway), np.random.default_rng(7)
    seen = 0
    for _ in range(400):
        converted = [chance.binomial(n, p) for n, p in zip(sizes, (anyway + smallest, anyway), strict=True)]
        seen += effect(*shares(converted[0], sizes[0], converted[1], sizes[1])).conversion.is_told
    assert 0.75 <= seen / 400 <= 0.88
    assert smallest_difference(100, 0, 0.1) == inf
    assert smallest_difference(100, 100, 0.0) > 0


def test_sums_of_two_halves_are_the_sums_of_the_whole():
    chance = np.random.default_rng(8)
    after, before = chance.lognormal(3, 1, 200), chance.lognormal(3, 1, 200)
    whole, halves = arm(after, before), [arm(after[:90], before[:90]), arm(after[90:], before[90:])]
    for name, value in vars(whole).items():
        assert sum(getattr(half, name) for half in halves) == pytest.approx(value)
    assert replace(whole, people=0).mean == 0
