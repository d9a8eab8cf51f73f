"""What the lake says of who is who: an increment equals a full resolution, in whatever order evidence comes."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from qianmian.core.people import NAMESPACES
from qianmian.lake.connection import Connection
from qianmian.unify.identity.evidence import Scope, show_scope
from qianmian.unify.identity.intervals import FROM_THE_BEGINNING
from qianmian.unify.identity.publish import resolved, without_kept
from qianmian.unify.identity.rules import DAY, Limit, Rules, Shared

#: Ids are spread as hashes are, and against the order of strength.
SPACES = {
    "user_id": (901, 902, 903),
    "wechat_unionid": (801, 802),
    "phone": (501, 502),
    "anonymous_id": (301, 302),
    "device": (101, 102),
}
NODES = {number << 52: namespace for namespace, numbers in SPACES.items() for number in numbers}
RULES = Rules(
    limits=(Limit("user_id", 1), Limit("wechat_unionid", 1), Limit("anonymous_id", 1, 30), Limit("device", 1)),
    shared=Shared(1, 40, ("wechat_unionid", "phone")),
    holds_days=(("phone", 100),),
)
FAST = (Phase.explicit, Phase.generate)
Row = tuple[int, int, int]


@dataclass(frozen=True)
class Link:
    """One statement: a and b seen together or signed in, a alone signed out."""

    a: int
    b: int
    kind: str
    day: int
    event: int


def _link(one: int, other: int, day: int, event: int, *, is_out: bool) -> Link:
    strong, weak = sorted((one, other), key=lambda node: (NAMESPACES.index(NODES[node]), node))
    if is_out or strong == weak:
        return Link(weak, 0, "sign_out", day, event)
    return Link(strong, weak, "sign_in" if NODES[strong] == "user_id" else "together", day, event)


links = st.lists(
    st.builds(
        _link,
        st.sampled_from(sorted(NODES)),
        st.sampled_from(sorted(node for node in NODES if NODES[node] != "user_id")),
        st.integers(0, 250),
        st.integers(0, 3),
        is_out=st.sampled_from([False] * 7 + [True]),
    ),
    max_size=9,
)
blocked = st.sets(st.sampled_from(sorted(NODES)), max_size=1)


_LAKE = """
SET TimeZone = 'UTC';
CREATE TABLE nodes (node_id BIGINT, namespace VARCHAR, batch BIGINT);
CREATE TABLE links (a BIGINT, b BIGINT, kind VARCHAR, rule VARCHAR, source VARCHAR, event_id VARCHAR, "at" TIMESTAMPTZ,
                    batch BIGINT);
CREATE TABLE persons (node_id BIGINT, since TIMESTAMPTZ, person_id BIGINT);
"""
_LINK = "INSERT INTO links VALUES ($a, $b, $kind, $kind, 'shop', 'e' || $event, make_timestamptz($day * $us), $batch)"
_PERSON = "INSERT INTO persons VALUES ($node, CASE WHEN $since > $beginning THEN make_timestamptz($since) END, $person)"


def connected(told: Sequence[tuple[int, Link]], persons: Sequence[Row], after: int) -> Connection:
    """A lake of links with their batches, and what was believed; an increment takes the batches after one."""
    connection = duckdb.connect(config={"threads": 1})
    connection.execute(_LAKE)
    known: dict[int, int] = {}
    for batch, link in told:
        connection.execute(_LINK, {**vars(link), "us": DAY, "batch": batch})
        for node in {link.a, link.b} - {0}:
            known[node] = min(batch, known.get(node, batch))
    for node, batch in known.items():
        connection.execute("INSERT INTO nodes VALUES (?, ?, ?)", [node, NODES[node], batch])
    for row in persons:
        told_row = dict(zip(("node", "since", "person"), row, strict=True))
        connection.execute(_PERSON, {**told_row, "beginning": FROM_THE_BEGINNING})
    connection.execute("SET VARIABLE batch = $after", {"after": after})
    return connection


def full(told: Sequence[tuple[int, Link]], nobody: set[int], rules: Rules = RULES) -> list[Row]:
    """Everybody, resolved at once."""
    with connected(told, (), -1) as connection:
        show_scope(connection, Scope(True, nobody))
        found = resolved(connection, rules)
    return sorted(zip(found.node.tolist(), found.since.tolist(), found.person.tolist(), strict=True))


def grown(
    told: Sequence[tuple[int, Link]], persons: Sequence[Row], after: int, nobody: set[int], rules: Rules = RULES
) -> list[Row]:
    """Everybody, after an increment."""
    with connected(told, persons, after) as connection:
        show_scope(connection, Scope(False, nobody))
        now = without_kept(connection, resolved(connection, rules))
        touched = {person for (person,) in connection.execute("FROM touched").fetchall()}
    changed = zip(now.node.tolist(), now.since.tolist(), now.person.tolist(), strict=True)
    return sorted([*(row for row in persons if row[2] not in touched), *changed])


@settings(max_examples=40, deadline=None, phases=FAST)
@given(st.lists(links, min_size=2, max_size=4), blocked)
def test_an_increment_equals_a_full_resolution(batches: list[list[Link]], nobody: set[int]) -> None:
    told: list[tuple[int, Link]] = []
    persons: list[Row] = []
    for number, batch in enumerate(batches):
        told += [(number, link) for link in batch]
        persons = grown(told, persons, number - 1, nobody)
        assert persons == full(told, nobody)


def test_an_increment_reaches_whom_evidence_was_refused() -> None:
    rules = Rules(limits=(Limit("phone", 1), Limit("anonymous_id", 1)))
    one, other, left, right = (number << 52 for number in (501, 502, 301, 302))
    told = [(0, Link(one, left, "together", 5, 0)), (0, Link(one, right, "together", 6, 1))]
    before = full(told, set(), rules)
    assert {node: person for node, _, person in before} == {one: one, left: one, right: right}
    told.append((1, Link(other, left, "together", 1, 2)))  # the first browser is another's, so the second one is taken
    after = grown(told, before, 0, set(), rules)
    assert {node: person for node, _, person in after} == {one: one, right: one, other: other, left: other}
    assert after == full(told, set(), rules)


@settings(max_examples=20, deadline=None, phases=FAST)
@given(links, links, st.randoms(use_true_random=False))
def test_neither_the_order_nor_the_batch_of_evidence_plays_a_part(
    one: list[Link], other: list[Link], chance: random.Random
) -> None:
    first = [(0, link) for link in [*one, *other]]
    again = [(chance.randrange(3), link) for _, link in first]
    chance.shuffle(again)
    assert full(again, set()) == full(first, set())
