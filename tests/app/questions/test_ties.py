"""A person's ties as the doors ask for them: strongest first, a page at a time, with the events behind them."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

import pytest

from qianmian.app.questions.tie_summary import tie_summary
from qianmian.app.questions.ties import Page, tie_evidence, ties
from qianmian.core.errors import InputError, PurposeError, UnknownNameError
from qianmian.core.people import id_text
from tests.app.traces import Scene
from tests.unify.ties.acts import MAPPING, act


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    made = Scene(tmp_path_factory.mktemp("ties") / "shop")
    made.take(
        [
            act("Invite Sent", "2026-05-31", user="anna", invite_code="i"),
            act("Invite Accepted", "2026-05-31", id="accepted", user="boris", invite_code="i"),
            act("Post Created", "2026-05-01", user="anna", post_id="p"),
            *(act("Post Liked", f"2026-05-0{day}", id=f"like{day}", user="carl", post_id="p") for day in (2, 3, 4)),
            *(act("Post Liked", "2026-01-01", user=f"fan{n}", post_id="p") for n in range(5)),
            act("User Followed", "2026-05-05", user="anna", target_user_id="carl"),
            act("Post Viewed", "2026-05-05", user="nobody's friend", post_id="q"),
        ],
        MAPPING,
    )
    made.shop.build()
    yield made
    made.shop.close()


def test_the_strongest_come_first_and_pages_follow_on(scene: Scene) -> None:
    first = ties(scene.shop, "anna", Page(limit=3))
    boris, carl = (id_text(scene.person(name)) for name in ("boris", "carl"))
    assert [one.person for one in first.ties[:2]] == [boris, carl]
    assert first.total == 7
    assert [(one.kind, one.people) for one in first.by_kind] == [("follow", 1), ("like", 6), ("invite", 1)]
    rest = ties(scene.shop, "anna", Page(after=first.next, limit=10))
    everybody = [one.person for one in (*first.ties, *rest.ties)]
    assert (len(everybody), len(set(everybody)), rest.next) == (7, 7, None)
    strengths = [one.strength for one in (*first.ties, *rest.ties)]
    assert strengths == sorted(strengths, reverse=True)
    assert 0.45 < strengths[0] < 0.5  # an invitation that was accepted the day before
    assert first.ties[0].identifiers[0]["value"] != "boris"


def test_strength_is_the_same_from_both_sides_and_directions_are_mirrored(scene: Scene) -> None:
    there, back = ties(scene.shop, "anna", Page(kind="follow")).ties[0], ties(scene.shop, "carl").ties[0]
    assert there.strength == back.strength
    assert {(one.kind, one.direction) for one in there.kinds} == {("follow", "out"), ("like", "in")}
    assert {(one.kind, one.direction) for one in back.kinds} == {("follow", "in"), ("like", "out")}


def test_the_first_and_last_event_behind_a_tie_are_told(scene: Scene) -> None:
    told = tie_evidence(scene.shop, "anna", "carl")
    like = next(one for one in told.kinds if one.kind == "like")
    assert like.first
    assert like.last
    assert (like.first.event_id, like.last.event_id, like.count) == ("like2", "like4", 3)
    assert (like.first.name, like.first.source) == ("Post Liked", "shop")


def test_the_summary_says_of_each_kind_what_the_people_say_one_by_one(scene: Scene) -> None:
    told = tie_summary(scene.shop)
    everybody = {id_text(scene.person(name)) for name in ("anna", "boris", "carl", *(f"fan{n}" for n in range(5)))}
    of = {person: ties(scene.shop, f"person:{person}", Page(limit=100)).ties for person in everybody}
    pairs = {(one, two.person): two for one in of for two in of[one] if one < two.person}
    assert told.people == len(everybody)
    for summary in told.kinds:
        mine = {
            pair: [one for one in tied.kinds if one.kind == summary.kind]
            for pair, tied in pairs.items()
            if any(one.kind == summary.kind for one in tied.kinds)
        }
        strengths = [pairs[pair].strength for pair in mine]
        assert (summary.pairs, summary.people) == (len(mine), len({person for pair in mine for person in pair}))
        assert summary.events == sum(one.count for some in mine.values() for one in some)
        assert summary.median_strength == (pytest.approx(median(strengths)) if mine else None)
        assert summary.last_at == max((one.last_at for some in mine.values() for one in some), default=None)
        assert [one.strength for one in summary.strongest] == pytest.approx(sorted(strengths, reverse=True)[:3])
        assert {frozenset((one.person, one.other)) for one in summary.strongest} <= {frozenset(pair) for pair in mine}
    assert {one.kind: one.pairs for one in told.kinds if one.pairs} == {"follow": 1, "like": 6, "invite": 1}
    assert "household" not in {one.kind for one in told.kinds}  # nobody said to look for it


def test_what_is_not_there_is_an_error_or_an_empty_page(scene: Scene) -> None:
    assert ties(scene.shop, "nobody's friend").ties == []
    with pytest.raises(UnknownNameError, match="no tie between"):
        tie_evidence(scene.shop, "boris", "carl")
    with pytest.raises(UnknownNameError):
        ties(scene.shop, "unheard")
    with pytest.raises(InputError, match="kinds: follow, like"):
        ties(scene.shop, "anna", Page(kind="friend"))
    with pytest.raises(InputError):
        ties(scene.shop, "anna", Page(after="x"))
    with pytest.raises(PurposeError):
        ties(scene.shop, "anna", purpose="curiosity")


def test_a_persons_own_data_has_the_ties_and_nobody_elses_name(scene: Scene) -> None:
    told = scene.shop.export("carl")["ties"]
    assert [(one["kind"], one["direction"], one["count"]) for one in told] == [("like", "out", 3), ("follow", "in", 1)]
    assert not {"other_id", "person_id"} & set(told[0])
