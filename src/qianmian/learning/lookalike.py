"""People like given ones: what tells the given ones from others is learned, though some of the others are alike too.

Nobody is known not to be alike, so this is learning from positive and unlabelled rows: a model tells given rows from
unlabelled ones, and its mean score over given rows that it did not see is how likely a row that is alike would have
been given; scores over that mean are probabilities to be alike (C. Elkan and K. Noto, Learning classifiers from only
positive and unlabeled data, KDD 2008, 213-220). Everything is judged on rows that the model did not see.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from qianmian.learning.clusters import Rows, sorted_rows

#: Shares of the others at which recall is told.
SHARES = (0.01, 0.05, 0.1, 0.2, 0.3)
_HELD, _SEED = 0.2, 0
Scores = NDArray[np.float64]


@dataclass(frozen=True)
class Found:
    """At one size: how many of the given rows that were kept aside stand so high among the others.

    Attributes:
        share: of the others, those with the highest scores.
        recall: share of the rows kept aside that score as high.
        lift: that over the share: how often more than by chance.
    """

    share: float
    recall: float
    lift: float


@dataclass(frozen=True)
class Likeness:
    """What was learned.

    Attributes:
        held: given rows that were kept aside.
        judged: unlabelled rows that were kept aside.
        others: all unlabelled rows, sorted.
        scores: of them: how likely each is alike, 0 to 1.
        found: at each of `SHARES`.
    """

    held: Rows
    judged: Rows
    others: Rows
    scores: Scores
    found: tuple[Found, ...]


def likeness(given: Rows, others: Rows) -> Likeness:
    """Learn what tells given rows from others, and judge it; the order of the rows changes nothing.

    Args:
        given: one row a person, one column a measure; NaN = missing.
        others: unlabelled rows with the same columns.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier

    chance = np.random.default_rng(_SEED)
    kept, held = _parted(given, _HELD, chance)
    others = sorted_rows(others)
    seen, judged = _parted(others, 0.5, chance)
    rows, labels = np.concatenate([kept, seen]), np.repeat([1, 0], [len(kept), len(seen)])
    settings = {"max_iter": 60, "max_leaf_nodes": 8, "early_stopping": False, "random_state": _SEED}
    with threadpool_limits(1):  # sums in one order
        model = HistGradientBoostingClassifier(**settings).fit(rows, labels)
        of_held, of_judged, of_others = (model.predict_proba(some)[:, 1] for some in (held, judged, others))
    found = tuple(_found(of_held, of_judged, share) for share in SHARES)
    return Likeness(held, judged, others, np.clip(of_others / of_held.mean(), 0, 1), found)


def _parted(rows: Rows, share: float, chance: np.random.Generator) -> tuple[Rows, Rows]:
    """Rows parted by chance: most of them, and a share."""
    places = chance.permutation(len(rows))
    aside = max(1, round(share * len(rows)))
    mixed = sorted_rows(rows)
    return mixed[np.sort(places[aside:])], mixed[np.sort(places[:aside])]


def _found(held: Scores, judged: Scores, share: float) -> Found:
    """Recall at a size; of rows with the score at the border, the part that still belongs there."""
    wanted = max(1, round(share * len(judged)))
    border = np.sort(judged)[-wanted]
    part = (wanted - (judged > border).sum()) / (judged == border).sum()
    recall = float((held > border).mean() + part * (held == border).mean())
    return Found(share, round(recall, 4), round(recall / (wanted / len(judged)), 2))
