"""Decisions by hand: what they do among evidence and limits, told again plainly; and laws over whole histories."""

from __future__ import annotations

import os
import random
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from qianmian.core.people import NAMESPACES
from qianmian.unify.identity.by_hand import NO_DECISIONS, Decisions, End, Merge, Split
from qianmian.unify.identity.intervals import FROM_THE_BEGINNING
from qianmian.unify.identity.rules import DAY, Limit, Rules
from tests.unify import reference
from tests.unify.identity.histories import CROWD, NODES, History, Link, Row, link
from tests.unify.reference import BEGINNING, ByHand, Merged, Seen, Sign
from tests.unify.test_resolve import RANKS, limits, resolved, seen, signs, told

#: Histories that are walked step by step, which is slow; `test_many_histories` tries more of them at once.
HISTORIES = int(os.environ.get("QIANMIAN_TEST_LAKES", "3"))
ends = st.builds(End, st.sampled_from(sorted(RANKS)), st.sampled_from([FROM_THE_BEGINNING, 1, 3, 5]))
merges = st.builds(Merge, st.just(0), ends, ends, st.booleans())
splits = st.builds(Split, st.just(0), ends, st.lists(ends, min_size=1, max_size=2).map(tuple))
decisions = st.builds(
    Decisions, st.lists(merges, max_size=3).map(tuple), st.lists(splits, max_size=2).map(tuple)
)  # fmt: skip


def plainly(by_hand: Decisions) -> ByHand:
    """Decisions as the plain resolver hears them."""
    return ByHand(
        tuple(Merged(tuple(one.one), tuple(one.other), one.accounts_too) for one in by_hand.merges),
        tuple((tuple(one.one), tuple(end)) for one in by_hand.splits for end in one.others),
    )


@settings(max_examples=300, deadline=None)
@given(signs, seen, limits, decisions)
def test_the_plain_resolver_hears_the_same_decisions(
    signed: list[Sign], together: list[Seen], most: dict[int, tuple[int, int]], by_hand: Decisions
) -> None:
    most = {rank: (count, 0) for rank, (count, _) in most.items()}
    rules = Rules(limits=tuple(Limit(NAMESPACES[rank], count) for rank, (count, _) in most.items()))
    product = told(resolved(RANKS, signed, together, rules, by_hand))
    assert product == reference.resolve(RANKS, signed, together, most, plainly(by_hand)).persons


def one_person(by_hand: Decisions, *pairs: Seen, signed: tuple[Sign, ...] = ()) -> list[set[int]]:
    """The nodes of each person of several nodes."""
    people: dict[int, set[int]] = {}
    for (node, _), person in told(resolved(RANKS, signed, pairs, by_hand=by_hand)).items():
        people.setdefault(person, set()).add(node)
    return [nodes for nodes in people.values() if len(nodes) > 1]


def apart(one: int, *others: int) -> Decisions:
    return Decisions(splits=(Split(1, End(one, BEGINNING), tuple(End(other, BEGINNING) for other in others)),))


def test_of_what_crosses_a_split_the_earlier_stands_and_sign_ins_come_first() -> None:
    chain = (Seen(501, 101, 2), Seen(502, 101, 3))
    assert one_person(apart(501, 502), *chain) == [{501, 101}]
    assert one_person(apart(501, 502), *chain[::-1], Seen(502, 101, 1)) == [{502, 101}]
    signed = (Sign(101, 5, 901), Sign(102, 5, 902))  # each has a device; the devices were seen together before that
    assert one_person(apart(901, 902), Seen(102, 101, 9), signed=signed) == [{901, 101}, {902, 102}]


def test_a_split_of_who_is_no_one_changes_nothing_and_a_merge_takes_nothing_away() -> None:
    pairs = (Seen(501, 101, 1), Seen(502, 102, 1))
    assert one_person(apart(501, 502), *pairs) == one_person(NO_DECISIONS, *pairs)
    joined = Decisions(merges=(Merge(1, End(101, 1), End(102, 1)),))
    assert one_person(joined, *pairs) == [{501, 101, 502, 102}]


def test_a_split_of_whom_a_limit_holds_apart_already_changes_nothing() -> None:
    signed, pairs = (Sign(501, 5, 901), Sign(103, 6, 901)), (Seen(501, 101, 1), Seen(501, 102, 2))
    rules = Rules(limits=(Limit(NAMESPACES[RANKS[101]], 1),))
    before, after = (told(resolved(RANKS, signed, pairs, rules, by)) for by in (NO_DECISIONS, apart(501, 102)))
    assert before == after
    assert before[501, BEGINNING] == before[101, BEGINNING] != before[103, BEGINNING]


