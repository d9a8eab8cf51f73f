"""People are components of evidence, named by their first vertex; the plain resolver says the same."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from qianmian.core.people import NAMESPACES
from qianmian.unify.identity.by_hand import NO_DECISIONS, Decisions
from qianmian.unify.identity.changes import moves, versions
from qianmian.unify.identity.intervals import Ints, vertices
from qianmian.unify.identity.limits import Statements
from qianmian.unify.identity.resolve import Resolution, Together, listed, resolve, vertex_id
from qianmian.unify.identity.rules import DAY, NO_RULES, Limit, Rules
from tests.unify import reference
from tests.unify.reference import BEGINNING, Seen, Sign, Truth

#: Ids are hashes in life; here the weakest namespace has the lowest ids, so that rank and id disagree.
RANKS = {901: 0, 902: 0, 903: 0, 501: 2, 502: 2, 301: 8, 302: 8, 101: 9, 102: 9, 103: 9}
USERS = [node for node, rank in RANKS.items() if rank == 0]
OTHERS = [node for node, rank in RANKS.items() if rank > 0]
INSTANTS = range(8)


def resolved(
    ranks: Mapping[int, int],
    signs: Sequence[Sign],
    seen: Sequence[Seen],
    rules: Rules = NO_RULES,
    by_hand: Decisions = NO_DECISIONS,
) -> Resolution:
    """The product's answer."""
    nodes = np.array(sorted(ranks), np.int64)
    told = np.array([(s.node, s.at, s.user) for s in sorted(signs, key=lambda s: (s.node, s.at))], np.int64)
    pairs = np.array([(s.a, s.b, s.at) for s in seen], np.int64).reshape(-1, 3).T
    found = vertices(nodes, *(part.copy() for part in told.reshape(-1, 3).T))
    rank = np.array([ranks[node] for node in found.node.tolist()], np.int8)
    person = resolve(found, rank, Together(*pairs), rules, lambda asked: statements(signs, seen, asked), by_hand)
    return listed(found, person)


def statements(signs: Sequence[Sign], seen: Sequence[Seen], asked: Ints) -> Statements:
    """What joins some nodes to others, in the order of time; of one instant, sign-ins first."""
    by_node = sorted(signs, key=lambda sign: [*RANKS].index(sign.node))  # of one instant, as the plain resolver does
    rows = [(s.user, s.node, s.at, True) for s in by_node if s.user > 0] + [(s.a, s.b, s.at, False) for s in seen]
    wanted = {int(node) for node in asked}
    rows = sorted([row for row in rows if {row[0], row[1]} & wanted], key=lambda row: row[2])
    a, b, at = np.array([row[:3] for row in rows], np.int64).reshape(-1, 3).T
    return Statements(a, b, at, np.array([row[3] for row in rows], bool), np.zeros(len(rows), bool))


def told(rows: Resolution) -> dict[tuple[int, int], int]:
    """A resolution as the plain resolver tells it; every (node, since) once, in order."""
    keys = list(zip(rows.node.tolist(), rows.since.tolist(), strict=True))
    assert keys == sorted(set(keys))
    return dict(zip(keys, rows.person.tolist(), strict=True))


signs = st.lists(
    st.builds(Sign, st.sampled_from(OTHERS), st.sampled_from(INSTANTS), st.sampled_from([0, *USERS])), max_size=12
).map(lambda some: sorted(some, key=lambda sign: sign.at))
seen = st.lists(
    st.builds(Seen, st.sampled_from(OTHERS), st.sampled_from(OTHERS), st.sampled_from(INSTANTS)), max_size=6
)


@settings(max_examples=400, deadline=None)
@given(signs, seen)
def test_the_plain_resolver_says_the_same(signed: list[Sign], together: list[Seen]) -> None:
    assert told(resolved(RANKS, signed, together)) == reference.resolve(RANKS, signed, together).persons


limits = st.dictionaries(
    st.sampled_from([0, 2, 8, 9]), st.tuples(st.integers(1, 3), st.sampled_from([0, 0, 3 * DAY])), max_size=3
)


