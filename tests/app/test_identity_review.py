"""The review queue: who proposes what, what becomes of it, and that nobody is asked the same twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from qianmian.app.identity_decisions import DecisionKind, IdentityDecisions
from qianmian.app.identity_proposals import accepted_wish, find_pairs, refused_wish
from qianmian.app.identity_review import IdentityReview, ReviewState
from qianmian.app.identity_rules import IdentityRules
from qianmian.core.errors import InputError, UnknownNameError
from qianmian.unify.contracts import Proposal, Reason
from tests.app.traces import Scene, trace
from tests.unify.test_publish import owners

VIEW = "Product Viewed"
FAMILY = [f"1390000000{n}" for n in range(1, 6)]
#: A tablet of five, of whom one uses it day after day; and two whom only a name tells.
STORY = [
    *(trace(VIEW, f"2026-05-0{n}", id=f"guest-{n}", phone=phone, device="tablet") for n, phone in enumerate(FAMILY, 1)),
    *(trace(VIEW, f"2026-05-{day}", phone=FAMILY[0], device="tablet") for day in range(10, 30, 2)),
    *(trace(VIEW, f"2026-05-{day}", phone=FAMILY[1], device="tablet") for day in range(11, 30, 2)),
    trace(VIEW, "2026-05-08", id="tablet", device="tablet"),
    trace(VIEW, "2026-05-09", id="li", user="li"),
    trace(VIEW, "2026-05-09", id="lee", phone="13900000009"),
]  # fmt: skip


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = Scene(tmp_path_factory.mktemp("review") / "shop")
    made.take(STORY)
    made.shop.build()
    made.shop.close()
    return made.folder


@pytest.fixture
def scene(built: Path, tmp_path: Path) -> Iterator[Scene]:
    made = Scene(built).copied(tmp_path / "shop")
    yield made
    made.shop.close()


def review(scene: Scene) -> IdentityReview:
    return IdentityReview(scene.shop.workspace.catalogue, scene.shop.workspace.clock)


def by_name(scene: Scene, weight: float = 3.0, level: str = "exact") -> Proposal:
    ends = scene.node("li"), scene.node("phone:13900000009")
    return Proposal(*ends, weight, 2**weight / (1 + 2**weight), (Reason("name", level, weight),), "names/1")


def test_what_rules_refused_though_it_was_seen_often_waits_for_somebody(scene: Scene) -> None:
    assert find_pairs(scene.shop) == 2
    first, second = review(scene).pairs()
    tablet = scene.node("device:tablet")
    assert {first.proposal.node_a, first.proposal.node_b, second.proposal.node_a, second.proposal.node_b} == {
        tablet, scene.node(f"phone:{FAMILY[0]}"), scene.node(f"phone:{FAMILY[1]}"),
    }  # fmt: skip
    assert [(why.field, why.level) for why in first.proposal.reasons] == [
        ("refused_by", "shared"), ("seen_together", "8+"), ("seen_with_others", "4+"),
    ]  # fmt: skip
    assert find_pairs(scene.shop) == 0


def test_an_accepted_pair_is_one_person_with_the_next_build_and_needs_nobody_any_more(scene: Scene) -> None:
    find_pairs(scene.shop)
    first, second = review(scene).pairs()
    made = review(scene).accept(first.number, accepted_wish(scene.shop, first.proposal), "he says so", by="ada")
    told = review(scene).get(first.number)
    assert (told.state, told.decided_by, told.decision) == (ReviewState.ACCEPTED, "ada", made.decision)
    scene.shop.build()
    phone = min({first.proposal.node_a, first.proposal.node_b} - {scene.node("device:tablet")})
    assert owners(scene)["tablet"] == phone
    with pytest.raises(InputError, match="was decided before"):
        review(scene).refuse(first.number, refused_wish(scene.shop, second.proposal), "no")
    assert find_pairs(scene.shop) == 0
    assert [one.number for one in review(scene).pairs()] == [second.number]


def test_a_refused_pair_is_held_apart_and_comes_back_only_with_other_evidence(scene: Scene) -> None:
    queue, pair = review(scene), by_name(scene)
    assert queue.propose([pair, replace(pair, node_a=pair.node_b, node_b=pair.node_a)]) == 1
    [waiting] = queue.pairs()
    made = queue.refuse(waiting.number, refused_wish(scene.shop, pair), "two brothers")
    assert made.wish.kind is DecisionKind.SPLIT
    assert queue.propose([pair]) == queue.propose([replace(pair, weight=9.0)]) == 0  # another weight is no evidence
    scene.take([trace(VIEW, "2026-05-20", id="both", user="li", phone="13900000009")])
    scene.shop.build()
    assert owners(scene)["li"] != owners(scene)["lee"]
    assert queue.propose([by_name(scene, 5.0, "exact and birthday")]) == 1
    queue.accept(waiting.number, accepted_wish(scene.shop, pair), "one after all")
    scene.shop.build()
    assert owners(scene)["li"] == owners(scene)["lee"]
    log = IdentityDecisions(scene.shop.workspace.catalogue, scene.shop.workspace.clock).all()
    assert [one.wish.kind for one in reversed(log)] == [DecisionKind.SPLIT, DecisionKind.UNDO, DecisionKind.MERGE]


def test_a_waiting_pair_is_brought_up_to_date_and_expires_when_it_is_one_person(scene: Scene) -> None:
    queue = review(scene)
    queue.propose([by_name(scene)])
    assert queue.propose([by_name(scene, 4.0)]) == 0
    assert [one.proposal.weight for one in queue.pairs()] == [4.0]
    scene.take([trace(VIEW, "2026-05-20", user="li", phone="13900000009")])
    scene.shop.build()
    find_pairs(scene.shop)
    assert [one.state for one in queue.pairs(None) if one.proposal.producer == "names/1"] == [ReviewState.EXPIRED]


def test_the_erased_leave_the_queue(scene: Scene) -> None:
    queue = review(scene)
    queue.propose([by_name(scene)])
    scene.shop.erase(scene.shop.plan_erase(["li"]))
    assert queue.pairs(None) == []
    with pytest.raises(UnknownNameError, match="no pair 1"):
        queue.get(1)


def test_what_a_limit_refused_names_the_limit(scene: Scene) -> None:
    IdentityRules(scene.shop.workspace.catalogue, scene.shop.workspace.clock).apply(
        "limits: {anonymous_id: {most: 1}}", "x.yaml"
    )
    scene.take([trace(VIEW, f"2026-05-0{n}", phone="13900000009", anon=f"b{n}") for n in (3, 4)])
    scene.shop.build()
    find_pairs(scene.shop)
    reasons = {one.proposal.node_a: one.proposal.reasons for one in review(scene).pairs()}
    reasons |= {one.proposal.node_b: one.proposal.reasons for one in review(scene).pairs()}
    assert reasons[scene.node("anonymous_id:b4")][0] == Reason("refused_by", "limit anonymous_id", 0.0)
    assert scene.node("anonymous_id:b3") not in reasons
