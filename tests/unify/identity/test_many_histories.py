"""Laws over many random histories: order and batches play no part, and what was decided can be taken back."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random

import numpy as np
import pyarrow as pa
import pytest

from qianmian.unify.identity.by_hand import NO_DECISIONS, Decisions, End, Merge, Split
from qianmian.unify.identity.intervals import FROM_THE_BEGINNING, Ints
from qianmian.unify.identity.rules import NO_RULES, Rules
from tests.unify.identity.made_up import History, history, rules
from tests.unify.identity.packs import NOBODY, Pack, different, pack, rows, told_again

#: Histories that the laws are tried on; CI tries few.
HISTORIES = int(os.environ.get("QIANMIAN_TEST_FUZZ", "200"))
#: Which they are.
SEED = int(os.environ.get("QIANMIAN_TEST_SEED", "1"))
AT_ONCE, PUBLISHES, MOST_WISHES = min(HISTORIES, 500), 3, 10


@dataclass
class Walked:
    """What the histories were like, for the report."""

    sizes: dict[str, list[int]] = field(default_factory=dict)
    merges_in_force: int = 0
    publishes: int = 0

    def add(self, walked: Pack, persons: pa.Table) -> None:
        """Count a pack that was published."""
        node, _, _, person = rows(persons)
        largest = dict(zip(*np.unique(np.unique(np.stack([person, node]), axis=1)[0], return_counts=True), strict=True))
        by_node = dict(zip(node.tolist(), person.tolist(), strict=True))
        for one in walked.histories:
            people = {by_node[x] for x in one.names if x in by_node}
            told = {"identifiers": len(one.names), "links": len(one.told), "decisions": len(one.wishes),
                    "people": len(people), "largest person": max((largest[x] for x in people), default=0)}  # fmt: skip
            for name, count in told.items():
                self.sizes.setdefault(name, []).append(count)
        self.publishes += PUBLISHES * len(walked.histories)

    def lines(self) -> list[str]:
        """A line a measure: median, 90 and 99 of 100, most."""
        told = [f"{name:16}" + "".join(f"{int(part):8,}" for part in np.percentile(counts, (50, 90, 99, 100)))
                for name, counts in self.sizes.items()]  # fmt: skip
        large = sum(count >= 1000 for count in self.sizes["largest person"])
        return [f"{len(self.sizes['links']):,} histories, {large:,} with a person of 1,000 identifiers or more", *told,
                f"{self.publishes:,} publishes; {self.merges_in_force:,} identifiers whom a merge moved"]  # fmt: skip


def made(number: int) -> tuple[Sequence[History], Rules, Random]:
    """The histories of a pack."""
    chance = Random(f"{SEED}:{number}")
    declared = NO_RULES if number == 0 else rules(chance)
    return [history(chance, PUBLISHES, MOST_WISHES * place) for place in range(AT_ONCE)], declared, chance


def published(walked: Pack, *, checked: bool) -> pa.Table:
    """`persons` after all publishes, each of which goes on from the one before."""
    persons = NOBODY
    for at in range(PUBLISHES):
        persons = walked.grown(persons, at, walked.heard(at), walked.changed(at))
        if checked:
            is_same(walked, persons, walked.whole(at, walked.heard(at)), f"increment and whole, publish {at}")
    return persons


def is_same(walked: Pack, one: pa.Table, other: pa.Table, law: str) -> None:
    """Fail with the histories that break a law."""
    if len(nodes := different(one, other)):
        whose = [place for place, some in enumerate(walked.histories) if some.names.keys() & set(nodes.tolist())]
        raise AssertionError(f"{law}: histories {whose} differ by {walked.rules}; nodes {nodes[:9].tolist()}")


def strangers(walked: Pack, persons: pa.Table, chance: Random) -> list[tuple[int, int]]:
    """Of each history two identifiers that were never one person's, if there are such."""
    node, _, _, person = rows(persons)
    whose: dict[int, set[int]] = {}
    for one, owner in zip(node.tolist(), person.tolist(), strict=True):
        whose.setdefault(one, set()).add(owner)
    pairs = []
    for one in walked.histories:
        known = [x for x, name in one.names.items() if x in whose and not name.startswith("order")]
        both = [chance.choice(known) for _ in range(2)] if known else []
        if both and not whose[both[0]] & whose[both[1]]:
            pairs.append((both[0], both[1]))
    return pairs


