"""One small shop, built once, of which each test takes a copy; and a receiver."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.traces import Scene, good, trace
from tests.receiving import Receiving, receiving

VIEW, IN, OUT, PAID, BACK = "Product Viewed", "Signed In", "Signed Out", "Order Completed", "Order Refunded"
#: Anna and Boris share a tablet; Anna has a phone, and an order with two products that was refunded in part.
STORY = [
    trace(IN, "2026-05-02", id="a1", user="anna", device="tablet"),
    trace(VIEW, "2026-05-03", id="a2", device="tablet", item="i1", region="上海"),
    trace(
        PAID, "2026-05-04", id="a3", user="anna", phone="13900000001", order="A-1", total="80",
        products=[{"sku": "i1", "n": 1, "amount": "30"}, {"sku": "i2", "n": 2, "amount": "50"}],
    ),
    trace(BACK, "2026-05-20", id="a4", user="anna", order="A-1", refund="R-1", total="30"),
    trace(BACK, "2026-05-21", id="a5", user="anna", refund="R-2", total="1"),
    trace("Order Delivered", "2026-05-06", id="a6", order="A-1"),
    trace(OUT, "2026-05-10", id="s1", device="tablet"),
    trace(VIEW, "2026-05-11", id="s2", device="tablet", item="i2"),
    trace(IN, "2026-05-12", id="b1", user="boris", device="tablet"),
    trace(VIEW, "2026-05-13", id="b2", device="tablet", item="i2"),
    trace(PAID, "2026-05-14", id="b3", user="boris", order="B-1", total="20", products=[{"sku": "i2", "n": 1}]),
    trace(VIEW, "2026-05-15", id="c1", user="carl", device="laptop", item="i1"),
    trace(PAID, "2026-05-16", id="c2", user="carl", order="C-1", total="500"),
    trace(VIEW, "2026-05-17", id="n1", item="i1"),
]  # fmt: skip
GOODS = [good("i1", "美妆", "30", "棠杳"), good("i2", "家居", "25", "匀器")]


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop's folder; not to be changed."""
    scene = Scene(tmp_path_factory.mktemp("story") / "shop")
    scene.goods(GOODS)
    scene.take(STORY)
    scene.shop.build()
    scene.shop.close()
    return scene.folder


@pytest.fixture(scope="session")
def told(story: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A copy to ask, not to change."""
    scene = Scene(story).copied(tmp_path_factory.mktemp("told") / "shop")
    yield scene
    scene.shop.close()


@pytest.fixture
def scene(story: Path, tmp_path: Path) -> Iterator[Scene]:
    """A copy of one's own."""
    scene = Scene(story).copied(tmp_path / "shop")
    yield scene
    scene.shop.close()


@pytest.fixture
def receiver() -> Iterator[Receiving]:
    """Somebody's program that takes what is sent to it."""
    with receiving() as made:
        yield made
