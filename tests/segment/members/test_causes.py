"""Who was merged or split, and who only signed in."""

from __future__ import annotations

import numpy as np
import pytest

from qianmian.query.tree import CAUSES
from qianmian.segment.members.causes import ORDER, Cause, News, regrouped_people


@pytest.mark.parametrize(
    ("moves", "stayed", "regrouped"),
    [
        ([], [], []),
        ([(1, 9)], [], []),  # signed in for the first time
        ([(1, 9), (1, 9)], [], []),  # with two identifiers
        ([(1, 9)], [9], [9]),  # found to be somebody who was known
        ([(1, 9), (2, 9)], [], [9]),  # two who were known apart
        ([(1, 9)], [1], [1, 9]),  # parted with something
        ([(1, 8), (1, 9)], [], [8, 9]),
        ([(1, 9), (2, 8)], [8], [8]),  # two stories that have nothing to do with each other
    ],
)
def test_a_merge_is_told_from_a_first_sign_in(moves, stayed, regrouped):
    old, new = np.array(moves, np.int64).reshape(-1, 2).T
    assert regrouped_people(old, new, np.array(stayed, np.int64)).tolist() == regrouped


def test_of_several_causes_the_first_counts():
    def ids(*numbers: int) -> np.ndarray:
        return np.array(numbers, np.int64)

    news = News(regrouped=ids(1), active=ids(1, 2), late=ids(2, 3), is_amended=False)
    told = [ORDER[code].value for code in news.causes(ids(1, 2, 3, 4))]
    assert told == ["merge", "behaviour", "late", "window"]
    amended = News(ids(), ids(2), ids(), is_amended=True)
    assert [ORDER[code].value for code in amended.causes(ids(2, 4))] == ["behaviour", "late"]


def test_conditions_know_the_causes_of_stays():
    assert set(CAUSES) | {"erasure"} == {cause.value for cause in Cause}
