"""How much more often something follows, among people who are alike otherwise, and which of many findings may stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, exp, log, sqrt

import numpy as np
from numpy.typing import NDArray

#: Fewer people on a side, or fewer of all with the outcome, tell nothing.
FEWEST, FEWEST_OUTCOMES = 20, 10


@dataclass(frozen=True)
class Lift:
    """A ratio of two shares.

    Attributes:
        value: the ratio; 1 = no difference.
        low: lower end of its 95 % interval.
        high: upper end.
        p: chance of a difference as large if there is none.
    """

    value: float
    low: float
    high: float
    p: float


def lift(sums: NDArray[np.int64]) -> Lift | None:
    """The ratio of the shares with an outcome, within classes of people who are alike.

    The ratio is that of Mantel and Haenszel with the interval of Greenland and Robins (1985), the chance that of the
    test of Cochran, Mantel and Haenszel (1959): classes are compared each by itself, and not mixed up.

    Args:
        sums: by class, people, those of them with the outcome, people compared with, those of them with the outcome.

    Returns:
        None where too few people are on a side, or nobody has the outcome on one.

    >>> found = lift(np.array([[100, 40, 100, 20]]))
    >>> round(found.value, 6), round(found.low, 2), round(found.high, 2), found.p < 0.01
    (2.0, 1.26, 3.17, True)
    """
    one, one_with, other, other_with = sums.sum(axis=0).tolist()
    if min(one, other) < FEWEST or one_with + other_with < FEWEST_OUTCOMES:
        return None
    both = sums[(sums[:, 0] > 0) & (sums[:, 2] > 0)].astype(np.float64)
    people, came, others, came_too = both.T
    total, all_came = people + others, came + came_too
    mine, theirs = float((came * others / total).sum()), float((came_too * people / total).sum())
    if not mine or not theirs:
        return None
    spread = float(((all_came * people * others / total - came * came_too) / total).sum()) / (mine * theirs)
    excess = float((came - people * all_came / total).sum())
    varies = float((people * others * all_came * (total - all_came) / (total**2 * np.maximum(total - 1, 1))).sum())
    value, reach = mine / theirs, exp(1.96 * sqrt(max(spread, 0.0)))
    p = erfc(abs(excess) / sqrt(2 * varies)) if varies else 1.0
    return Lift(value, value / reach, value * reach, p)


def adjusted(chances: Sequence[float]) -> list[float]:
    """For each finding the share of false ones among all that are at least as sure (Benjamini and Hochberg 1995).

    >>> adjusted([0.01, 0.04, 0.03, 0.5])
    [0.04, 0.05333333333333334, 0.05333333333333334, 0.5]
    """
    if not chances:
        return []
    order = np.argsort(chances, kind="stable")
    ranked = np.asarray(chances, np.float64)[order] * len(order) / np.arange(1, len(order) + 1)
    found = np.empty(len(order))
    found[order] = np.minimum(np.minimum.accumulate(ranked[::-1])[::-1], 1.0)
    return [float(one) for one in found]


def strength(found: Lift) -> float:
    """How far from no difference the nearer end of an interval lies, either way; 0 = the interval holds 1.

    >>> strength(Lift(2.0, 1.0, 4.0, 0.05)), round(strength(Lift(0.5, 0.4, 0.6, 0.01)), 3)
    (0.0, 0.511)
    """
    return max(log(found.low), -log(found.high), 0.0)
