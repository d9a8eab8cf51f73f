"""Changes of goods that SDKs send: the same whatever the order, the portions and the repeats in which they come."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from qianmian.app.flusher import Flusher
from qianmian.app.plan import plan
from qianmian.app.taken import Counts
from qianmian.collect.goods import item_states
from qianmian.collect.imports.templates import find_template
from qianmian.lake import release
from tests.app.test_flusher import batch, flushed, form, received, track
from tests.app.traces import Scene, good, trace

MAY = int(datetime(2026, 5, 1, tzinfo=UTC).timestamp() * 1000)
DAY = 86_400_000
COLUMNS = ("title", "category_id", "price", "stock", "attributes", "is_delisted")


def change(item: str, day: int, **properties: Any) -> dict[str, Any]:
    known: dict[str, Any] = {"type": "item_set", "item_type": "sku", "item_id": item, "time": MAY + day * DAY}
    return known | {"properties": properties}


def delisted(item: str, day: int) -> dict[str, Any]:
    return change(item, day) | {"type": "item_delete"}


#: Two changes of one instant, a change told twice, one that takes an item off sale, and one that brings it back.
CHANGES = [
    change("a", 0, title="杯", category="家居", price=10, stock=5, colour="白"),
    change("a", 3, price=12),
    change("a", 3, stock=4, size="大"),
    change("a", 3, price=12),
    change("a", 5, colour="黑"),
    delisted("a", 6),
    change("a", 8, price=9.5),
    change("b", 2, stock=7),
    change("b", 4, title="碗"),
    change("a", 3, stock=4, size="大"),
    delisted("b", 9),
]
#: Worked out by hand: day, title, price, stock, colour and size, whether it is off sale.
EXPECTED = [
    ("a", 0, "杯", "10", 5, {"colour": "白"}, False),
    ("a", 3, "杯", "12", 4, {"colour": "白", "size": "大"}, False),
    ("a", 5, "杯", "12", 4, {"colour": "黑", "size": "大"}, False),
    ("a", 6, "杯", "12", 4, {"colour": "黑", "size": "大"}, True),
    ("a", 8, "杯", "9.5", 4, {"colour": "黑", "size": "大"}, False),
    ("b", 2, None, None, 7, {}, False),
    ("b", 4, "碗", None, 7, {}, False),
    ("b", 9, "碗", None, 7, {}, True),
]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path / "shop")
    yield made
    made.shop.close()


def states(scene: Scene, source: str) -> list[tuple[Any, ...]]:
    told = item_states(*COLUMNS, where=f"source = '{source}'")
    rows = scene.query(f"{told} ORDER BY ALL").to_pylist()
    return [
        (
            row["item_id"],
            (int(row["valid_from"].timestamp() * 1000) - MAY) // DAY,
            row["title"],
            None if row["price"] is None else f"{row['price'].normalize():f}",
            row["stock"],
            json.loads(row["attributes"] or "{}"),
            row["is_delisted"],
        )
        for row in rows
    ]


def test_neither_order_nor_portions_nor_repeats_matter(scene: Scene) -> None:
    lot = random.Random(7)
    for number in range(6):
        told = CHANGES * (1 + number % 2)
        lot.shuffle(told)
        cut = sorted(lot.sample(range(1, len(told)), number % 4))
        counts = Counts()
        for first, last in zip([0, *cut], [*cut, len(told)], strict=True):
            received(scene, form(*told[first:last]), source=f"s{number}")
            counts += flushed(scene)
        stored = len({repr(one) for one in CHANGES})
        assert counts == Counts(received=len(told), stored=stored, duplicates=len(told) - stored)
        assert states(scene, f"s{number}") == EXPECTED


def test_events_and_changes_of_one_request_are_counted_together(scene: Scene) -> None:
    seen = {"type": "track", "event": "Seen", "time": MAY, "distinct_id": "u", "_track_id": 1, "properties": {}}
    odd = change("c", 1, price="dear")
    received(
        scene, form(change("a", 1, price=1), seen, odd, change("a", 1) | {"item_type": "coupon"}, seen), source="web"
    )
    assert flushed(scene) == Counts(received=5, stored=2, duplicates=1, skipped=1, refused=1)
    kept = scene.shop.workspace.refused.newest(("bad_number",), 5)
    assert [(row.field, row.position & 0xFFFF) for row in kept] == [("price", 2)]
    assert len(scene.rows("events")) == len(scene.rows("item_changes")) == 1
    received(scene, batch(track(1, properties={"note": '"item_set"'})), source="web")
    assert flushed(scene) == Counts(received=1, stored=1)


def test_changes_of_a_source_in_development_are_checked_only(scene: Scene) -> None:
    received(scene, form(change("a", 1, price=1)), environment="dev")
    assert flushed(scene) == Counts(received=1, stored=1)
    assert scene.rows("item_changes") == []


def test_a_catalogue_states_an_item_anew_between_changes(scene: Scene) -> None:
    received(scene, form(change("i1", 3, stock=3), change("i1", 20, stock=1)), source="shop")
    flushed(scene)
    scene.goods([good("i1", "美妆", "30", since="2026-04-01"), good("i1", "美妆", "25", since="2026-05-10")])
    told = [(day, price, stock) for _, day, _, price, stock, *_ in states(scene, "shop")]
    assert told == [(-31, "30", None), (3, "30", 3), (8, "25", None), (20, "25", 1)]


def test_an_undated_catalogue_is_compared_with_what_the_item_is(scene: Scene) -> None:
    undated = {**good("i1", "美妆", "30"), "since": None}
    assert scene.goods([undated]).items == 1
    received(scene, form(change("i1", 3, price=20)), source="shop")
    flushed(scene)
    assert scene.goods([{**undated, "price": "20"}]).duplicates == 1
    assert scene.goods([{**undated, "price": "30.0"}]).items == 1
    assert [price for _, _, _, price, *_ in states(scene, "shop")] == ["30", "20", "30"]


def test_a_change_of_price_is_known_to_the_next_build(scene: Scene) -> None:
    scene.goods([good("i1", "美妆", "30"), good("i2", "美妆", "10"), good("i3", "美妆", "20")])
    scene.take([trace("Order Completed", "2026-05-20", user="anna", order="A", total="9", products=[{"sku": "i1"}])])
    scene.shop.build()
    assert scene.shop.profile("anna")["preferred_price_band"] == "high"
    received(scene, form(change("i1", 21, stock=4)), source="shop")
    flushed(scene)
    assert plan(scene.shop.workspace).refold == ""  # stock says nothing of people
    received(scene, form(change("i1", 21, price=5)), source="shop")
    flushed(scene)
    assert plan(scene.shop.workspace).refold
    scene.shop.build()
    assert scene.shop.profile("anna")["preferred_price_band"] == "low"


def test_lines_are_imported_from_a_file_and_undone(scene: Scene, tmp_path: Path) -> None:
    file, mapping = tmp_path / "items.jsonl", tmp_path / "items.yaml"
    file.write_text("".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in CHANGES), encoding="utf-8")
    mapping.write_text(find_template("sensors/goods").text, encoding="utf-8")
    report = scene.shop.import_file(file, mapping)
    assert (report.items, report.duplicates) == (9, 2)
    assert states(scene, "sensors") == EXPECTED
    assert scene.shop.import_file(file, mapping).already
    scene.shop.undo(report.batch)
    assert states(scene, "sensors") == []


def test_a_flusher_that_dies_before_its_release_leaves_no_change_behind(scene: Scene, monkeypatch: Any) -> None:
    def die() -> None:
        raise KeyboardInterrupt

    received(scene, form(*CHANGES, {"type": "track", "event": "Seen", "time": MAY, "distinct_id": "u"}), source="web")
    flusher = Flusher(scene.shop.workspace)
    with monkeypatch.context() as patch:
        patch.setattr(release, "_after_followers", die)
        with pytest.raises(KeyboardInterrupt):
            flusher.flush_all()
    assert scene.rows("item_changes") == []
    assert flushed(scene) == Counts(received=12, stored=10, duplicates=2)
    assert states(scene, "web") == EXPECTED
    assert Decimal(12) in {row["price"] for row in scene.rows("item_changes")}
