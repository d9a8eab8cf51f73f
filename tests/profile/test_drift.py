"""Drift: the stability index as worked out by hand, its borders, and the guard for few people."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from math import ceil, log
from random import Random

import pytest

from qianmian.profile.tags.bins import GROWTH, quantiles
from qianmian.profile.tags.drift import DAYS, Drift, Look, compared, psi, psi_noise, worst

NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)


def looked(days_ago: float, bins: dict[str, int], *, people: int = 1000, definition: str = "a") -> Look:
    at = NOW - timedelta(days=days_ago)
    covered = sum(bins.values())
    return Look("t", at, at.date(), 1, definition, people, covered, 0, len(bins), 0, bins, 0, None)


def test_index_by_hand() -> None:
    # 60, 40 of 100 beside 50, 50 of 100, half a person added to each class
    p, q, r, s = 60.5 / 101, 50.5 / 101, 40.5 / 101, 50.5 / 101
    by_hand = (p - q) * log(p / q) + (r - s) * log(r / s)
    assert psi([(60, 50), (40, 50)]) == pytest.approx(by_hand)
    assert by_hand == pytest.approx(0.0397, abs=1e-4)


def test_noise_is_the_quantile_of_chi_square() -> None:
    assert psi_noise(2, 100, 100) == pytest.approx(0.02 * 10.83, rel=0.04)  # χ² with 1 degree: 10.83
    assert psi_noise(10, 1000, 1000) == pytest.approx(0.002 * 27.88, rel=0.01)  # with 9: 27.88


@pytest.mark.parametrize(
    ("now", "drift"),
    [
        ({"a": 500, "b": 500}, Drift.STEADY),
        ({"a": 680, "b": 320}, Drift.MOVED),
        ({"a": 800, "b": 200}, Drift.DRIFTED),
        ({"a": 450, "b": 450}, Drift.MOVED),  # a tenth fewer have it
        ({"a": 350, "b": 350}, Drift.DRIFTED),
    ],
)
def test_states(now: dict[str, int], drift: Drift) -> None:
    [one] = compared([looked(7, {"a": 500, "b": 500}), looked(0, now)], is_sized=False)
    assert (one.days, one.drift) == (7, drift)


def test_of_few_people_nothing_is_said() -> None:
    looks = [looked(1, {"a": 40, "b": 40}, people=80), looked(0, {"a": 79, "b": 1}, people=80)]
    [one] = compared(looks, is_sized=False)
    assert (one.drift, one.psi) == (Drift.FEW, None)


def test_chance_is_no_drift() -> None:
    """Samples of 110 people each of one distribution over 40 words: the index passes 0.25, the state stays."""
    random = Random(7)
    for _ in range(50):
        both = [dict.fromkeys((str(at) for at in range(40)), 0) for _ in range(2)]
        for counts in both:
            for _ in range(110):
                counts[str(random.randrange(40))] += 1
        [one] = compared([looked(1, both[0], people=110), looked(0, both[1], people=110)], is_sized=False)
        assert one.psi is not None
        assert one.psi > 0.25
        assert one.drift is Drift.STEADY


def test_bases() -> None:
    """The build nearest to 1, 7 and 30 days before, by the same definition, not further off than half of that."""
    bins = {"a": 1000}
    looks = [looked(40, bins), looked(9, bins), looked(6.5, bins), looked(2, bins, definition="b"), looked(0, bins)]
    told = compared(looks, is_sized=False)
    assert [(one.days, NOW - one.built_at) for one in told] == [(7, timedelta(days=6.5)), (30, timedelta(days=40))]
    assert worst(told) is Drift.STEADY
    assert compared(looks[-1:], is_sized=False) == []
    assert DAYS == (1, 7, 30)


def test_sizes_are_cut_into_tenths_of_before() -> None:
    before = {str(at): 10 for at in range(100)}
    shifted = {str(at + 10): 10 for at in range(90)} | {"10100": 100}
    [one] = compared([looked(7, before), looked(0, shifted)], is_sized=True)
    # the lowest tenth is empty, the highest holds twice as many
    tenths = [(0, 100), *[(100, 100)] * 8, (200, 100)]
    assert one.psi == pytest.approx(psi(tenths))


def test_quantiles_are_near() -> None:
    random = Random(1)
    values = sorted(round(random.lognormvariate(5, 1.5), 2) for _ in range(5000))
    bins = Counter(str(10_000 + ceil(log(value) / log(GROWTH))) for value in values)
    for share, told in zip((0.05, 0.5, 0.95), quantiles(bins, (0.05, 0.5, 0.95)), strict=True):
        assert told == pytest.approx(values[int(share * 4999)], rel=0.026)


def test_dates_may_stay_as_dates_or_as_ages() -> None:
    """First orders keep their dates while a week passes; last orders keep their ages; other dates drift."""
    ages = {str(at): 10 for at in range(90)}
    older = {str(at + 7): 10 for at in range(90)}
    newer = {str(at): 30 for at in range(30)}
    for now, drift in ((ages, Drift.STEADY), (older, Drift.STEADY), (newer, Drift.DRIFTED)):
        [one] = compared([looked(7, ages), looked(0, now)], is_sized=True, is_dated=True)
        assert one.drift is drift
    [one] = compared([looked(7, ages), looked(0, older)], is_sized=True)
    assert one.drift is Drift.MOVED
