"""Orders placed for show are found by signs that come together; orders unlike all others by an isolation forest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from qianmian.app import quality as checking
from qianmian.app.cleaning import CleaningRules
from qianmian.app.quality import check
from qianmian.unify.clean.odd import LEAST_ORDERS
from tests.app.conftest import PAID, VIEW
from tests.app.traces import Scene, trace

START = datetime(2026, 5, 3, 4, tzinfo=UTC)


def at(minutes: float) -> str:
    return (START + timedelta(minutes=minutes)).isoformat()


def paid(minutes: float, name: str, item: str = "i1", **who: Any) -> dict[str, Any]:
    goods = [{"sku": item, "n": 1, "price": "50"}]
    return trace(PAID, at(minutes), id=name, order=name, total="50", products=goods, **who)


def followed(name: str, event: str, minutes: float, **who: Any) -> dict[str, Any]:
    return trace(event, at(minutes), id=f"{name}-{event}", order=name, **who)


def brushed_by_hand(rows: list[dict[str, Any]]) -> dict[str, set[str]]:
    """The signs of each order, looked for row by row."""
    when = {row["id"]: datetime.fromisoformat(row["at"]) for row in rows}
    orders = [row for row in rows if row["event"] == PAID]
    signs: dict[str, set[str]] = {order["id"]: set() for order in orders}
    for order in orders:
        before = [row for row in rows if row["event"] == VIEW and when[row["id"]] <= when[order["id"]]]
        mine = {(kind, row[kind]) for row in rows for kind in ("user", "device") if row[kind] and (
            row["user"] == order["user"] if order["user"] else row["device"] == order["device"])}  # fmt: skip
        item = order["products"][0]["sku"]
        if not any(row["item"] == item and {("user", row["user"]), ("device", row["device"])} & mine for row in before):
            signs[order["id"]].add("unseen")
        reviews = [row for row in rows if row["event"] == "Review Written" and row["order"] == order["order"]]
        came = [row for row in rows if row["event"] == "Order Delivered" and row["order"] == order["order"]]
        if any(timedelta() <= when[one["id"]] - when[two["id"]] <= timedelta(minutes=15)
               for one in reviews for two in came):  # fmt: skip
            signs[order["id"]].add("hasty")
    for first in orders:
        span = [one for one in orders if one["device"] == first["device"] and first["device"]
                and one["products"][0]["sku"] == first["products"][0]["sku"]
                and timedelta() <= when[one["id"]] - when[first["id"]] <= timedelta(hours=24)]  # fmt: skip
        if len(span) >= 5:
            for one in span:
                signs[one["id"]].add("together")
    return {name: found for name, found in signs.items() if len(found) >= 2}


#: A farm at one device; a family at one tablet that looks first; a till, where nobody looks; somebody who is quick.
STORY = [
    *(paid(3 * n, f"farm-{n}", user=f"f{n}", device="farm") for n in range(6)),
    paid(60 * 30, "farm-late", user="f1", device="farm"),
    *(followed(f"farm-{n}", "Order Delivered", 60 * 24) for n in range(6)),
    *(followed(f"farm-{n}", "Review Written", 60 * 24 + (4 if n < 4 else 400), user=f"f{n}") for n in range(6)),
    *(trace(VIEW, at(1), id=f"look-{n}", item="i2", user=f"home{n}", device="tablet") for n in range(5)),
    *(paid(9 + n, f"home-{n}", "i2", user=f"home{n}", device="tablet") for n in range(5)),
    *(paid(7 * n, f"till-{n}", f"i{n}", user=f"t{n}") for n in range(8)),
    paid(5, "quick", "i3", user="quick"),
    followed("quick", "Order Delivered", 900),
    followed("quick", "Review Written", 910, user="quick"),
    trace(VIEW, at(2), id="quick-look", item="i3", user="quick"),
]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path / "shop")
    yield made
    made.shop.close()


def flags(scene: Scene, rule: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in scene.rows("flags", f"WHERE rule = '{rule}'"):
        found.setdefault(row["event_id"], set()).add(row["field"])
    return found


def apply(scene: Scene, text: str) -> None:
    CleaningRules(scene.shop.workspace.catalogue, scene.shop.workspace.clock).apply(text, "own.yaml")


def test_orders_for_show_are_those_of_which_several_signs_speak(scene: Scene) -> None:
    scene.take(STORY)
    check(scene.shop)
    found = flags(scene, "brushed")
    assert found == brushed_by_hand(STORY)
    assert found["farm-0"] == {"unseen", "together", "hasty"}
    assert found["farm-5"] == {"unseen", "together"}
    assert set(found) == {f"farm-{n}" for n in range(6)}
    assert flags(scene, "odd") == {}  # too few to know what is usual
    apply(scene, "brushed: null")
    check(scene.shop)
    assert flags(scene, "brushed") == {}


def test_an_order_unlike_all_others_is_flagged_with_what_sets_it_apart(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    goods = [{"sku": f"i{n}", "n": 90, "price": "50"} for n in range(7)]
    large = {**paid(60 * 207.5, "large", user="company"), "total": "90000", "products": goods}
    scene.take([large, *(paid(97 * n, f"o{n:03}", f"i{n % 7}", user=f"u{n % 60}") for n in range(LEAST_ORDERS + 50))])
    apply(scene, "odd: {score: 0.5}")
    check(scene.shop)
    row, *_ = scene.rows("flags", "WHERE rule = 'odd' ORDER BY value DESC")
    assert (row["event_id"], row["field"] in {"money", "lines", "quantity"}) == ("large", True)
    apply(scene, f"odd: {{score: {float(row['value']) + 0.01}}}")
    monkeypatch.setattr(checking, "parts_for", lambda _rows, _settings: 8)
    check(scene.shop)
    assert flags(scene, "odd") == {}
