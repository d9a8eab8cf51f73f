"""A small decision tree that says in a few questions which group somebody belongs to.

CART (Breiman, Friedman, Olshen, Stone, 1984) at a depth of four, taught on groups that K-means found; what it gives up
is the price of explainability (S. Dasgupta, N. Frost, M. Moshkovitz, C. Rashtchian, Explainable k-means, ICML 2020).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, inf
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from qianmian.learning.clusters import Labels, Rows

DEPTH = 4
#: A leaf holds at least so many rows, and this share of them.
_FEWEST, _SHARE = 5, 0.005
#: The tree is the smallest whose answers are right for as many rows as the largest one's, but for this share.
_GIVEN_UP = 0.02


@dataclass(frozen=True)
class Leaf:
    """The end of a way down: whoever comes here belongs to a group."""

    group: int


@dataclass(frozen=True)
class Split:
    """A question.

    Attributes:
        measure: place of the measure that is asked for.
        at: its value goes below if it is at most this; infinite = the question is only whether there is one.
        below: what follows there.
        above: what follows for the others.
        missing_below: where rows without a value go.
    """

    measure: int
    at: float
    below: Branch
    above: Branch
    missing_below: bool


Branch: TypeAlias = Split | Leaf


def grown(rows: Rows, labels: Labels, is_whole: list[bool]) -> Branch:
    """The tree that tells groups apart.

    Args:
        rows: one row a person, one column a measure; NaN = missing. Sorted, if their order shall not matter.
        labels: the group of each row.
        is_whole: of each measure, whether its values are whole numbers.
    """
    from sklearn.tree import DecisionTreeClassifier

    fewest = max(_FEWEST, round(_SHARE * len(rows)))
    found: list[tuple[float, Branch]] = []
    for leaves in range(max(2, len(np.unique(labels))), 2**DEPTH + 1):
        model = DecisionTreeClassifier(
            max_depth=DEPTH, max_leaf_nodes=leaves, min_samples_leaf=fewest, random_state=0
        ).fit(rows, labels)
        tree = _branch(model.tree_, 0, model.classes_[model.tree_.value[:, 0, :].argmax(axis=1)], is_whole)
        found.append((float((told(tree, rows) == labels).mean()), tree))
    best = max(right for right, _ in found)
    return next(tree for right, tree in found if right >= best - _GIVEN_UP)


def standing_out(rows: Rows, scores: NDArray[np.float64], wanted: int, is_whole: list[bool]) -> Branch:
    """The tree that says 1 of about so many rows with the highest scores, and 0 of the others.

    Args:
        rows: one row a person, one column a measure; NaN = missing.
        scores: of each row.
        wanted: how many rows; of the tree's ends, those with the highest mean are taken until they hold about as many.
        is_whole: of each measure, whether its values are whole numbers.
    """
    from sklearn.tree import DecisionTreeRegressor

    fewest = max(_FEWEST, round(_SHARE * len(rows)))
    tree = DecisionTreeRegressor(max_depth=DEPTH, min_samples_leaf=fewest, random_state=0).fit(rows, scores).tree_
    ends = sorted(np.flatnonzero(tree.children_left < 0), key=lambda node: -tree.value[node, 0, 0])
    sizes = np.cumsum(tree.n_node_samples[ends])
    taken = ends[: int(np.abs(sizes - wanted).argmin()) + 1]
    groups = np.zeros(tree.node_count, np.int64)
    groups[taken] = 1
    return _branch(tree, 0, groups, is_whole)


def told(tree: Branch, rows: Rows) -> Labels:
    """The group that the tree says of each row."""
    found = np.empty(len(rows), np.int64)
    _tell(tree, rows, np.arange(len(rows)), found)
    return found


def _tell(branch: Branch, rows: Rows, here: NDArray[np.int64], found: Labels) -> None:
    if isinstance(branch, Leaf):
        found[here] = branch.group
        return
    values = rows[here, branch.measure]
    below = np.where(np.isnan(values), branch.missing_below, values <= branch.at)
    _tell(branch.below, rows, here[below], found)
    _tell(branch.above, rows, here[~below], found)


def _branch(tree: Any, node: int, groups: Any, is_whole: list[bool]) -> Branch:
    """What follows at a node, of which each has a group; a question whose answers lead to one group is none."""
    left = int(tree.children_left[node])
    if left < 0:
        return Leaf(int(groups[node]))
    below = _branch(tree, left, groups, is_whole)
    above = _branch(tree, int(tree.children_right[node]), groups, is_whole)
    if below == above and isinstance(below, Leaf):
        return below
    measure = int(tree.feature[node])
    at = _border(float(tree.threshold[node]), is_whole=is_whole[measure])
    return Split(measure, at, below, above, bool(tree.missing_go_to_left[node]))


def _border(threshold: float, *, is_whole: bool) -> float:
    """A border as people write it: a whole number, or four digits.

    >>> _border(2.5, is_whole=True), _border(1234.5678, is_whole=False)
    (2.0, 1235.0)
    """
    if threshold == inf:
        return inf
    return float(floor(threshold)) if is_whole else float(f"{threshold:.4g}")
