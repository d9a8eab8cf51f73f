"""What sources write differently is counted alike: regions, brands, categories and money, and what came stays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qianmian.app import quality as checking
from qianmian.app.cleaning import CleaningRules
from qianmian.app.quality import check
from qianmian.app.questions.flags import report
from tests.app.conftest import BACK, PAID, VIEW
from tests.app.traces import EVENTS, Scene, good, trace

IN_MONEY = (
    EVENTS.replace("total: total,", "total: total, currency: money,") + "properties: {fields: {weight: weight}}\n"
)
RULES = """
words:
  - {field: region, words: china}
  - {field: brand, words: {耐克: [NIKE]}}
  - {field: category, source: shop, words: {护肤/面霜: [霜类]}}
  - {field: channel, words: {mini_program: [小程序]}}
categories: [护肤/面霜, 护肤/精华]
rates:
  - {currency: USD, rate: 7.0, since: 2026-01-01}
  - {currency: USD, rate: 7.5, since: 2026-05-10}
units:
  - {property: weight, to: kg, of: {G: 0.001, 克: 0.001, 斤: 0.5}}
bounds:
  - {field: properties.weight, above: 0, most: 10}
fill:
  - {field: properties.weight, events: [Product Viewed], method: median}
"""


def told(event: str, at: str, money: str | None = None, *, weight: str | None = None, **fields: Any) -> dict[str, Any]:
    return trace(event, at, **fields) | {"money": money, "weight": weight}


#: Of one thing after another; stones are not declared.
WEIGHTS = ("500g", "1斤", *["1 斤"] * 5, "0.5", "2000 克", "12 kg", "3 stone", "heavy")
STORY = [
    *(told(VIEW, f"2026-05-{day:02}", user="anna", region=region, channel=channel, item=item)
      for day, region, channel, item in (
          (1, "上海", "小程序", "i1"), (2, "Shanghai", "mini_program", "i2"), (3, "上海市", "小程序", "i3"),
          (4, "北京", "app", "i4"), (5, "北京", "app", "i4"))),
    *(told(VIEW, f"2026-04-{day:02}", user="boris", region="火星", item="i4") for day in range(1, 7)),
    told(PAID, "2026-05-09", "USD", id="o1", user="anna", order="A-1", total="100"),
    told(PAID, "2026-05-10", "USD", id="o2", user="anna", order="A-2", total="100"),
    told(PAID, "2026-05-11", "CNY", id="o3", user="boris", order="B-1", total="100"),
    told(PAID, "2026-05-11", "JPY", id="o4", user="boris", order="B-2", total="1000"),
    told(PAID, "2025-12-31", "USD", id="o5", user="carl", order="C-1", total="10"),
    told(BACK, "2026-05-20", "USD", id="r1", user="anna", order="A-1", refund="R-1", total="100"),
    told(BACK, "2026-05-20", None, id="r2", user="anna", order="A-2", refund="R-2", total="20"),
    *(told(VIEW, "2026-05-12T12:00:00", id=f"w{number}", user="dora", weight=weight)
      for number, weight in enumerate(WEIGHTS)),
]  # fmt: skip
GOODS = [
    good("i1", "霜类", brand="NIKE"),
    good("i2", "护肤>面霜", brand="耐克"),
    good("i3", "面霜", brand="Ｎike"),
    good("i4", "宠物", brand="毛团巷"),
]


def made(folder: Path, rules: str = RULES) -> Scene:
    scene = Scene(folder)
    scene.goods(GOODS)
    apply(scene, rules)
    return scene


def apply(scene: Scene, rules: str) -> None:
    CleaningRules(scene.shop.workspace.catalogue, scene.shop.workspace.clock).apply(rules, "own.yaml")


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A shop that was built and checked; not to be changed."""
    one = made(tmp_path_factory.mktemp("words") / "shop")
    one.take(STORY, IN_MONEY)
    one.shop.build()
    check(one.shop)
    yield one
    one.shop.close()


def test_profiles_count_by_the_word_that_is_meant(scene: Scene) -> None:
    anna = scene.profiles()[scene.node("anna")]
    assert (anna["region"], anna["channel"]) == ("上海市/上海市", "mini_program")
    assert (anna["preferred_category"], anna["preferred_brand"]) == ("护肤/面霜", "耐克")
    assert scene.profiles()[scene.node("boris")]["region"] == "火星"
    assert {row["region"] for row in scene.rows("events")} >= {"上海", "Shanghai", "上海市"}


