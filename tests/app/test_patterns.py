"""Mining in a shop: planted sequences are found and random ones are not, and each number is that of its condition."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from qianmian.app.patterns import mine as mining
from qianmian.app.patterns import patterns
from qianmian.app.patterns.mine import Words, mined
from qianmian.app.patterns.patterns import keep, library, mine, show, tag
from qianmian.app.patterns.runs import Mined, Mining, pattern_runs
from qianmian.core.errors import InputError, UnknownNameError
from qianmian.segment.patterns.library import ready_patterns
from tests.app.traces import Scene, good, trace

LOOKS = ("Product Viewed", "Products Searched", "Post Viewed", "Post Liked", "Live Joined", "Coupon Claimed")
BEGIN = datetime(2026, 4, 1, 1, tzinfo=UTC)
PLANTED = ["Post Viewed", "Products Searched", "Coupon Claimed"]
ASKED = Mining(days=62, within_days=3, after_days=4, least_share=0.05, longest=3)


def at_random(user: str, chance: random.Random) -> Iterator[tuple[str, datetime, str]]:
    """What somebody does who does everything by chance, some people more than others; also buying."""
    busy = chance.choice((8, 16, 32))
    for _ in range(busy):
        yield user, BEGIN + timedelta(minutes=chance.randrange(60 * 24 * 60)), chance.choice(LOOKS)
    for _ in range(chance.choice((0, 1, 1, 2))):
        yield user, BEGIN + timedelta(minutes=chance.randrange(60 * 24 * 60)), "Order Completed"


def planted(user: str, chance: random.Random) -> Iterator[tuple[str, datetime, str]]:
    """Three steps within two days, and an order after them; of others all steps but one, and none."""
    at, left_out = BEGIN + timedelta(minutes=chance.randrange(50 * 24 * 60)), chance.choice(PLANTED)
    is_whole = chance.random() < 0.5
    for hours, event in zip((0, 20, 40), PLANTED, strict=True):
        if is_whole or event != left_out:
            yield user, at + timedelta(hours=hours), event
    if is_whole:
        yield user, at + timedelta(hours=60), "Order Completed"


def scene(folder: Path, make: Callable[[random.Random], Iterator[tuple[str, datetime, str]]]) -> Scene:
    made = Scene(folder)
    rows = []
    for number, (user, at, event) in enumerate(make(random.Random(7))):
        more: dict[str, Any] = {"order": f"o{number}", "total": "50"} if event == "Order Completed" else {}
        item = f"g{number % 3}" if event == "Product Viewed" else None
        rows.append(trace(event, at, user=user, item=item, **more))
    made.goods([good(f"g{number}", "美妆" if number else "食品") for number in range(3)])
    made.take(rows)
    made.shop.build()
    return made


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    def make(chance: random.Random) -> Iterator[tuple[str, datetime, str]]:
        for number in range(400):
            yield from at_random(f"u{number}", chance)
            if number % 2 == 0:
                yield from planted(f"u{number}", chance)

    return scene(tmp_path_factory.mktemp("planted") / "shop", make)


def names(one: Any) -> list[str]:
    return [step.event for step in one.steps]


def test_planted_steps_are_found_and_lead_to_orders(shop: Scene) -> None:
    found = mine(shop.shop, ASKED).found
    assert found.patterns
    first = found.patterns[0]
    assert names(first) == PLANTED
    assert first.effect.low
    assert first.effect.low > 1.5
    assert first.people >= 80
    assert first.beginnings[0] >= first.beginnings[1] >= first.beginnings[2] == first.people
    assert found.frequent > 50


def test_nothing_is_reported_of_independent_events(tmp_path: Path) -> None:
    def make(chance: random.Random) -> Iterator[tuple[str, datetime, str]]:
        for number in range(400):
            yield from at_random(f"u{number}", chance)

    found = mine(scene(tmp_path / "shop", make).shop, ASKED).found
    assert found.tested > 30
    assert found.patterns == []


@pytest.mark.parametrize("asked", [ASKED, Mining(**{**vars(ASKED), "by_category": True})])
def test_every_number_is_that_of_its_condition(shop: Scene, asked: Mining) -> None:
    run = mine(shop.shop, asked)
    assert run == patterns.last_run(shop.shop)
    assert Mined.from_json(run.found.to_json()) == run.found
    told = {one.pattern: one for one in library(shop.shop).patterns if one.origin == "mined"}
    assert [one.people for one in told.values()] == [one.people for one in run.found.patterns]
    for one in run.found.patterns:
        assert shop.shop.audience(one.condition, limit=0).size() == one.people
    first = show(shop.shop, "m1")
    assert [one.people for one in first.reached] == run.found.patterns[0].beginnings
    assert first.pattern == told["m1"]


def test_products_are_told_apart_by_category(shop: Scene) -> None:
    asked = Mining(**{**vars(ASKED), "by_category": True, "longest": 2, "outcome": "Live Joined", "least_share": 0.02})
    found = in_parts(shop, asked, 1)
    told = in_parts(shop, Mining(**{**vars(asked), "leave_out": ["Product Viewed"]}), 1)
    assert found.frequent > told.frequent
    one = shop.shop.audience(
        "sequence(did('Product Viewed', category='食品'), did('Post Liked'), within='3d')", limit=0
    )
    assert one.size() > found.least_people  # so that they are among what was counted


def in_parts(shop: Scene, asked: Mining, parts: int) -> Mined:
    with shop.shop.asking("analyse") as (found, _):
        words = Words(found.dimensions.event_codes, found.dimensions.by_name["category"].words, found.today)
    ready = [one.condition for one in ready_patterns()[:2]]
    with shop.shop.job("pattern", "a test", None) as job:
        return mined(shop.shop, job, asked, words, ready, parts=parts)


def test_the_answer_does_not_depend_on_how_people_are_split(shop: Scene) -> None:
    by_category = Mining(**{**vars(ASKED), "by_category": True})
    assert in_parts(shop, by_category, 1) == in_parts(shop, by_category, 16)


def test_ready_patterns_are_counted_and_told_what_came_after(shop: Scene) -> None:
    mine(shop.shop, ASKED)
    told = {one.pattern: one for one in library(shop.shop).patterns}
    bought = told["seen_then_bought"]
    assert bought.people == shop.shop.audience(bought.condition, limit=0).size() > 100
    assert bought.effect
    assert 0 < bought.effect.people_with <= bought.people < bought.effect.people + bought.effect.others <= 400
    assert [step.event for step in told["cart_unpaid"].missing] == ["Order Completed"]
    shown = show(shop.shop, "seen_searched_grouped")
    assert [one.people > 0 for one in shown.reached] == [True, True, False]
    assert {one.name for one in ready_patterns()} <= set(told)


def test_a_mined_pattern_is_kept_and_forgotten(shop: Scene) -> None:
    found = mine(shop.shop, ASKED).found.patterns[0]
    kept = keep(shop.shop, "m1", "种草领券")
    assert (kept.condition, kept.is_mined) == (found.condition, True)
    with pytest.raises(InputError, match="种草领券"):
        keep(shop.shop, "m1", "种草领券")
    one = next(one for one in library(shop.shop).patterns if one.origin == "kept")
    assert (one.zh, one.people, names(one)) == ("种草领券", found.people, PLANTED)
    by_hand = keep(shop.shop, "did('Post Liked') and did('Live Joined')", "看过直播")
    assert not by_hand.is_mined
    for number in (kept.pattern, by_hand.pattern):
        patterns.forget(shop.shop, f"k{number}")
    assert not [one for one in library(shop.shop).patterns if one.origin == "kept"]
    with pytest.raises(UnknownNameError, match=f"k{kept.pattern}"):
        show(shop.shop, f"k{kept.pattern}")


def test_a_pattern_becomes_a_tag_that_says_the_same(shop: Scene) -> None:
    mine(shop.shop, ASKED)
    wanted = {}
    for pattern in ("m1", "seen_then_bought", "cart_unpaid"):
        made = tag(shop.shop, pattern, purpose="analyse")
        wanted[made.tag] = show(shop.shop, pattern).pattern.people
    assert wanted["pattern_seen_then_bought"]
    with pytest.raises(InputError, match="pattern_cart_unpaid already"):
        tag(shop.shop, "cart_unpaid")
    shop.shop.build()
    assert {name: shop.shop.audience(f"{name} = 'yes'", limit=0).size() for name in wanted} == wanted


def test_what_cannot_be_mined_is_refused(shop: Scene) -> None:
    with pytest.raises(UnknownNameError, match="no event is called Nothing"):
        mine(shop.shop, Mining(outcome="Nothing"))
    with pytest.raises(InputError, match="longest` must be from 2 to 5"):
        mine(shop.shop, Mining(longest=6))
    with pytest.raises(InputError, match="least_share"):
        mine(shop.shop, Mining(least_share=0))
    with pytest.raises(UnknownNameError, match="no pattern m999"):
        show(shop.shop, "m999")
    with pytest.raises(UnknownNameError, match="no pattern nothing"):
        show(shop.shop, "nothing")
    liked = keep(shop.shop, "friends(did('Post Liked'))", "好友点赞")
    with pytest.raises(InputError, match="no tag can say"):
        tag(shop.shop, f"k{liked.pattern}")
    patterns.forget(shop.shop, f"k{liked.pattern}")
    assert pattern_runs(shop.shop.workspace.catalogue, shop.shop.workspace.clock).last()


def test_a_limit_ends_the_search_at_a_whole_level(shop: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = in_parts(shop, ASKED, 1)
    assert (whole.stopped, whole.levels) == ("", 3)
    monkeypatch.setattr(mining, "MOST_CANDIDATES", 60)
    cut = in_parts(shop, ASKED, 1)
    assert (cut.stopped, cut.levels) == ("candidates", 2)
    assert cut == Mined(
        **{**vars(in_parts(shop, Mining(**{**vars(ASKED), "longest": 2}), 1)), "asked": ASKED, "stopped": "candidates"}
    )
    monkeypatch.setattr(mining, "MOST_SECONDS", -1.0)
    late = in_parts(shop, ASKED, 1)
    assert (late.stopped, late.levels, late.patterns) == ("seconds", 1, [])
