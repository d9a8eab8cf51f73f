"""Which rows of a table are easily told apart from all others: isolation forest.

A tree splits a few rows at random values of random columns until each stands alone; what is unlike the rest does so
after few splits. The score of a row follows from its mean depth over many trees: 0.5 is ordinary, near 1 is alone at
once (Liu, Ting, Zhou: Isolation Forest, ICDM 2008). The seed is fixed, so that the same rows always score alike.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: As in the paper; more of either hardly changes a score.
TREES, ROWS_A_TREE, SEED = 100, 256, 0
_AT_A_TIME = 1 << 16
Rows = NDArray[np.float64]


class Forest:
    """Trees that know what is ordinary."""

    def __init__(self, sample: Rows) -> None:
        """Grow the trees on rows of which nearly all are ordinary; one column a feature, in any unit, none missing."""
        from sklearn.ensemble import IsolationForest

        self._usual = np.median(sample, axis=0)
        rows = min(ROWS_A_TREE, len(sample))
        self._trees = IsolationForest(n_estimators=TREES, max_samples=rows, random_state=SEED).fit(sample)

    def scores(self, rows: Rows) -> NDArray[np.float64]:
        """How alone each row stands, from 0 to 1."""
        parts = [rows[first : first + _AT_A_TIME] for first in range(0, len(rows), _AT_A_TIME)]
        return np.concatenate([np.empty(0), *(-self._trees.score_samples(part) for part in parts)])

    def reasons(self, rows: Rows) -> NDArray[np.int64]:
        """The column of each row without which, were it as usual, the row would stand least alone."""
        without = np.empty((rows.shape[1], len(rows)))
        for place, usual in enumerate(self._usual):
            changed = rows.copy()
            changed[:, place] = usual
            without[place] = self.scores(changed)
        found: NDArray[np.int64] = np.argmin(without, axis=0)
        return found
