"""What the lake says of who is who: an increment equals a full resolution, in whatever order evidence comes."""

from __future__ import annotations

import random

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from qianmian.unify.identity.by_hand import Decisions, End, Merge
from qianmian.unify.identity.intervals import FROM_THE_BEGINNING
from qianmian.unify.identity.rules import Limit, Rules, Shared
from tests.unify.identity.histories import NODES, History, Link, Row, link

RULES = Rules(
    limits=(Limit("user_id", 1), Limit("wechat_unionid", 1), Limit("anonymous_id", 1, 30), Limit("device", 1)),
    shared=Shared(1, 40, ("wechat_unionid", "phone")),
    holds_days=(("phone", 100),),
)
FAST = (Phase.explicit, Phase.generate)
links = st.lists(
    st.builds(
        link,
        st.sampled_from(sorted(NODES)),
        st.sampled_from(sorted(node for node in NODES if NODES[node] != "user_id")),
        st.integers(0, 250),
        st.integers(0, 3),
        is_out=st.sampled_from([False] * 7 + [True]),
    ),
    max_size=9,
)
blocked = st.sets(st.sampled_from(sorted(NODES)), max_size=1)


@settings(max_examples=40, deadline=None, phases=FAST)
@given(st.lists(links, min_size=2, max_size=4), blocked)
def test_an_increment_equals_a_full_resolution(batches: list[list[Link]], nobody: set[int]) -> None:
    seen, persons = History(rules=RULES, nobody=nobody), list[Row]()
    for number, batch in enumerate(batches):
        seen = seen.with_(*batch, batch=number)
        persons = seen.grown(persons, number - 1)
        assert persons == seen.full()


def test_an_increment_reaches_whom_evidence_was_refused() -> None:
    rules = Rules(limits=(Limit("phone", 1), Limit("anonymous_id", 1)))
    one, other, left, right = (number << 52 for number in (501, 502, 301, 302))
    seen = History(rules=rules).with_(link(one, left, 5, 0), link(one, right, 6, 1), batch=0)
    before = seen.full()
    assert {node: person for node, _, person in before} == {one: one, left: one, right: right}
    seen = seen.with_(link(other, left, 1, 2), batch=1)  # the first browser is another's, so the second one is taken
    after = seen.grown(before, 0)
    assert {node: person for node, _, person in after} == {one: one, right: one, other: other, left: other}
    assert after == seen.full()


def test_somebody_may_be_merged_before_they_are_known() -> None:
    one, other, browser = (number << 52 for number in (501, 502, 301))
    merged = Decisions(merges=(Merge(1, End(one, FROM_THE_BEGINNING), End(other, FROM_THE_BEGINNING)),))
    seen = History(by_hand=merged, rules=Rules()).with_(link(one, browser, 1, 0), batch=0)
    before = seen.full()
    seen = seen.with_(link(other, 302 << 52, 2, 1), batch=1)
    assert len({person for _, _, person in seen.full()}) == 1
    assert seen.grown(before, 0) == seen.full()


@settings(max_examples=20, deadline=None, phases=FAST)
@given(links, links, st.randoms(use_true_random=False))
def test_neither_the_order_nor_the_batch_of_evidence_plays_a_part(
    one: list[Link], other: list[Link], chance: random.Random
) -> None:
    first = [(0, link) for link in [*one, *other]]
    again = [(chance.randrange(3), one_of) for _, one_of in first]
    chance.shuffle(again)
    assert History(again, rules=RULES).full() == History(first, rules=RULES).full()
