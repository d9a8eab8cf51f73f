"""An isolation forest: what is unlike the rest scores highest, and the column that says so is named."""

from __future__ import annotations

import numpy as np
import pytest

from qianmian.learning.isolation import Forest, Rows


@pytest.fixture(scope="module")
def rows() -> Rows:
    """Ordinary rows of three columns in different units, and three that each leave the rest in one of them."""
    chance = np.random.default_rng(3)
    ordinary = chance.uniform((-1, 80, 4), (1, 120, 6), (250, 3))
    strange = np.tile(np.median(ordinary, axis=0), (3, 1))
    strange[[0, 1, 2], [0, 1, 2]] += (9, 300, 20)
    return np.concatenate([ordinary, strange])


def test_what_is_unlike_the_rest_stands_alone_and_by_its_own_column(rows: Rows) -> None:
    forest = Forest(rows)
    scores = forest.scores(rows)
    assert set(np.argsort(scores)[-3:]) == {250, 251, 252}
    assert scores[250:].min() > 0.55 > np.median(scores)
    assert forest.reasons(rows[250:]).tolist() == [0, 1, 2]


def test_a_score_depends_on_its_row_and_the_sample_alone(rows: Rows) -> None:
    scores = Forest(rows).scores(rows)
    again = Forest(rows)
    assert (again.scores(rows[::-1])[::-1] == scores).all()
    assert (np.concatenate([again.scores(rows[:7]), again.scores(rows[7:])]) == scores).all()
    assert len(again.scores(rows[:0])) == 0
