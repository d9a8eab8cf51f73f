"""What is refused says why, and a limit is looked for only where it can bind."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qianmian.core.people import NAMESPACES
from qianmian.unify.identity.intervals import Vertices, vertices
from qianmian.unify.identity.limits import APART, JOINED, LIMIT, SHARED, Edges, Statements, exceeding, judged
from qianmian.unify.identity.rules import DAY, Limit, Rules

ANNA, BORIS, PHONE, OTHER, FIRST, SECOND, THIRD = 901, 902, 501, 502, 101, 102, 103
RANKS = {ANNA: 0, BORIS: 0, PHONE: 2, OTHER: 2, FIRST: 10, SECOND: 10, THIRD: 10}
BROWSER = NAMESPACES.index("anonymous_id")
Told = Sequence[tuple[int, int, int]]


def found(signed: Told) -> tuple[Vertices, np.typing.NDArray[np.int8]]:
    """The intervals of all nodes, and their ranks; a sign-in is (user, node, instant)."""
    user, node, at = np.array(sorted(signed, key=lambda one: one[1:]), np.int64).reshape(-1, 3).T
    made = vertices(np.array(sorted(RANKS), np.int64), node.copy(), at.copy(), user.copy())
    return made, np.array([RANKS[one] for one in made.node.tolist()], np.int8)


def decided(told: Told, limits: Sequence[Limit], signed: Told = (), shared: Sequence[int] = ()) -> Edges:
    """What statements mean; those of ``signed`` are sign-ins."""
    a, b, at = np.array(told, np.int64).reshape(-1, 3).T
    statements = Statements(a, b, at, np.array([one in signed for one in told]), np.isin(b, shared))
    return judged(*found(signed), statements, Rules(limits=tuple(limits)))


def test_what_would_bring_somebody_above_a_limit_is_refused_with_its_rank() -> None:
    told = [(PHONE, FIRST, 1), (PHONE, SECOND, 2), (PHONE, THIRD, 3), (PHONE, SECOND, 4)]
    edges = decided(told, [Limit("anonymous_id", 2)])
    assert edges.refused.tolist() == [JOINED, JOINED, LIMIT + BROWSER, JOINED]
    assert edges.row.tolist() == [0, 1, 2, 3]


def test_a_limit_in_time_counts_what_was_first_seen_within_the_span() -> None:
    told = [(PHONE, FIRST, 0), (PHONE, SECOND, 9 * DAY), (PHONE, THIRD, 10 * DAY)]
    assert decided(told, [Limit("anonymous_id", 1, 10)]).refused.tolist() == [JOINED, LIMIT + BROWSER, JOINED]
    assert decided(told, [Limit("anonymous_id", 1, 9)]).refused.tolist() == [JOINED, JOINED, LIMIT + BROWSER]


def test_sign_ins_of_two_and_shared_identifiers_are_refused_for_what_they_are() -> None:
    signed = [(ANNA, PHONE, 1), (BORIS, OTHER, 1)]
    told = [*signed, (PHONE, OTHER, 2), (PHONE, FIRST, 3), (PHONE, SECOND, 4)]
    edges = decided(told, [Limit("user_id", 1)], signed, shared=[SECOND])
    assert edges.refused.tolist() == [JOINED, JOINED, APART, JOINED, SHARED]


def test_an_identifier_counts_once_in_however_many_intervals() -> None:
    signed = [(ANNA, FIRST, 1), (BORIS, FIRST, 2), (ANNA, FIRST, 3), (BORIS, FIRST, 4), (ANNA, FIRST, 5)]
    edges = decided([*signed, (ANNA, SECOND, 6)], [Limit("anonymous_id", 1)], [*signed, (ANNA, SECOND, 6)])
    assert edges.refused[:-1].tolist() == [JOINED] * (len(edges.refused) - 1)
    assert edges.refused[-1] == LIMIT + BROWSER


def test_only_a_component_with_too_many_is_looked_at() -> None:
    rank = np.array([BROWSER, BROWSER, 0, BROWSER], np.int8)
    component = np.array([0, 0, 0, 3], np.int64)
    assert exceeding(component, rank, Rules(limits=(Limit("anonymous_id", 1),))).tolist() == [True, True, True, False]
    assert not exceeding(component, rank, Rules(limits=(Limit("anonymous_id", 2),))).any()
    assert not exceeding(component, rank, Rules()).any()