@settings(max_examples=400, deadline=None)
@given(signs, seen, limits)
def test_the_plain_resolver_refuses_the_same_above_a_limit(
    signed: list[Sign], together: list[Seen], most: dict[int, tuple[int, int]]
) -> None:
    signed = [Sign(sign.node, sign.at * DAY, sign.user) for sign in signed]
    together = [Seen(pair.a, pair.b, pair.at * DAY) for pair in together]
    declared = [Limit(NAMESPACES[rank], count, span // DAY) for rank, (count, span) in most.items()]
    product = resolved(RANKS, signed, together, Rules(limits=tuple(declared)))
    assert told(product) == reference.resolve(RANKS, signed, together, most).persons


@settings(max_examples=100, deadline=None)
@given(signs, seen, st.randoms(use_true_random=False))
def test_the_order_of_evidence_plays_no_part(signed: list[Sign], together: list[Seen], chance: random.Random) -> None:
    by_instant = list({(sign.node, sign.at): sign for sign in signed}.values())  # one statement a node and instant
    first = told(resolved(RANKS, by_instant, together))
    chance.shuffle(by_instant)
    chance.shuffle(together)
    turned = [Seen(one.b, one.a, one.at) if chance.random() < 0.5 else one for one in together]
    assert told(resolved(RANKS, by_instant, [*turned, *together])) == first


@settings(max_examples=200, deadline=None)
@given(signs, seen, signs, seen)
def test_moved_names_exactly_the_instants_at_which_somebody_changes(
    signed: list[Sign], together: list[Seen], signed_later: list[Sign], together_later: list[Seen]
) -> None:
    fewer = {node: rank for node, rank in RANKS.items() if node not in (103, 302)}
    known = [sign for sign in signed if sign.node in fewer]
    pairs = [pair for pair in together if pair.a in fewer and pair.b in fewer]
    old, new = resolved(fewer, known, pairs), resolved(RANKS, signed_later, together_later)
    moved = moves(old, new)
    rows = dict(
        zip(
            zip(moved.node.tolist(), moved.since.tolist(), strict=True),
            zip(moved.old.tolist(), moved.new.tolist(), strict=True),
            strict=True,
        )
    )
    before, after = Truth(told(old)), Truth(told(new))
    expected = {}
    for node in {node for node, _ in before.persons}:
        starts = {since for known, since in [*before.persons, *after.persons] if known == node}
        pairs_at = {since: (before.at(node, since), after.at(node, since)) for since in starts}
        expected |= {(node, since): pair for since, pair in pairs_at.items() if pair[0] != pair[1]}
    assert rows == expected


def test_a_vertex_without_start_is_its_node_and_any_other_a_63_bit_hash_of_both() -> None:
    node = np.array([5, 5, 5, 6], np.int64)
    since = np.array([BEGINNING, 0, 1, -1], np.int64)
    ids = vertex_id(node, since).tolist()
    assert ids == [reference.vertex_id(*pair) for pair in zip(node.tolist(), since.tolist(), strict=True)]
    assert ids[0] == 5
    assert len(set(ids)) == 4
    assert all(0 <= number < 2**63 for number in ids)


def test_the_strongest_namespace_names_the_person_and_not_the_lowest_id() -> None:
    people = reference.resolve({9: 0, 1: 9}, [Sign(1, 5, 9)], []).persons
    assert told(resolved({9: 0, 1: 9}, [Sign(1, 5, 9)], [])) == people == {(9, BEGINNING): 9, (1, BEGINNING): 9}


def test_two_phones_on_one_event_do_not_join_two_users_who_signed_in_on_them() -> None:
    signed = [Sign(501, 1, 901), Sign(502, 1, 902)]
    people = told(resolved(RANKS, signed, [Seen(501, 502, 3)]))
    assert people[501, BEGINNING] == 901
    assert people[502, BEGINNING] == 902


def test_a_device_seen_with_an_owned_phone_follows_it() -> None:
    people = told(resolved(RANKS, [Sign(501, 1, 901)], [Seen(501, 101, 3)]))
    assert people[101, BEGINNING] == 901


def test_an_old_person_id_of_an_interval_is_looked_up_like_a_node() -> None:
    signed = [Sign(101, 1, 901), Sign(101, 5, 0)]
    alone = told(resolved(RANKS, signed, []))
    own = alone[101, 5]
    assert alone[own, BEGINNING] == own  # a person of its own, under its hashed id
    joined = told(resolved(RANKS, signed, [Seen(101, 501, 6)]))
    assert joined[own, BEGINNING] == joined[501, BEGINNING] == 501


def test_an_unchanged_node_keeps_the_version_in_which_it_was_decided() -> None:
    old = resolved(RANKS, [Sign(101, 1, 901)], [])
    new = resolved(RANKS, [Sign(101, 1, 901), Sign(102, 1, 902)], [])
    decided = versions(old, np.full(len(old), 3), new, 4)
    assert {
        node: version for node, version in zip(new.node.tolist(), decided.tolist(), strict=True) if version == 4
    } == {102: 4}
