"""A chain of evidence joins what it says it joins, is as short as can be, and breaks where people differ."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from itertools import combinations

import numpy as np
from hypothesis import given, settings

from qianmian.unify.identity.why import KINDS, Graph, Said, Statements, Step, graph
from tests.unify import reference
from tests.unify.reference import BEGINNING, Seen, Sign
from tests.unify.test_resolve import RANKS, USERS, seen, signs


def told(signed: Iterable[Sign], together: Iterable[Seen], paid: Iterable[Seen] = ()) -> Statements:
    """Evidence as links hold it, in the order of time."""
    rows = [
        (sign.at, (sign.user, sign.node) if sign.user else (sign.node, 0), "signed_in" if sign.user else "signed_out")
        for sign in signed
    ]
    rows += [
        (pair.at, (pair.a, pair.b), said) for said, some in (("together", together), ("paid", paid)) for pair in some
    ]
    rows.sort(key=lambda row: row[0])
    ends = np.array([row[1] for row in rows], np.int64).reshape(-1, 2).T
    said = np.array([KINDS.index(Said(row[2])) for row in rows], np.int8)
    return Statements(ends[0].copy(), ends[1].copy(), np.array([row[0] for row in rows], np.int64), said)


def drawn(signed: list[Sign], together: list[Seen], paid: Iterable[Seen] = (), orders: Iterable[int] = ()) -> Graph:
    nodes = np.array(sorted([*RANKS, *orders]), np.int64)
    return graph(nodes, np.array(sorted(USERS), np.int64), told(signed, together, paid))


def at(found: Graph, node: int, instant: int = BEGINNING) -> int:
    """The vertex of a node at an instant."""
    return int(found.vertices.at(np.array([node]), np.array([instant]))[0])


def distances(found: Graph, source: int, without: int = -1) -> dict[int, int]:
    """Steps to each vertex over edges that join, one of them left out: plain breadth-first search."""
    away, waiting = {source: 0}, deque([source])
    while waiting:
        here = waiting.popleft()
        for number, edge in enumerate(found.edges):
            if edge.joins and number != without and here in (edge.left, edge.right):
                other = edge.right if here == edge.left else edge.left
                if other not in away:
                    away[other] = away[here] + 1
                    waiting.append(other)
    return away


def hangs_together(steps: list[Step], source: int, target: int, found: Graph) -> bool:
    """Whether steps lead from one vertex to another, each by the edge that it names."""
    here = source
    for step in steps:
        ends = {step.start, step.end}
        edge = None if step.edge is None else found.edges[step.edge]
        led = {edge.left, edge.right} == ends if edge else len({found.vertices.node[one] for one in ends}) == 1
        if step.start != here or not led:
            return False
        here = step.end
    return here == target


def without(found: Graph, number: int) -> Graph:
    """The graph less one edge."""
    return Graph(found.vertices, tuple(edge for at, edge in enumerate(found.edges) if at != number))


@settings(max_examples=120, deadline=None)
@given(signs, seen)
def test_a_chain_without_a_break_joins_exactly_whom_resolution_joins(signed: list[Sign], together: list[Seen]) -> None:
    found = drawn(signed, together)
    persons = reference.resolve(RANKS, signed, together).persons
    whose = [persons[pair] for pair in zip(found.vertices.node.tolist(), found.vertices.since.tolist(), strict=True)]
    for other in range(len(whose)):
        steps = found.chain([other], [0])
        assert (steps is not None and all(step.joins for step in steps)) == (whose[other] == whose[0])


@settings(max_examples=80, deadline=None)
@given(signs, seen)
def test_a_chain_is_as_short_as_breadth_first_search_finds_and_no_edge_of_an_only_chain_can_be_missed(
    signed: list[Sign], together: list[Seen]
) -> None:
    found = drawn(signed, together)
    away = distances(found, 0)
    for other in range(len(found.vertices.node)):
        steps = found.chain([0], [other])
        assert steps is None or hangs_together(steps, 0, other, found)
        if other not in away:
            continue
        assert steps is not None
        assert len(steps) == away[other]
        for step in steps:
            assert step.edge is not None
            still = without(found, step.edge).chain([0], [other])
            joined = still is not None and all(one.joins for one in still)
            assert joined == (other in distances(found, 0, without=step.edge))


@settings(max_examples=80, deadline=None)
@given(signs, seen)
def test_a_chain_breaks_as_seldom_as_can_be(signed: list[Sign], together: list[Seen]) -> None:
    found = drawn(signed, together)
    count = len(found.vertices.node)
    breaks = [[0 if a == b else count for b in range(count)] for a in range(count)]
    for edge in found.edges:
        for a, b in ((edge.left, edge.right), (edge.right, edge.left)):
            breaks[a][b] = min(breaks[a][b], 0 if edge.joins else 1)
    for a, b in combinations(range(count), 2):
        if found.vertices.node[a] == found.vertices.node[b]:
            breaks[a][b] = breaks[b][a] = min(breaks[a][b], 1)
    for over in range(count):
        for a in range(count):
            for b in range(count):
                breaks[a][b] = min(breaks[a][b], breaks[a][over] + breaks[over][b])
    for other in range(count):
        steps = found.chain([0], [other])
        least = None if steps is None else sum(not step.joins for step in steps)
        assert (count if least is None else least) == breaks[0][other]


@settings(max_examples=100, deadline=None)
@given(signs, seen)
def test_the_tree_of_a_person_reaches_everything_that_is_theirs_and_no_more(
    signed: list[Sign], together: list[Seen]
) -> None:
    found = drawn(signed, together)
    for source in range(len(found.vertices.node)):
        steps, away = found.tree(source), distances(found, source)
        assert {source, *(step.end for step in steps)} == set(away)
        assert len(steps) == len(away) - 1


def test_a_sign_in_is_preferred_to_being_seen_together() -> None:
    signed = [Sign(301, 2, 901), Sign(302, 2, 901)]
    found = drawn(signed, [Seen(301, 501, 1), Seen(302, 501, 1), Seen(301, 101, 1), Seen(302, 101, 1)])
    steps = found.chain([at(found, 301)], [at(found, 302)])
    assert steps is not None
    assert [found.edges[step.edge].said for step in steps if step.edge is not None] == [Said.SIGNED_IN] * 2


def test_repeated_statements_are_one_edge_oldest_first() -> None:
    found = drawn([], [Seen(501, 101, 5), Seen(101, 501, 2), Seen(501, 101, 9)])
    [edge] = found.edges
    assert edge.statements == (0, 1, 2)
    assert edge.joins


def test_a_shared_tablet_breaks_the_chain_where_the_other_user_signs_in() -> None:
    found = drawn([Sign(101, 1, 901), Sign(101, 5, 0), Sign(101, 7, 902)], [])
    steps = found.chain([at(found, 901)], [at(found, 902)])
    assert steps is not None
    assert [step.joins for step in steps] == [True, False, True]
    broken = steps[1]
    assert (broken.edge, broken.start, broken.end) == (None, at(found, 101), at(found, 101, 7))


def test_two_phones_of_two_users_on_one_event_break_the_chain_by_that_statement() -> None:
    found = drawn([Sign(501, 1, 901), Sign(502, 1, 902)], [Seen(501, 502, 3)])
    steps = found.chain([at(found, 901)], [at(found, 902)])
    assert steps is not None
    [refused] = [step for step in steps if not step.joins]
    assert refused.edge is not None
    assert found.edges[refused.edge].said is Said.TOGETHER


def test_strangers_have_no_chain() -> None:
    found = drawn([], [])
    assert found.chain([0], [1]) is None


def test_an_order_belongs_to_its_first_payer_and_joins_nobody() -> None:
    found = drawn([], [], [Seen(901, 7, 1), Seen(902, 7, 2)], [7])
    first, second, order = at(found, 901), at(found, 902), at(found, 7)
    assert [step.joins for step in found.chain([first], [order]) or []] == [True]
    assert [step.joins for step in found.chain([second], [order]) or []] == [False]


def test_a_sign_out_of_the_user_alone_says_nothing_of_a_device() -> None:
    found = drawn([Sign(101, 1, 901), Sign(901, 3, 0)], [])
    assert found.vertices.since.tolist() == [BEGINNING] * len(RANKS)
