"""Groups of people who are alike: K-means on scaled measures, with as many groups as stand on their own.

Measures of shops have long tails, so each is taken by its logarithm and then by where it lies between its 5 % and 95 %
quantiles. How many groups there are is chosen by two judges: the silhouette (P. J. Rousseeuw, J. Comput. Appl. Math.
20, 1987, 53-65), and how alike the groups of resampled people are, by the adjusted Rand index (L. Hubert and P. Arabie,
J. Classification 2, 1985, 193-218; C. Hennig, Comput. Stat. Data Anal. 52, 2007, 258-271). Rows are sorted before
anything is drawn, and every seed is fixed: the answer depends on which rows there are, never on their order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

Rows = NDArray[np.float64]
Labels = NDArray[np.int64]
#: Groups are tried from and to so many: two of people nearly always say who bought and who did not.
LEAST, MOST = 3, 8
#: A group with fewer rows makes a number of groups unfit.
FEWEST = 10
#: Below it, groups are not found again among resampled rows (Hennig: 0.75 to 0.85).
STABLE = 0.8
#: Below it there is no substantial structure (Kaufman and Rousseeuw, Finding Groups in Data, 1990, p. 88).
STRUCTURED = 0.25
_SEED, _STARTS, _RESAMPLES, _RESAMPLED, _JUDGED = 0, 4, 8, 4_000, 2_000
_ENDS, _MISSING_WEIGHT = (0.05, 0.95), 0.5


@dataclass(frozen=True)
class Scaling:
    """How rows become points; everything one entry a measure.

    Attributes:
        low: logarithm of the value that becomes 0; whatever is less becomes 0 too.
        high: logarithm of the value that becomes 1; likewise.
        middle: where a row without a value stands.
        can_miss: whether points have a coordinate more that tells those rows apart.
    """

    low: Rows
    high: Rows
    middle: Rows
    can_miss: NDArray[np.bool_]

    def points(self, rows: Rows) -> Rows:
        """The points of rows: first the measures, then the coordinates of what is missing."""
        missing = np.isnan(rows)
        scaled = np.clip((logarithms(rows) - self.low) / (self.high - self.low), 0, 1)
        return np.column_stack([np.where(missing, self.middle, scaled), _MISSING_WEIGHT * missing[:, self.can_miss]])

    def measures(self, points: Rows) -> Rows:
        """What the measures of points are, as logarithms, and in further columns the shares of what is missing."""
        width = len(self.low)
        shares = np.zeros((len(points), width))
        shares[:, self.can_miss] = points[:, width:] / _MISSING_WEIGHT
        return np.column_stack([points[:, :width] * (self.high - self.low) + self.low, shares])

    def points_of(self, measures: Rows) -> Rows:
        """The inverse of `measures`, whichever scaling they come from."""
        width = len(self.low)
        scaled = np.clip((measures[:, :width] - self.low) / (self.high - self.low), 0, 1)
        return np.column_stack([scaled, _MISSING_WEIGHT * measures[:, width:][:, self.can_miss]])


@dataclass(frozen=True)
class Tried:
    """A number of groups, and what the judges say of it.

    Attributes:
        groups: how many.
        silhouette: from -1 to 1: how much nearer rows lie to their own group than to the next.
        stability: mean adjusted Rand index of the groups of resampled rows; 1 = found again each time, 0 = by chance.
    """

    groups: int
    silhouette: float
    stability: float


@dataclass(frozen=True)
class Groups:
    """What was found.

    Attributes:
        scaling: how rows become points.
        centres: one row a group, the largest first; points.
        tried: every number of groups that was fit.
    """

    scaling: Scaling
    centres: Rows
    tried: tuple[Tried, ...]

    def labels(self, rows: Rows) -> Labels:
        """The group of each row: whose centre is nearest."""
        return nearest(self.scaling.points(rows), self.centres)


def logarithms(rows: Rows) -> Rows:
    """The logarithm of one more than each value, of a negative one with its sign.

    >>> logarithms(np.array([0.0, -1.0])).round(3).tolist()
    [0.0, -0.693]
    """
    logged: Rows = np.sign(rows) * np.log1p(np.abs(rows))
    return logged


def telling(rows: Rows) -> NDArray[np.bool_]:
    """Of each measure, whether it tells rows apart: not if 19 of 20 are the same, or lack it."""
    few = _ENDS[0] * len(rows)
    told = []
    for column in rows.T:
        known = column[~np.isnan(column)]
        commonest = np.unique(known, return_counts=True)[1].max(initial=0)
        told.append(len(np.unique(known)) > 1 and len(column) - commonest >= few and len(known) >= few)
    return np.array(told, np.bool_)


def sorted_rows(rows: Rows) -> Rows:
    """The same rows in the one order that does not depend on theirs."""
    return rows[np.lexsort(rows.T[::-1])]


def grouped(rows: Rows, least: int = LEAST, most: int = MOST) -> Groups | None:
    """Find groups; None if no number of them fits.

    Args:
        rows: one row a person, one column a measure that tells rows apart; NaN = missing.
        least: try at least so many groups; 2 or more.
        most: try at most so many.
    """
    rows = sorted_rows(rows)
    scaling = scaling_of(rows)
    points = scaling.points(rows)
    distinct = len(np.unique(points, axis=0))
    with threadpool_limits(1):  # sums in one order
        fits = [(number, _centres(points, number)) for number in range(least, min(most, distinct) + 1)]
        found = [(_judged(points, centres), centres) for _, centres in fits if _is_fit(points, centres)]
    if not found:
        return None
    stable = [one for one in found if one[0].stability >= STABLE]
    best = max(stable, key=lambda one: one[0].silhouette) if stable else max(found, key=lambda one: one[0].stability)
    return Groups(scaling, best[1], tuple(tried for tried, _ in found))


def scaling_of(rows: Rows) -> Scaling:
    """The scaling of measures that tell rows apart."""
    logged = logarithms(rows)
    low, high = np.nanquantile(logged, _ENDS, axis=0)
    narrow = low >= high  # nine of ten are the same: from end to end
    low = np.where(narrow, np.nanmin(logged, axis=0), low)
    high = np.where(narrow, np.nanmax(logged, axis=0), high)
    middle = np.clip((np.nanmedian(logged, axis=0) - low) / (high - low), 0, 1)
    return Scaling(low, high, middle, np.array(np.isnan(rows).any(axis=0)))


def nearest(points: Rows, centres: Rows) -> Labels:
    """The centre nearest to each point; of several the first."""
    squares = np.stack([((points - centre) ** 2).sum(axis=1) for centre in centres], axis=1)
    found: Labels = squares.argmin(axis=1)
    return found


def cost(points: Rows, labels: Labels) -> float:
    """Sum of the squared distances of points from the mean of their group."""
    groups = (points[labels == label] for label in np.unique(labels))
    return float(sum(((group - group.mean(axis=0)) ** 2).sum() for group in groups))


def numbered(centres: Rows, before: Rows, numbers: Sequence[int], highest: int) -> list[int]:
    """The numbers of groups: those of the groups before that they go on from, new ones for the others.

    Who goes on from whom is the matching with the least sum of distances (H. W. Kuhn, Naval Res. Logist. Q. 2, 1955,
    83-97). A group before whose centre lies nearer to another of today's groups than to its own match has ended.

    Args:
        centres: of today's groups; points.
        before: centres of the groups before; points of the same scaling.
        numbers: of the groups before.
        highest: highest number that was ever given.
    """
    from scipy.optimize import linear_sum_assignment

    found = [0] * len(centres)
    if len(before):
        squares = ((centres[:, None, :] - before[None, :, :]) ** 2).sum(axis=2)
        for here, there in zip(*linear_sum_assignment(np.sqrt(squares)), strict=True):
            if squares[:, there].argmin() == here:
                found[here] = numbers[there]
    fresh = iter(range(highest + 1, highest + 1 + len(found)))
    return [number or next(fresh) for number in found]


def _centres(points: Rows, number: int, starts: int = _STARTS, seed: int = _SEED) -> Rows:
    """Centres of so many groups, the largest first."""
    from sklearn.cluster import KMeans

    model = KMeans(number, n_init=starts, random_state=seed).fit(points)
    sizes = np.bincount(model.labels_, minlength=number)
    centres: Rows = model.cluster_centers_
    return centres[np.lexsort((*centres.T[::-1], -sizes))]


def _is_fit(points: Rows, centres: Rows) -> bool:
    return bool(np.bincount(nearest(points, centres), minlength=len(centres)).min() >= FEWEST)


def _judged(points: Rows, centres: Rows) -> Tried:
    from sklearn.metrics import adjusted_rand_score, silhouette_score

    chance = np.random.default_rng(_SEED)
    some = points[np.sort(chance.permutation(len(points))[:_JUDGED])]
    labels = nearest(some, centres)
    silhouette = float(silhouette_score(some, labels)) if 1 < len(np.unique(labels)) < len(some) else -1.0
    drawn = points[np.sort(chance.permutation(len(points))[:_RESAMPLED])]
    here = nearest(drawn, centres)
    alike = []
    for seed in range(_RESAMPLES):
        again = drawn[np.sort(chance.integers(0, len(drawn), len(drawn)))]
        if len(np.unique(again, axis=0)) >= len(centres):
            alike.append(adjusted_rand_score(here, nearest(drawn, _centres(again, len(centres), 1, seed))))
    return Tried(len(centres), round(silhouette, 4), round(float(np.mean(alike)) if alike else 0.0, 4))
