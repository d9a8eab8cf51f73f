"""The index finds exactly the people whom the compiled SQL finds, and whom the oracle finds, under any split."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qianmian.query.bind import bind
from qianmian.query.compile import compile_audience
from qianmian.query.tree import And, Did, IsNull, Not, Or, Within
from tests.query.oracle import members
from tests.query.strategies import DIDS, HISTORY, PEOPLE, SEQUENCES, TAGS, TIES, TREES, atoms
from tests.query.vocabulary import TODAY, VOCABULARY, connect, load, show_people
from tests.segment.index.shown import allowed, found, question

ATOMS = st.sampled_from(TAGS).flatmap(atoms)


@pytest.fixture(scope="module")
def connection():
    with connect() as opened:
        yield opened


def by_sql(connection, tree) -> set[int]:
    query = compile_audience(tree, VOCABULARY, today=TODAY, purpose="analyse", check=allowed)
    for name, sequence in query.sequences:
        show_people(connection, name, sequence)
    return {row[0] for row in connection.execute(query.sql, query.values).fetchall()}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    trees=st.lists(TREES, min_size=1, max_size=3),
    people=PEOPLE,
    history=HISTORY,
    ties=TIES,
    order=st.randoms(use_true_random=False),
)
def test_index_sql_and_oracle_find_the_same_people(connection, trees, people, history, ties, order):
    order.shuffle(people)
    load(connection, people, history, ties)
    asked = question(connection)
    for tree in trees:  # the later ones meet what the earlier ones left
        expected = members(bind(tree, VOCABULARY), people, history, TODAY, ties)
        assert by_sql(connection, tree) == expected
        assert found(asked, tree) == sorted(expected)
        assert found(asked, Not(tree)) == sorted({row["person_id"] for row in people} - expected)
        assert found(asked, tree) == sorted(expected), "an answer that is kept is the same answer"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(DIDS | SEQUENCES, min_size=2, max_size=5), people=PEOPLE, history=HISTORY)
def test_parts_about_history_that_are_counted_together_are_those_of_the_oracle(connection, parts, people, history):
    load(connection, people, history)
    asked = question(connection)
    for tree in (And(tuple(parts)), Or(tuple(parts)), *parts):
        assert found(asked, tree) == sorted(members(bind(tree, VOCABULARY), people, history, TODAY))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    terms=st.lists(ATOMS, min_size=2, max_size=6),
    few=PEOPLE,
    size=st.sampled_from([1, 63, 64, 65, 4_095, 4_096, 4_097, 9_000]),
    seed=st.integers(0, 2**32),
)
def test_ends_of_words_and_blocks_lose_nobody(connection, terms, few, size, seed):
    """Many people who are each like one of a few, under ids far apart, divided among threads."""
    chance = random.Random(seed)
    ids = sorted(chance.sample(range(2**62), size))
    people = [{**chance.choice(few), "person_id": one} for one in ids]
    load(connection, people, [])
    asked = question(connection, threads=3)
    asked.index.threads.over = everywhere(asked.index.threads)
    for tree in (And(tuple(terms)), Or(tuple(terms)), Not(And(tuple(terms[:2])))):
        alike = members(bind(tree, VOCABULARY), few, [], TODAY)
        kinds = {tuple(row[tag.name] for tag in TAGS) for row in few if row["person_id"] in alike}
        expected = [row["person_id"] for row in people if tuple(row[tag.name] for tag in TAGS) in kinds]
        assert found(asked, tree) == expected


def everywhere(threads):
    """Divides also what would not be worth it."""
    over = threads.over
    return lambda length, _, work: over(length, 1, work)


def test_nobody_is_found_where_nobody_is(connection):
    load(connection, [], [])
    asked = question(connection)
    did, empty = Did("Order Completed"), IsNull("city")
    for tree in (Or((Not(did), did)), empty, Within(empty, 2)):
        assert found(asked, tree) == []
