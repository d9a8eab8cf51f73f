"""A shop of some hundred people whose regions and channels are known, so that shares are worth telling."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.app.traces import Scene, trace

PEOPLE = 400


def rows() -> Iterator[dict[str, object]]:
    """Every fifth buys; buyers are mostly of 上海, and one region has only three people, all buyers."""
    for number in range(PEOPLE):
        buys = number % 5 == 0
        region = "西藏" if number in (0, 5, 10) else "上海" if buys and number % 3 else "广东" if number % 2 else "江苏"
        told = {"user": f"u{number}", "region": region, "channel": "app" if number % 4 else "web"}
        yield trace("Product Viewed", "2026-05-20", item=f"i{number % 7}", **told)
        if buys:
            yield trace("Order Completed", "2026-05-21", order=f"O-{number}", total=str(10 + number), **told)


@pytest.fixture(scope="session")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """The shop; to ask, not to change."""
    scene = Scene(tmp_path_factory.mktemp("crowd") / "shop")
    scene.take(rows())
    scene.shop.build()
    yield scene
    scene.shop.close()
