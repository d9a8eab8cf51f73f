"""Events that are not what they seem: flagged by rules beside the data, the same by any split, and never dropped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from qianmian.app import quality as checking
from qianmian.app.cleaning import CleaningRules
from qianmian.app.quality import check
from qianmian.app.questions.flags import flagged, report
from qianmian.core.people import id_text
from tests.app.conftest import BACK, PAID, VIEW
from tests.app.traces import EVENTS, Scene, trace

START = datetime(2026, 5, 3, 4, tzinfo=UTC)


def at(seconds: float) -> str:
    return (START + timedelta(seconds=seconds)).isoformat()


def paid(seconds: float, event_id: str, order: str, user: str = "anna", total: str = "80") -> dict[str, Any]:
    goods = [{"sku": "i1", "n": 1}]
    return trace(PAID, at(seconds), id=event_id, user=user, order=order, total=total, products=goods)


#: Anna's order is told twice, then she buys the same again; a program looks at 40 goods, one every two seconds.
STORY = [
    paid(0, "o1", "A-1"),
    paid(1, "o1-again", "A-1"),
    paid(3, "o2", "A-2"),
    paid(4, "o1-late", "A-1", total="81"),
    paid(9, "o3", "B-1", user="boris"),
    paid(20, "o1-much-later", "A-1"),
    *(trace(VIEW, at(2 * number), id=f"p{number:02}", device="crawler", item=f"i{number}") for number in range(40)),
    *(trace(VIEW, at(5 * number), id=f"v{number:02}", user="carl", item=f"i{number}") for number in range(20)),
    trace(BACK, at(60), id="r1", user="anna", order="A-1", refund="R-1", total="50"),
    trace(BACK, at(61), id="r1-again", user="anna", order="A-1", refund="R-1", total="50"),
    trace(BACK, at(90), id="r2", user="anna", order="A-1", refund="R-2", total="31"),
    trace("Order Delivered", at(-60), id="d1", order="B-1"),
    trace("Order Delivered", at(600), id="d2", order="A-1"),
    trace(PAID, at(700), id="o4", user="dora", order="D-1", total="-1", products=[{"sku": "i1", "n": 5000}]),
]


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop that was checked; not to be changed."""
    scene = Scene(tmp_path_factory.mktemp("flagged") / "shop")
    scene.take(STORY)
    check(scene.shop)
    scene.shop.close()
    return scene.folder


@pytest.fixture
def scene(checked: Path, tmp_path: Path) -> Iterator[Scene]:
    made = Scene(checked).copied(tmp_path / "shop")
    yield made
    made.shop.close()


def flags(scene: Scene, rule: str) -> dict[str, str | None]:
    """Event → the event that it is like."""
    rows = scene.rows("flags", f"WHERE rule = '{rule}' ORDER BY event_id")
    return {row["event_id"]: row["like_event"] for row in rows}


def apply(scene: Scene, text: str) -> None:
    CleaningRules(scene.shop.workspace.catalogue, scene.shop.workspace.clock).apply(text, "own.yaml")


def test_what_is_told_again_under_another_id_is_a_twin_and_a_second_purchase_is_none(scene: Scene) -> None:
    assert flags(scene, "twin") == {"o1-again": "o1", "r1-again": "r1"}


def test_twins_follow_their_window_and_may_be_off(scene: Scene) -> None:
    apply(scene, "twins: {within_seconds: 30}")
    check(scene.shop)
    assert flags(scene, "twin")["o1-much-later"] == "o1-again"
    apply(scene, "bounds: []\ntwins: null\npace: null\ncopies: null\noutliers: []\nalerts: {}")
    check(scene.shop)
    assert {row["rule"] for row in scene.rows("flags")} == {"refund_above_paid", "delivered_before_paid"}


def test_a_pace_that_is_no_persons_flags_all_of_its_events_and_nobody_elses(scene: Scene) -> None:
    assert set(flags(scene, "pace")) == {f"p{number:02}" for number in range(40)}
    apply(scene, "pace: {events: 41, within_seconds: 120}")
    check(scene.shop)
    assert flags(scene, "pace") == {}


def test_orders_against_their_course_are_flagged_beside_the_event_that_they_are_against(scene: Scene) -> None:
    assert flags(scene, "refund_above_paid") == {"r2": "o1"}
    assert flags(scene, "delivered_before_paid") == {"d1": "o3"}


def test_values_that_cannot_be_are_flagged_by_field(scene: Scene) -> None:
    rows = scene.rows("flags", "WHERE rule = 'impossible' ORDER BY field")
    told = [(row["event_id"], row["field"], row["value"]) for row in rows]
    assert told == [("o4", "lines.quantity", "5000.0"), ("o4", "total", "-1.0")]


