"""People are found by those to whom the last build tied them, as close as it says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from qianmian.app.questions.ties import Page, ties
from qianmian.core.errors import ConditionError
from qianmian.core.people import id_text
from tests.app.traces import Scene
from tests.unify.ties.acts import MAPPING, act


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    made = Scene(tmp_path_factory.mktemp("social") / "shop")
    made.take(
        [
            act("Invite Sent", "2026-05-31", user="anna", invite_code="i"),
            act("Invite Accepted", "2026-05-31", user="boris", invite_code="i"),
            act("Post Created", "2026-05-01", user="anna", post_id="p"),
            *(act("Post Liked", f"2026-05-0{day}", user="carl", post_id="p") for day in (2, 3, 4)),
            act("Post Liked", "2026-01-01", user="dora", post_id="p"),
            act("User Followed", "2026-05-05", user="anna", target_user_id="carl"),
            act("User Followed", "2026-05-05", user="emil", target_user_id="boris"),
            act("Post Viewed", "2026-05-05", user="nobody's friend", post_id="q"),
        ],
        MAPPING,
    )
    made.shop.build()
    yield made
    made.shop.close()


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("friends(did('Post Created'))", {"boris", "carl", "dora"}),
        ("friends(did('Post Created'), kind = 'like')", {"carl", "dora"}),
        ("friends(did('Post Created'), kind = 'like', strength >= 0.2)", {"carl"}),
        ("friends(did('Post Created'), kind = 'follow', direction = 'in')", {"carl"}),
        ("friends(did('Post Created'), kind = 'follow', direction = 'out')", set()),
        ("friends(did('Post Liked')) >= 2", {"anna"}),
        ("within(did('Post Created'), hops = 2)", {"boris", "carl", "dora", "emil"}),
        ("within(did('Post Created'), hops = 2) and not friends(did('Post Created'))", {"emil"}),
        ("friends(did('Post Created')) = 0", {"anna", "emil", "nobody's friend"}),
    ],
)
def test_an_audience_is_asked_of_the_ties_of_the_last_build(scene: Scene, condition: str, names: set[str]) -> None:
    found = scene.shop.audience(condition)
    assert set(found.members()) == {id_text(scene.person(name)) for name in names}
    assert found.size() == len(names)


def test_strength_is_that_which_is_shown_of_a_person(scene: Scene) -> None:
    shown = {one.person: one.strength for one in ties(scene.shop, "anna", Page(limit=10)).ties}
    anna = "within(did('Post Created'), hops = 1, strength >= {})"
    for strength in shown.values():
        found = scene.shop.audience(anna.format(f"{strength - 0.0001:.6f}")).members()
        assert set(found) == {person for person, other in shown.items() if other >= strength}


@pytest.mark.parametrize(
    ("condition", "mistake", "hint"),
    [
        ("sequence(did('Post Liked'))", "has 2 to 8 events; this one has 1", "sequence(did("),
        ("sequence(did('Post Liked'), did('Post Created', last='7d'))", "has filters only", "last='30d')"),
        ("sequence(did('Post Liked'), did('Post Created') > 2)", "has filters only", "last='30d')"),
        ("sequence(did('Post Liked'), lifecycle = 'loyal')", "expected 'did'", "within='7d'"),
        ("sequence(did('Post Liked'), did('Post Created'), within='7')", "'7' is no stretch of time", "'30m'"),
        ("sequence(did('Post Liked'), did('Post Created'), within='7d', within='2d')", "there is one window", "alone"),
        ("sequence(did('Post Liked'), did('Post Createt'))", "unknown event 'Post Createt'", "'Post Created'"),
        ("friends()", "'within', 'audience', 'journey' or '('", ""),
        ("friends lifecycle = 'loyal'", "expected '('", "friends(lifecycle = 'loyal') >= 2"),
        ("friends(orders_total > 1, kind = 'folow')", "unknown kind of tie 'folow'", "did you mean 'follow'?"),
        ("friends(orders_total > 1, kin = 'follow')", "ties have no 'kin'", "did you mean 'kind'?"),
        ("friends(orders_total > 1, kind = 'follow', kind = 'like')", "kind is said twice", "kind in ("),
        ("friends(orders_total > 1, kind = 1)", "named by a text", "kind = 'follow'"),
        ("friends(orders_total > 1, direction = 'both')", "leads out from the person", "direction = 'out'"),
        ("friends(orders_total > 1, strength > 0.5)", "at least a number from 0 to 1", "strength >= 0.3"),
        ("friends(orders_total > 1, hops = 2)", "ties have no 'hops'", "known: direction, kind, strength"),
        ("within(orders_total > 1)", "how many ties may lie between", "hops = 2"),
        ("within(orders_total > 1, hops = 4)", "from 1 to 3", "hops = 2"),
        ("within(orders_total > 1, hops = 1.5)", "from 1 to 3", "hops = 2"),
        ("friends(orders_totle > 1)", "unknown tag 'orders_totle'", "did you mean 'orders_total'"),
        (" or ".join(["friends(orders_total > 1)"] * 11), "11 times", "an audience of its own"),
    ],
)
def test_a_mistake_is_told_with_what_to_write_instead(scene: Scene, condition: str, mistake: str, hint: str) -> None:
    with pytest.raises(ConditionError) as refused:
        scene.shop.audience(condition)
    assert mistake in str(refused.value)
    assert hint in str(refused.value)
