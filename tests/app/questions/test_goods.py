"""Goods: found by any of their words, told with what they were before, and opened to the people who bought them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from qianmian.app.questions.goods import goods, item_page
from qianmian.app.shop import ANALYSE
from qianmian.core.errors import InputError, UnknownNameError
from tests.app.traces import good


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
