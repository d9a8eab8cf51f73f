"""Goods: found by any of their words and by how they stand, opened to what they were, how they sold and who bought."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from qianmian.app.questions.goods import goods
from qianmian.app.questions.item import item_page
from qianmian.app.questions.sales import RULES, StockState
from qianmian.app.shop import ANALYSE
from qianmian.core.errors import InputError, UnknownNameError
from tests.app.traces import good, trace

STOCKED = """
source: shop
grain: item
partial: true
format: jsonl
item: {item_id: sku, valid_from: at, stock: stock, spu_id: spu, is_delisted: gone, image_url: picture}
attributes: [size]
"""


def found(scene, **asked):
    return goods(scene.shop, purpose=ANALYSE, **asked)


def test_goods_are_found_by_their_words_a_page_at_a_time(told):
    assert [item.item_id for item in found(told).goods] == ["i1", "i2"]
    first = found(told, limit=1)
    second = found(told, limit=1, after=first.next)
    assert [item.item_id for item in (*first.goods, *second.goods)] == ["i1", "i2"]
    assert (first.total, second.next) == (2, None)
    for text, ids in (("美妆", ["i1"]), ("匀", ["i2"]), ("I2", ["i2"]), ("%", []), ("'", [])):
        assert [item.item_id for item in found(told, text=text).goods] == ids
    with pytest.raises(InputError):
        found(told, after="x")


def test_an_item_tells_its_prices_and_its_people(scene):
    scene.goods([good("i2", "家居", "35", "匀器", since="2026-05-10"), good("i2", "家居", "99", since="2027-01-01")])
    scene.shop.build()
    source = found(scene).goods[0].source
    page = item_page(scene.shop, source, "i2", purpose=ANALYSE)
    assert [item.price for item in page.history] == [Decimal(35), Decimal(25)]
    assert page.item == page.history[0]
    assert page.buyers.people == scene.shop.audience(page.buyers.condition).size() == 2
    assert page.viewers.people == scene.shop.audience(page.viewers.condition).size() == 2
    with pytest.raises(UnknownNameError):
        item_page(scene.shop, source, "i3", purpose=ANALYSE)


def stocked(scene, **facts):
    """Change items: number → what of them."""
    names = ("sku", "at", "stock", "spu", "gone", "picture", "size")
    rows = [{"sku": sku, "at": "2026-05-31T00:00:00Z"} | one for sku, one in facts.items()]
    return scene._take([{name: row.get(name) for name in names} for row in rows], STOCKED)


def bought(item, pieces, on):
    line = {"sku": item, "n": pieces, "amount": f"{10 * pieces}"}
    return trace("Order Completed", on, user="dora", order=f"{item}-{on}", total=line["amount"], products=[line])


def test_the_net_of_all_items_is_that_of_the_shop(scene):
    two = [{"sku": "i1", "n": 1, "amount": "30"}, {"sku": "i2", "n": 3, "amount": "90"}]
    free = [{"sku": "i1", "n": 1}, {"sku": "i2", "n": 1}]
    scene.take(
        [
            trace("Order Completed", "2026-05-25", user="dora", order="D-1", total="100", products=two),
            trace("Order Refunded", "2026-05-26", user="dora", order="D-1", refund="D-2", total="40"),
            trace("Order Completed", "2026-05-27", user="dora", order="D-3", total="5", products=free),
        ]
    )
    scene.shop.build()
    first = RULES.first(date(2026, 6, 1))
    orders = scene.query(
        f"SELECT net FROM orders SEMI JOIN event_lines USING (event_key) WHERE ordered_on >= '{first}'"
    )
    told = {item.item_id: item for item in found(scene).goods}
    assert sum(item.net for item in told.values()) == sum(orders["net"].to_pylist())
    # D-1: 60 after its refund, shared 1 to 3; D-3: 5 without a price of its lines, in halves. A-1 is too old to count.
    assert told["i1"].net == Decimal(15) + Decimal("2.5")
    assert (told["i1"].pieces, told["i2"].pieces) == (2, 5)


#: Stock, pieces sold in 28 days, whether it is off sale; how it stands, and for how many days the stock lasts.
STANDS = [
    (5, 28, True, StockState.DELISTED, 5),
    (None, 28, None, StockState.UNKNOWN, None),
    (0, 28, None, StockState.OUT_OF_STOCK, 0),
    (-2, 28, None, StockState.OUT_OF_STOCK, 0),
    (13, 28, None, StockState.RUNNING_OUT, 13),
    (14, 28, None, StockState.IN_STOCK, 14),
    (180, 28, None, StockState.IN_STOCK, 180),
    (181, 28, None, StockState.OVER_STOCKED, 181),
    (1, 0, None, StockState.OVER_STOCKED, None),
]


def test_a_state_means_what_the_rules_say_in_both_places(scene):
    scene.goods([good(f"k{number}", "家居") for number in range(len(STANDS))])
    scene.take([bought(f"k{n}", pieces, "2026-05-20") for n, (_, pieces, *_) in enumerate(STANDS) if pieces])
    stocked(scene, **{f"k{n}": {"stock": stock, "gone": gone} for n, (stock, _, gone, *_) in enumerate(STANDS)})
    scene.shop.build()
    listed = {item.item_id: item for item in found(scene).goods}
    for number, (stock, pieces, gone, *expected) in enumerate(STANDS):
        told = listed[f"k{number}"]
        assert [told.state, told.days_of_cover] == expected
        assert [RULES.state(stock, pieces, gone), RULES.days_of_cover(stock, pieces)] == expected
        sales = item_page(scene.shop, "shop", f"k{number}", purpose=ANALYSE).sales
        assert [sales.state, sales.days_of_cover, sales.pieces] == [*expected, pieces]


def test_goods_are_found_by_how_they_stand(scene):
    scene.goods([good("i3", "家居")])
    stocked(scene, i1={"stock": 0}, i2={"stock": 1}, i3={"gone": "true"})
    scene.shop.build()
    for state, ids in ((StockState.OUT_OF_STOCK, ["i1"]), (StockState.DELISTED, ["i3"]), (StockState.UNKNOWN, [])):
        page = found(scene, state=state)
        assert ([item.item_id for item in page.goods], page.total) == (ids, len(ids))
    all_ = found(scene, text="i")
    assert sum(all_.states.values()) == all_.total == 3
    assert found(scene, state=StockState.DELISTED, text="i1").total == 0


def test_a_page_tells_the_course_of_an_item_and_its_model(scene):
    scene.goods([good("i1", "美妆", "20", since="2026-05-16"), good("i4", "美妆"), good("i5", "美妆")])
    stocked(
        scene,
        i1={"spu": "p", "size": "大", "stock": 3},
        i4={"spu": "p", "size": "小"},
        i5={"spu": "q", "at": "2026-05-20T00:00:00Z"},
    )
    stocked(scene, i5={"spu": "p", "at": "2026-05-19T00:00:00Z"})
    scene.shop.build()
    page = item_page(scene.shop, "shop", "i1", purpose=ANALYSE)
    assert page.attributes == {"size": "大"}
    assert [(one.item_id, one.attributes) for one in page.variants] == [("i1", {"size": "大"}), ("i4", {"size": "小"})]
    assert (len(page.course), page.course[-1].on) == (90, date(2026, 6, 1))
    by_date = {day.on: day for day in page.course}
    assert [by_date[date(2026, 5, on)].price for on in (15, 16)] == [Decimal(30), Decimal(20)]
    assert [by_date[date(2026, 5, on)].stock for on in (30, 31)] == [None, 3]
    sold = by_date[date(2026, 5, 4)]
    assert (sold.pieces, scene.shop.audience(sold.condition).size()) == (1, 1)
    assert by_date[date(2026, 5, 5)].condition is None
    assert page.sales.pieces == 0
    assert page.sales.buyers.people == scene.shop.audience(page.sales.buyers.condition).size() == 0
    assert sum(day.net for day in page.course) == sold.net


def test_a_margin_needs_price_and_cost(told):
    page = item_page(told.shop, "shop", "i1", purpose=ANALYSE)
    assert page.margin is None
    assert not page.shows_picture
    assert replace(RULES, pace_days=7).first(date(2026, 6, 7)) == date(2026, 6, 1)