def test_a_condition_may_name_a_word_as_a_source_writes_it(scene: Scene) -> None:
    for asked in ("brand='NIKE'", "brand='耐克'", "region='上海'", "region='上海市/上海市'"):
        assert scene.shop.audience(f"did('Product Viewed', {asked}) = 3").size() == 1


def test_money_is_converted_by_the_rate_of_its_orders_date(scene: Scene) -> None:
    orders = {row["order_id"]: row for row in scene.rows("orders")}
    read = {name: tuple(orders[name][key] for key in ("paid", "refunded", "net", "currency", "paid_in", "rate"))
            for name in ("A-1", "A-2", "B-1", "B-2", "C-1")}  # fmt: skip
    assert read == {
        "A-1": (700, 700, 0, "CNY", "USD", 7.0),
        "A-2": (750, 150, 600, "CNY", "USD", 7.5),
        "B-1": (100, 0, 100, "CNY", None, None),
        "B-2": (1000, 0, 1000, "JPY", None, None),
        "C-1": (10, 0, 10, "USD", None, None),
    }
    assert scene.profiles()[scene.node("anna")]["net_revenue"] == 600


def test_money_without_a_rate_is_flagged(scene: Scene) -> None:
    assert {row["event_id"] for row in scene.rows("flags", "WHERE rule = 'no_rate'")} == {"o4", "o5"}


def test_quantities_are_compared_in_one_unit(scene: Scene) -> None:
    """12 kg is more than may be; half a kilogram, however it is written, is the usual."""
    flagged = scene.rows("flags", "WHERE rule = 'impossible'")
    assert [(row["event_id"], row["field"], row["value"]) for row in flagged] == [("w9", "properties.weight", "12.0")]
    quality = scene.rows("quality", "WHERE field = 'properties.weight' AND event = ''")
    assert [(row["filled"], row["invalid"]) for row in quality if row["filled"]] == [(10, 1)]
    assert {row["value"] for row in scene.rows("fills")} == {"0.5000"}


def test_the_report_tells_what_each_rule_changed_and_which_words_nobody_knows(scene: Scene) -> None:
    found = report(scene.shop)
    assert {(one.rule, one.field): (one.words, one.events) for one in found.words} == {
        ("words.0", "region"): (4, 5),
        ("words.1", "brand"): (2, 2),
        ("words.2", "category"): (2, 2),
        ("words.3", "channel"): (1, 2),
        ("categories", "category"): (1, 1),
        ("units.0", "properties.weight"): (5, 9),
    }
    assert [(one.field, one.word, one.events) for one in found.unknown] == [("region", "火星", 6)]
    [common] = scene.rows("word_counts", "WHERE rule = 'units.0' AND raw <> ''")
    assert (common["raw"], common["word"], common["events"]) == ("1 斤", "0.5 kg", 5)


def test_what_is_counted_does_not_depend_on_the_split(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    once = scene.rows("word_counts", "ORDER BY ALL")
    flags = scene.rows("flags", "ORDER BY ALL")
    monkeypatch.setattr(checking, "parts_for", lambda _rows, _settings: 8)
    check(scene.shop)
    assert (scene.rows("word_counts", "ORDER BY ALL"), scene.rows("flags", "ORDER BY ALL")) == (once, flags)


def test_changed_rules_begin_anew_and_portions_end_the_same(scene: Scene, tmp_path: Path) -> None:
    other = made(tmp_path / "shop", "late_after_hours: 24")
    refunds_first = sorted(STORY, key=lambda one: one["event"] != BACK)
    other.take(refunds_first[:9], IN_MONEY)
    other.shop.build()
    apply(other, RULES)
    assert "words and money" in other.shop.plan_build().anew
    other.shop.build()
    other.take(refunds_first[9:], IN_MONEY)
    assert other.shop.plan_build().anew == ""
    other.shop.build()
    kept = ("order_id", "paid", "refunded", "net", "currency", "paid_in", "rate")
    query = f"SELECT {', '.join(kept)} FROM orders ORDER BY ALL"
    assert other.query(query).to_pylist() == scene.query(query).to_pylist()
    wanted = ("region", "channel", "preferred_category", "preferred_brand", "net_revenue")
    for name in ("anna", "boris", "carl"):
        told, expected = other.profiles()[other.node(name)], scene.profiles()[scene.node(name)]
        assert [told[one] for one in wanted] == [expected[one] for one in wanted]
    other.shop.close()