def test_nothing_is_dropped_and_a_second_check_or_another_split_finds_the_same(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    once = scene.rows("flags", "ORDER BY ALL")
    assert len(scene.rows("events")) == len(STORY)
    for parts in (1, 8):
        monkeypatch.setattr(checking, "parts_for", lambda _rows, _settings, parts=parts: parts)
        check(scene.shop)
        assert scene.rows("flags", "ORDER BY ALL") == once


def test_the_report_counts_what_is_flagged_and_its_events_are_somebodys(scene: Scene) -> None:
    told = {(one.rule, one.field): one for one in report(scene.shop).rules}
    assert (told["pace", ""].events, told["pace", ""].identifiers) == (40, 1)
    assert told["impossible", "total"].events == 1
    scene.shop.build()
    [one] = flagged(scene.shop, "impossible", "shop", "total")
    assert (one.event_id, one.value, one.person) == ("o4", "-1.0", id_text(scene.person("dora")))
    assert len(flagged(scene.shop, "pace", "shop")) == 20


def test_who_is_erased_leaves_the_flags(scene: Scene) -> None:
    scene.shop.build()
    scene.shop.erase(scene.shop.plan_erase(["dora"]))
    assert scene.node("dora") not in {row["node_id"] for row in scene.rows("flags")}
    assert flags(scene, "pace")
    assert report(scene.shop).checked_at is not None


def test_a_shop_that_was_never_checked_has_no_report(tmp_path: Path) -> None:
    scene = Scene(tmp_path / "new")
    assert (report(scene.shop).checked_at, report(scene.shop).rules) == (None, [])
    scene.shop.close()


#: The same words by three people with other signs and a slip, by two, by one often, and what is short.
TEXTS = [
    ("anna", "宝贝收到了，质量很好，物流也快，五星好评！"),
    ("boris", "宝贝收到了 质量很好 物流也快 五星好评👍"),
    ("carl", "宝贝收到了，质量狠好，物流也快，五星好评！！"),
    ("anna", "这件衣服洗过两次还是一样软"),
    ("boris", "这件衣服洗过两次还是一样软"),
    *[("dora", "每天都来打卡，今天也是开心的一天")] * 4,
    *[(user, "同款！！！") for user in ("anna", "boris", "carl", "dora")],
]
REVIEWS = EVENTS.rstrip() + "\nproperties: {fields: {text: text}}\n"


def reviews(texts: list[tuple[str, str]], event: str = "Review Written") -> list[dict[str, Any]]:
    told = enumerate(texts)
    return [{**trace(event, at(9 * n), id=f"t{n:02}", user=user), "text": text} for n, (user, text) in told]


def test_words_of_several_people_that_are_nearly_alike_are_copies(tmp_path: Path) -> None:
    scene = Scene(tmp_path / "texts")
    scene.take(reviews(TEXTS), REVIEWS)
    check(scene.shop)
    rows = scene.rows("flags", "WHERE rule = 'copied_text' ORDER BY event_id")
    assert [(row["event_id"], row["value"], row["like_event"]) for row in rows] == [
        ("t00", "3", None), ("t01", "3", "t00"), ("t02", "3", "t00"),
    ]  # fmt: skip
    apply(scene, "copies: {property: text, events: [Review Written], least_letters: 10, similar: 1, identifiers: 2}")
    check(scene.shop)
    assert set(flags(scene, "copied_text")) == {"t00", "t01", "t03", "t04"}
    apply(scene, "copies: {property: text, events: [Chat Posted], least_letters: 10, similar: 1, identifiers: 2}")
    check(scene.shop)
    assert flags(scene, "copied_text") == {}
    scene.shop.close()


def test_near_copies_are_those_that_comparing_all_pairs_finds(tmp_path: Path) -> None:
    words = ["柔软", "厚实", "好看", "便宜", "结实", "轻便", "显瘦", "耐用"]
    told = "这件外套已经穿了两个冬天还是非常{}而且特别{}值得推荐给大家"
    texts = [(f"u{n}", told.format(words[n * n % 7], words[n * 5 % 8])) for n in range(14)]
    scene = Scene(tmp_path / "pairs")
    scene.take(reviews(texts), REVIEWS)
    check(scene.shop)
    found = flags(scene, "copied_text")
    sets = [{text[place : place + 3] for place in range(len(text) - 2)} for _, text in texts]
    near = [sum(len(one & other) >= 0.6 * len(one | other) for other in sets) for one in sets]
    assert set(found) == {f"t{number:02}" for number, many in enumerate(near) if many >= 3}
    assert 0 < len(found) < len(texts)
    scene.shop.close()


def test_values_far_from_their_groups_are_outliers_and_large_customers_are_few(tmp_path: Path) -> None:
    """Totals double and halve; one is in cents. An item has one price, but for a discount, a slip and a rare item."""
    totals = [paid(99 * n, f"o{n:02}", f"A-{n}", user=f"u{n}", total=str(20 * 2 ** (n % 5))) for n in range(40)]
    totals.append(paid(9000, "cents", "C-1", user="boris", total="80000"))
    totals.append(paid(9100, "large", "C-2", user="anna", total="999"))
    prices = ["10"] * 40 + ["8.5", "1000"]
    goods = [{"sku": "i1", "n": 1, "price": price} for price in prices]
    viewed = [trace(VIEW, at(9 * n), id=f"v{n:02}", user=f"w{n}", products=[one]) for n, one in enumerate(goods)]
    rare = trace(VIEW, at(0), id="rare", user="w0", products=[{"sku": "i2", "n": 1, "price": "5000"}])
    scene = Scene(tmp_path / "outliers")
    scene.take([*totals, *viewed, rare])
    check(scene.shop)
    rows = scene.rows("flags", "WHERE rule = 'outlier' ORDER BY event_id")
    assert [(row["event_id"], row["field"], float(row["value"])) for row in rows] == [
        ("cents", "total", 80000.0), ("v41", "lines.unit_price", 1000.0),
    ]  # fmt: skip
    apply(scene, "outliers: [{field: total, events: [Order Completed], deviations: 1}]")
    check(scene.shop)
    assert {"cents", "large"} < set(flags(scene, "outlier"))
    apply(scene, "outliers: []")
    check(scene.shop)
    assert flags(scene, "outlier") == {}
    scene.shop.close()