def with_(by_hand: Decisions, merges: Sequence[Merge] = (), splits: Sequence[Split] = ()) -> Decisions:
    return replace(by_hand, merges=(*by_hand.merges, *merges), splits=(*by_hand.splits, *splits))


def walk(number: int, report: Walked) -> None:
    """Try all laws on one pack."""
    histories, declared, chance = made(number)
    walked, last = pack(histories, declared), PUBLISHES - 1
    persons, stands = published(walked, checked=True), walked.heard(last)

    again = told_again(histories, chance, PUBLISHES)
    told = pack(again, declared)
    by_order = sorted(told.heard(last).merges, key=lambda one: one.decision)
    assert by_order == list(told.heard(last).merges)
    is_same(walked, published(told, checked=False), persons, "another order, other batches")

    unsplit = replace(stands, splits=())
    free = walked.whole(last, unsplit)
    pairs = strangers(walked, free, chance)
    nodes = {node for pair in pairs for node in pair}
    merges, splits = _decided(pairs, chance)
    merged = walked.grown(free, last + 1, with_(unsplit, merges), nodes)
    report.merges_in_force += len(merged_nodes(merged, free, pairs))
    parted = walked.grown(merged, last + 1, with_(unsplit, merges, splits), nodes)
    is_same(walked, parted, free, "merged, then split")
    is_same(walked, walked.grown(merged, last + 1, unsplit, nodes), free, "merged, then undone")
    both = (walked.whole(last, with_(stands, some, splits)) for some in ((), merges))
    is_same(walked, next(both), next(both), "a split outranks a merge")

    undone = {node for one in histories for wish in one.wishes if wish.stands(last) for node in wish.nodes()}
    bare = walked.whole(last, NO_DECISIONS)
    is_same(walked, walked.grown(persons, last + 1, NO_DECISIONS, undone), bare, "all decisions undone")
    report.add(walked, persons)


def _decided(pairs: Sequence[tuple[int, int]], chance: Random) -> tuple[list[Merge], list[Split]]:
    ends = [(End(one, FROM_THE_BEGINNING), End(other, FROM_THE_BEGINNING)) for one, other in pairs]
    merges = [Merge(10**6 + place, *both, chance.random() < 0.5) for place, both in enumerate(ends)]
    splits = [Split(2 * 10**6 + place, one, (other,)) for place, (one, other) in enumerate(ends)]
    return merges, splits


def merged_nodes(merged: pa.Table, persons: pa.Table, pairs: Sequence[tuple[int, int]]) -> Ints:
    """Those of some identifiers whose person is another one."""
    return np.intersect1d(different(merged, persons), np.array(pairs, np.int64))


def test_laws_hold_over_many_histories() -> None:
    report = Walked()
    for number in range(-(-HISTORIES // AT_ONCE)):
        walk(number, report)
    print(*report.lines(), sep="\n")
    assert report.merges_in_force > HISTORIES // 20
    assert max(report.sizes["largest person"]) >= 1000


def test_what_breaks_a_law_is_seen() -> None:
    chance = Random(SEED)
    some = [history(chance, PUBLISHES, 0) for _ in range(20)]
    walked, (first, *rest) = pack(some, NO_RULES), some
    less = pack([replace(first, told=first.told[: len(first.told) // 2]), *rest], NO_RULES)
    one, other = (each.whole(PUBLISHES, NO_DECISIONS) for each in (walked, less))
    with pytest.raises(AssertionError, match=r"a law: histories \[0\] differ"):
        is_same(walked, one, other, "a law")
    is_same(walked, one, one, "a law")
