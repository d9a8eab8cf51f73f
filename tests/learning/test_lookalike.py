"""Look-alikes: hidden ones are found far above chance, noise is not, and the order of rows changes nothing."""

from __future__ import annotations

import numpy as np

from qianmian.learning.clusters import Rows
from qianmian.learning.lookalike import likeness
from qianmian.learning.rules import standing_out, told


def people(seed: int, number: int, mean: float) -> Rows:
    return np.random.default_rng(seed).normal((mean, mean, 0), 1, (number, 3))


def test_hidden_ones_are_found_and_a_tree_says_where() -> None:
    others = np.concatenate([people(2, 1_900, 0), people(3, 100, 3)])
    learned = likeness(people(1, 300, 3), others)
    at = {one.share: one for one in learned.found}
    assert at[0.05].recall < at[0.1].recall > 0.85
    assert at[0.1].lift > 8
    tree = standing_out(learned.others, learned.scores, 100, [False] * 3)
    taken = told(tree, learned.others).astype(bool)
    assert 50 < taken.sum() < 200
    assert told(tree, people(4, 300, 3)).mean() > 0.7
    again = likeness(people(1, 300, 3)[::-1], others[::-1])
    assert again.found == learned.found


def test_of_people_by_chance_none_are_found() -> None:
    learned = likeness(people(5, 400, 0), people(6, 2_000, 0))
    assert all(one.lift < 1.8 for one in learned.found if one.share >= 0.1)
