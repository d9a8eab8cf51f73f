"""Recycled numbers, shared tablets and signing out are one mechanism: each case of it, alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qianmian.unify.identity.intervals import FROM_THE_BEGINNING, vertices
from tests.unify.reference import BEGINNING, Sign, timeline

TABLET, ANNA, BORIS = 7, 100, 200
NOBODY = 0


def intervals(*signs: tuple[int, int]) -> list[tuple[int, int]]:
    """(since, owner) of the tablet's intervals, from (instant, user) in the order of time."""
    at, user = np.array(signs, np.int64).reshape(-1, 2).T
    node = np.full(len(at), TABLET)
    found = vertices(np.array([TABLET]), node, at.copy(), user.copy())
    assert found.node.tolist() == [TABLET] * len(found.node)
    return list(zip(found.since.tolist(), found.owner.tolist(), strict=True))


@pytest.mark.parametrize(
    ("signs", "expected"),
    [
        pytest.param([], [(BEGINNING, NOBODY)], id="a quiet node is nobody's, for all time"),
        pytest.param([(10, ANNA)], [(BEGINNING, ANNA)], id="the first sign-in reaches back"),
        pytest.param(
            [(10, ANNA), (20, NOBODY)], [(BEGINNING, ANNA), (20, NOBODY)], id="a sign-out starts a person of its own"
        ),
        pytest.param(
            [(10, ANNA), (20, NOBODY), (30, BORIS)],
            [(BEGINNING, ANNA), (20, NOBODY), (30, BORIS)],
            id="the next sign-in does not reach over the sign-out",
        ),
        pytest.param(
            [(10, ANNA), (20, NOBODY), (30, ANNA)],
            [(BEGINNING, ANNA), (20, NOBODY), (30, ANNA)],
            id="not even the same user's",
        ),
        pytest.param([(10, ANNA), (20, BORIS)], [(BEGINNING, ANNA), (20, BORIS)], id="another user closes"),
        pytest.param([(10, ANNA), (20, ANNA)], [(BEGINNING, ANNA)], id="signing in again changes nothing"),
        pytest.param(
            [(10, ANNA), (20, NOBODY), (25, NOBODY)],
            [(BEGINNING, ANNA), (20, NOBODY)],
            id="signing out again changes nothing",
        ),
        pytest.param(
            [(10, NOBODY), (20, ANNA)],
            [(BEGINNING, NOBODY), (10, NOBODY), (20, ANNA)],
            id="a sign-out before any sign-in keeps what came before from the next user",
        ),
        pytest.param(
            [(10, ANNA), (20, NOBODY), (20, BORIS)],
            [(BEGINNING, ANNA), (20, BORIS)],
            id="of one instant the last statement stands",
        ),
        pytest.param(
            [(10, ANNA), (20, BORIS), (20, NOBODY)],
            [(BEGINNING, ANNA), (20, NOBODY)],
            id="a sign-out too, if it is last",
        ),
        pytest.param(
            [(10, ANNA), (20, BORIS), (30, ANNA)],
            [(BEGINNING, ANNA), (20, BORIS), (30, ANNA)],
            id="a shared tablet goes to and fro",
        ),
    ],
)
def test_signing_in_and_out_cuts_time(signs: list[tuple[int, int]], expected: list[tuple[int, int]]) -> None:
    assert intervals(*signs) == expected


def test_an_instant_belongs_to_the_interval_that_starts_with_it() -> None:
    node = np.full(2, TABLET)
    found = vertices(np.array([TABLET]), node, np.array([10, 20]), np.array([ANNA, BORIS]))
    asked = np.array([FROM_THE_BEGINNING, 0, 19, 20, 21])
    assert found.owner[found.at(np.full(5, TABLET), asked)].tolist() == [ANNA, ANNA, ANNA, BORIS, BORIS]


def test_an_unknown_node_is_in_no_interval() -> None:
    found = vertices(np.array([TABLET]), *(np.empty(0, np.int64),) * 3)
    assert found.at(np.array([TABLET + 1, TABLET - 1]), np.array([0, 0])).tolist() == [-1, -1]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 6), st.sampled_from([0, ANNA, BORIS])), max_size=14))
def test_many_nodes_are_cut_as_each_alone(told: list[tuple[int, int, int]]) -> None:
    told = sorted(told, key=lambda one: one[:2])
    node, at, user = np.array(told, np.int64).reshape(-1, 3).T
    found = vertices(np.array([1, 2, 3, 4]), node.copy(), at.copy(), user.copy())
    expected = [
        (one, *interval) for one in (1, 2, 3, 4) for interval in timeline(Sign(*row) for row in told if row[0] == one)
    ]
    assert list(zip(*(part.tolist() for part in (found.node, found.since, found.owner)), strict=True)) == expected


def test_what_is_said_of_another_node_is_left_out() -> None:
    signed = [np.array(part, np.int64) for part in ([3, 5, 7], [1, 2, 3], [9, -1, 9])]
    found = vertices(np.array([3, 7], np.int64), *signed)
    assert found.node.tolist() == [3, 7]
    assert found.owner.tolist() == [9, 9]
