"""Groups: planted ones are found, with their number, whatever the order of the rows, and keep their numbers."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from qianmian.learning.clusters import Groups, Labels, Rows, cost, grouped, nearest, numbered, sorted_rows, telling
from qianmian.learning.rules import Leaf, grown, told

#: Logarithms of what four kinds of people do; the last measure is missing for the third.
CENTRES = np.array([[1, 1, 5, 3], [4, 1, 2, 1], [1, 4, 1, np.nan], [4, 4, 5, 4]], float)


def people(seed: int, sizes: tuple[int, ...] = (400, 300, 200, 100)) -> tuple[Rows, Labels]:
    chance = np.random.default_rng(seed)
    kinds = np.repeat(np.arange(len(sizes)), sizes)
    logged = CENTRES[kinds] + chance.normal(0, 0.25, (len(kinds), 4))
    return np.expm1(np.maximum(logged, 0)), kinds


@pytest.fixture(scope="module")
def found() -> Groups:
    groups = grouped(people(1)[0])
    assert groups
    return groups


def test_planted_groups_are_found_with_their_number(found: Groups) -> None:
    rows, kinds = people(2)
    assert len(found.centres) == 4
    assert adjusted_rand_score(kinds, found.labels(rows)) > 0.95
    best = next(one for one in found.tried if one.groups == 4)
    assert best.silhouette == max(one.silhouette for one in found.tried)
    assert best.stability > 0.95


def test_the_order_of_rows_changes_nothing(found: Groups) -> None:
    rows, _ = people(1)
    again = grouped(rows[np.random.default_rng(5).permutation(len(rows))])
    assert again
    assert again.centres.tolist() == found.centres.tolist()
    assert again.tried == found.tried


def test_groups_keep_their_numbers_though_their_order_changes(found: Groups) -> None:
    rows, _ = people(3, (100, 200, 300, 400))
    later = grouped(rows)
    assert later
    before = later.scaling.points_of(found.scaling.measures(found.centres))
    numbers = numbered(later.centres, before, [7, 3, 9, 4], 9)
    assert sorted(numbers) == [3, 4, 7, 9]
    kinds = dict(zip([7, 3, 9, 4], range(4), strict=True))  # the largest first: as planted
    expected = [kinds[number] for number in numbers]
    assert adjusted_rand_score(people(3, (100, 200, 300, 400))[1], later.labels(rows)) > 0.95
    assert expected == [3, 2, 1, 0]


def test_a_group_that_is_new_gets_a_new_number_and_an_ended_one_is_not_followed() -> None:
    before = np.array([[0.0, 0.0], [1.0, 1.0]])
    assert numbered(np.array([[1.0, 0.9], [0.0, 0.1], [0.5, 0.0]]), before, [1, 2], 5) == [2, 1, 6]
    assert numbered(np.array([[0.0, 0.1], [0.1, 0.0]]), np.array([[0.0, 0.1], [0.0, 0.2]]), [1, 2], 2) == [1, 3]
    assert numbered(before, np.empty((0, 2)), [], 0) == [1, 2]


def test_what_tells_nobody_apart_is_known() -> None:
    rare = np.zeros(100)
    rare[:4] = 9
    often = rare.copy()
    often[:6] = 9
    assert telling(np.column_stack([rare, often, np.full(100, np.nan), np.arange(100.0)])).tolist() == [
        *(False, True, False, True)
    ]


def test_no_groups_are_made_of_people_who_are_all_alike() -> None:
    assert grouped(np.tile([[2.0], [3.0]], (4, 1))) is None


def test_a_tree_says_the_groups_and_what_that_costs(found: Groups) -> None:
    rows = sorted_rows(people(1)[0])
    labels = found.labels(rows)
    tree = grown(rows, labels, [False] * 4)
    said = told(tree, rows)
    assert not isinstance(tree, Leaf)
    assert (said == labels).mean() > 0.97
    points = found.scaling.points(rows)
    assert 1 <= cost(points, said) / cost(points, labels) < 1.3
    assert nearest(found.centres, found.centres).tolist() == [0, 1, 2, 3]
