"""What tags of September say of the autumn, against the raw file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from examples.folders import Folders
from examples.online_retail.lift import FEWEST, lifts
from examples.online_retail.run import FILE, make_shop
from tests.examples.test_online_retail import RawYear

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
_THEN = date(2010, 9, 9)


def test_tags_tell_who_buys_again(data: Path, tmp_path: Path) -> None:
    sales = [one.sales.values() for one in RawYear(data / FILE).buyers.values()]
    known = [dates for dates in sales if min(dates) <= _THEN]
    shop, _ = make_shop(Folders(data, tmp_path / "shop"))
    try:
        told = lifts(shop)
    finally:
        shop.close()
    assert (told.customers, told.bought) == (len(known), sum(max(dates) > _THEN for dates in known))
    assert all(one.customers >= FEWEST for some in told.classes.values() for one in some)
    for tag, worst, best in (
        ("value_tier", "low", "top"),
        ("rfm", "general_retain", "important_value"),
        ("f_score", "1", "5"),
        ("repurchase_state", "bought_once", "due"),
    ):
        least, most = told.spread(tag)
        assert (least.value, most.value) == (worst, best)
        assert least.rate < 0.8 * told.rate
        assert most.rate > 1.25 * told.rate
