"""Who is tied to whom: by what events name, in which direction, how often, since when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qianmian.app.tie_kinds import KeptTieKinds
from tests.app.traces import Scene
from tests.unify.ties.acts import MAPPING, act, all_ties, ties


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path / "shop")
    yield made
    made.shop.close()


def test_every_kind_leads_from_who_acted_to_whose_it_was(scene: Scene) -> None:
    scene.take(
        [
            act("User Followed", "2026-05-01", user="a", target_user_id="b"),
            act("Post Created", "2026-05-01", user="b", post_id="p1"),
            act("Post Liked", "2026-05-02", user="a", post_id="p1"),
            act("Post Liked", "2026-05-03", user="a", post_id="p1"),
            act("Post Commented", "2026-05-03", user="a", post_id="p1"),
            act("Post Shared", "2026-05-03", user="a", post_id="p1", share_id="s1"),
            act("Post Viewed", "2026-05-04", user="c", post_id="p1", share_id="s1"),
            act("Invite Sent", "2026-05-04", user="a", invite_code="i1"),
            act("Invite Accepted", "2026-05-05", user="c", invite_code="i1"),
            act("Gift Sent", "2026-05-05", user="b", recipient_user_id="c"),
        ],
        MAPPING,
    )
    scene.shop.build()
    out = {row[:3] + row[4:] for row in ties(scene, a="a", b="b", c="c") if row[3] == "out"}
    assert out == {
        ("a", "b", "follow", 1), ("a", "b", "like", 2), ("a", "b", "comment", 1), ("a", "b", "share", 1),
        ("c", "a", "share", 1), ("c", "a", "invite", 1), ("b", "c", "gift", 1),
    }  # fmt: skip
    mirrored = {(o, p, kind, n) for p, o, kind, way, n in ties(scene, a="a", b="b", c="c") if way == "in"}
    assert mirrored == out
    like = next(row for row in all_ties(scene) if row["kind"] == "like")
    assert (like["first_at"].day, like["last_at"].day) == (2, 3)


def test_circles_tie_everybody_both_ways_once_each(scene: Scene) -> None:
    scene.take(
        [
            act("Group Buy Opened", "2026-05-01", user="a", group_id="g1"),
            act("Group Buy Joined", "2026-05-02", user="b", group_id="g1"),
            act("Group Buy Joined", "2026-05-03", user="b", group_id="g1"),
            act("Group Buy Opened", "2026-05-05", user="b", group_id="g2"),
            act("Group Buy Joined", "2026-05-06", user="a", group_id="g2"),
            act("Chat Joined", "2026-05-06", user="a", chat_id="g1"),
        ],
        MAPPING,
    )
    scene.shop.build()
    assert ties(scene, a="a", b="b") == {("a", "b", "group_buy", "both", 2), ("b", "a", "group_buy", "both", 2)}


def test_a_circle_that_grows_too_large_ties_nobody_any_more(scene: Scene) -> None:
    people = [f"m{n}" for n in range(50)]
    scene.take([act("Chat Joined", "2026-05-01", user=one, chat_id="c") for one in people], MAPPING)
    scene.shop.build()
    assert len(all_ties(scene)) == 50 * 49
    scene.take([act("Chat Joined", "2026-05-02", user="one more", chat_id="c")], MAPPING)
    assert scene.shop.build()["anew"] == ""
    assert all_ties(scene) == []


def test_nobody_is_tied_to_themselves_after_a_merge(scene: Scene) -> None:
    scene.take(
        [
            act("Post Created", "2026-05-01", phone="13900000001", post_id="p"),
            act("Post Liked", "2026-05-02", device="d", post_id="p"),
            act("Post Liked", "2026-05-02", user="b", post_id="p"),
            *(act("Post Liked", "2026-05-02", user=f"x{n}", post_id="q") for n in range(60)),  # nobody's post
        ],
        MAPPING,
    )
    scene.shop.build()
    assert len(all_ties(scene)) == 4
    scene.take([act("Signed In", "2026-05-03", user="a", phone="13900000001", device="d")], MAPPING)
    assert scene.shop.build()["anew"] == ""
    assert ties(scene, a="a", b="b") == {("b", "a", "like", "out", 1), ("a", "b", "like", "in", 1)}


def test_what_may_be_no_person_makes_no_tie(scene: Scene) -> None:
    scene.take(
        [
            act("Post Created", "2026-05-01", user="b", post_id="p"),
            act("Post Liked", "2026-05-02", user="a", post_id="p", agent="Googlebot/2.1"),
        ],
        MAPPING,
    )
    scene.shop.build()
    assert all_ties(scene) == []


def test_a_household_is_looked_for_only_where_the_shop_says_so(scene: Scene) -> None:
    signs = [act("Signed In", f"2026-05-0{n + 1}", user=one, device="tablet") for n, one in enumerate("ab")]
    scene.take(signs, MAPPING)
    scene.shop.build()
    assert all_ties(scene) == []
    kinds = KeptTieKinds(scene.shop.workspace.catalogue, scene.shop.workspace.clock)
    kinds.apply("household: {made_by: [{signed_in_on: [device], most: 6}]}", "kinds.yaml")
    assert scene.shop.plan_build().ties_anew
    scene.shop.build()
    assert ties(scene, a="a", b="b") == {("a", "b", "household", "both", 1), ("b", "a", "household", "both", 1)}
    assert scene.shop.plan_build().ties_anew == ""


def test_an_erased_person_leaves_every_tie(scene: Scene) -> None:
    scene.take(
        [
            act("User Followed", "2026-05-01", user="a", target_user_id="b"),
            act("User Followed", "2026-05-01", user="b", target_user_id="c"),
            act("Post Viewed", "2026-05-01", user="c", post_id="p"),
        ],
        MAPPING,
    )
    scene.shop.build()
    gone = {scene.person("b"), scene.node("b")}
    assert len(all_ties(scene)) == 4
    scene.shop.erase(scene.shop.plan_erase(["b"]))
    assert all_ties(scene) == []
    left = {number for row in scene.rows("interactions") for number in (row["object"], row["node_id"])}
    assert not gone & left


def test_a_weight_counts_an_event_at_the_reference_as_one(scene: Scene) -> None:
    scene.take(
        [
            act("Post Created", "2026-05-01", user="b", post_id="p"),
            act("Post Liked", "2025-03-13T08:00:00", user="a", post_id="p"),  # the reference instant, in UTC
            act("Post Liked", "2025-06-11T08:00:00", user="a", post_id="p"),  # a half-life of 90 days later
        ],
        MAPPING,
    )
    scene.shop.build()
    told = {(row["weight"], row["reference_at"]) for row in all_ties(scene)}
    assert told == {(3.0, datetime(2025, 3, 13, tzinfo=UTC))}