def test_decisions_cross_to_another_process() -> None:
    both = replace(apart(1, 2, 3), merges=(Merge(4, End(5, 6), End(7, BEGINNING), accounts_too=True),))
    assert Decisions.from_json(both.to_json()) == both


SPANS = sorted(NODES)
DAYS = st.integers(0, 250)
WEAKER = [node for node in SPANS if NODES[node] != "user_id"]


class Shop(RuleBasedStateMachine):
    """A shop that hears of people, is told by hand who is who, and goes on from what it published last."""

    def __init__(self) -> None:
        """Nobody is known."""
        super().__init__()
        self.history = History()
        self.batch = 0
        self.log: list[Merge | Split] = []
        self.undone: set[int] = set()
        self.changed: set[int] = set()
        self.persons: list[Row] = []
        self.published = -1

    @rule(
        told=st.lists(
            st.builds(link, st.sampled_from(SPANS), st.sampled_from(WEAKER), DAYS, st.integers(0, 3),
                      is_out=st.sampled_from([False] * 7 + [True])),
            min_size=1, max_size=6))  # fmt: skip
    def hear(self, told: list[Link]) -> None:
        self.history = self.history.with_(*told, batch=self.batch)
        self.batch += 1

    @rule(count=st.sampled_from([2, 990, 1040]), hub=st.sampled_from(WEAKER), day=DAYS)
    def crowd(self, count: int, hub: int, day: int) -> None:
        self.hear([link(hub, browser, day, 0) for browser in CROWD[:count] if browser != hub])

    @rule(one=st.sampled_from([*SPANS, *CROWD[:2]]), other=st.sampled_from(SPANS), day=DAYS, accounts_too=st.booleans())
    def merge(self, one: int, other: int, day: int, *, accounts_too: bool) -> None:
        ends = End(one, day * DAY), End(other, FROM_THE_BEGINNING)
        self._decide(Merge(len(self.log), *ends, accounts_too), one, other)

    @rule(one=st.sampled_from(SPANS), other=st.sampled_from([*WEAKER, CROWD[0]]), day=st.none() | DAYS)
    def split(self, one: int, other: int, day: int | None) -> None:
        at = FROM_THE_BEGINNING if day is None else day * DAY
        stays = End(one, at - 1 if one == other and day is not None else FROM_THE_BEGINNING)
        self._decide(Split(len(self.log), stays, (End(other, at),), None if day is None else at), one, other)

    @precondition(lambda self: len(self.undone) < len(self.log))
    @rule(chance=st.integers(0, 99))
    def undo(self, chance: int) -> None:
        left = sorted({*range(len(self.log))} - self.undone)
        self._undo(left[chance % len(left)])

    @rule()
    def publish(self) -> None:
        self.history = replace(self.history, by_hand=self._standing())
        self.persons = self.history.grown(self.persons, self.published, self.changed)
        assert self.persons == self.history.full()
        self.published, self.changed = self.batch - 1, set()

    def teardown(self) -> None:
        """However the same was told and decided, it is the same; and undone it is as if it had never been decided."""
        self.publish()
        self._hold_apart()
        shuffled = list(self.history.told)
        chance = random.Random(len(shuffled))
        chance.shuffle(shuffled)
        again = [(chance.randrange(3), one) for _, one in shuffled]
        assert replace(self.history, told=again).full() == self.persons
        for number in {*range(len(self.log))} - self.undone:
            self._undo(number)
        self.publish()
        assert self.persons == replace(self.history, by_hand=NO_DECISIONS).full()

    def _decide(self, made: Merge | Split, *nodes: int) -> None:
        self.log.append(made)
        self.changed |= set(nodes)

    def _undo(self, number: int) -> None:
        self.undone.add(number)
        made = self.log[number]
        self.changed |= {made.one.node} | {
            end.node for end in ([made.other] if isinstance(made, Merge) else made.others)
        }

    def _standing(self) -> Decisions:
        left = [one for number, one in enumerate(self.log) if number not in self.undone]
        return Decisions(
            tuple(one for one in left if isinstance(one, Merge)), tuple(one for one in left if isinstance(one, Split))
        )

    def _hold_apart(self) -> None:
        """Nobody who was split is one person, whatever was merged or told."""
        whose: dict[int, list[Row]] = {}
        for row in self.persons:
            whose.setdefault(row[0], []).append(row)
        for one in self._standing().splits:
            stays = [row for row in whose.get(one.one.node, []) if row[1] <= one.one.at]
            goes = [row for end in one.others for row in whose.get(end.node, []) if row[1] >= end.at]
            goes = [row for row in goes if not stays or row[:2] != max(stays)[:2]]
            assert not stays or max(stays)[2] not in {row[2] for row in goes}


Shop.TestCase.settings = settings(
    max_examples=HISTORIES, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
)
TestShop = Shop.TestCase
