"""The check of the data: counted by source, field and day, whatever the split; alerts; who looks after them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from qianmian.app import quality as checking
from qianmian.app.cleaning import CleaningRules
from qianmian.app.plan import parts_for
from qianmian.app.quality import check
from qianmian.app.questions.quality import FieldQuality, acknowledge, field_page, quality
from qianmian.app.questions.quality_examples import examples
from qianmian.core.errors import InputError, UnknownNameError
from qianmian.core.people import id_text
from tests.app.conftest import BACK, PAID, VIEW
from tests.app.traces import EVENTS, NOW, Scene, trace

#: Ten people look daily; on the last two days the app forgets the region.
VIEWS = [
    trace(VIEW, f"2026-05-{day:02}", user=f"u{one}", region=None if day > 28 else "上海", channel="app")
    for day in range(1, 31)
    for one in range(10)
]  # fmt: skip
ORDERS = [
    trace(PAID, "2026-05-03", id="o1", user="anna", order="A-1", total="80",
          products=[{"sku": "i1", "n": 1, "price": "80"}, {"sku": "i2", "n": 2000, "price": "0"}]),
    trace(PAID, "2026-05-03T12:00:01", id="o2", device="till", order="A-1", total="80"),
    trace(PAID, "2026-05-04", id="o3", user="anna", order="A-2", total="-3"),
    trace(PAID, "2026-05-04", id="o4", user="boris", total="5"),
    trace(BACK, "2026-05-05", id="r1", user="anna", order="A-1", refund="R-1", total="80"),
]  # fmt: skip
RULES = "alerts: {least_events: 10, missing: 0.1, invalid: 0.005, repeated: 0.005, drift: 0.25}"


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop that was checked; not to be changed."""
    scene = Scene(tmp_path_factory.mktemp("checked") / "shop")
    scene.take(VIEWS + ORDERS)
    CleaningRules(scene.shop.workspace.catalogue, scene.shop.workspace.clock).apply(RULES, "own.yaml")
    check(scene.shop)
    scene.shop.close()
    return scene.folder


@pytest.fixture
def scene(checked: Path, tmp_path: Path) -> Iterator[Scene]:
    made = Scene(checked).copied(tmp_path / "shop")
    yield made
    made.shop.close()


def field(scene: Scene, name: str) -> FieldQuality:
    return next(one for one in quality(scene.shop).fields if one.field == name)


def counts(scene: Scene, name: str, on: int, event: str = "") -> dict[str, Any]:
    told = f"WHERE field = '{name}' AND event = '{event}' AND happened_on = DATE '2026-05-{on:02}'"
    [row] = scene.rows("quality", told)
    return {name: row[name] for name in ("events", "filled", "invalid", "repeated", "late")}


def test_each_field_is_counted_by_day_over_the_events_that_have_it(scene: Scene) -> None:
    assert counts(scene, "region", 28) == {"events": 10, "filled": 10, "invalid": 0, "repeated": 0, "late": 0}
    assert counts(scene, "region", 30) == {"events": 10, "filled": 0, "invalid": 0, "repeated": 0, "late": 0}
    assert counts(scene, "region", 3)["events"] == 10  # an order never has one, so it lacks none
    assert counts(scene, "name", 3)["events"] == 12
    assert counts(scene, "order_id", 4) == {"events": 2, "filled": 1, "invalid": 0, "repeated": 0, "late": 0}


def test_values_that_cannot_be_are_counted_by_the_bounds_and_their_events(scene: Scene) -> None:
    assert counts(scene, "total", 4, PAID)["invalid"] == 1
    assert counts(scene, "total", 5, BACK)["invalid"] == 0
    assert counts(scene, "lines.quantity", 3) == {"events": 2, "filled": 2, "invalid": 1, "repeated": 0, "late": 0}
    assert counts(scene, "lines.unit_price", 3)["invalid"] == 1


def test_an_order_told_twice_is_counted_once_whoever_told_it(scene: Scene) -> None:
    assert counts(scene, "orders.order_id", 3) == {"events": 2, "filled": 2, "invalid": 0, "repeated": 1, "late": 0}
    assert counts(scene, "orders.order_id", 4) == {"events": 2, "filled": 1, "invalid": 0, "repeated": 0, "late": 0}
    assert counts(scene, "refunds.refund_id", 5)["repeated"] == 0


def test_an_import_of_the_past_is_late_by_when_it_was_received(scene: Scene) -> None:
    assert counts(scene, "received_at", 28)["late"] == 10
    assert counts(scene, "received_at", 31 - 1)["late"] == 10
    scene = scene.at(NOW + timedelta(hours=1))
    scene.take([trace(VIEW, "2026-06-01T11:00:00", id="now", user="u1")])
    check(scene.shop)
    [row] = scene.rows("quality", "WHERE field = 'received_at' AND event = '' AND happened_on = DATE '2026-06-01'")
    assert (row["events"], row["late"]) == (1, 0)


def test_the_result_does_not_depend_on_the_split(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    once = scene.rows("quality", "ORDER BY ALL")
    assert parts_for(len(VIEWS), scene.shop.workspace.settings) == 1
    monkeypatch.setattr(checking, "parts_for", lambda _rows, _settings: 8)
    assert check(scene.shop)["rows"] == len(once)
    assert scene.rows("quality", "ORDER BY ALL") == once
    assert len({row["field"] for row in once}) > 12


def test_a_field_that_is_gone_is_an_alert_until_somebody_looks_after_it(scene: Scene) -> None:
    told = {(one.alert.field, one.alert.kind): one for one in quality(scene.shop).alerts}
    one = told["region", "missing"]
    assert (one.alert.since_on, one.alert.last_on, one.alert.value) == (date(2026, 5, 29), date(2026, 5, 30), 1.0)
    assert (one.alert.is_open, one.acknowledged) == (True, None)
    known = acknowledge(scene.shop, "shop", "region", "missing", by="李雷", note="call 13800138000")
    assert known.acknowledged is not None
    assert (known.acknowledged.acknowledged_by, "13800138000" in known.acknowledged.note) == ("李雷", False)
    again = quality(scene.shop).alerts
    assert [one.acknowledged is not None for one in again if one.alert.field == "region"] == [True]
    assert field(scene, "region").alerts == 1
    with pytest.raises(UnknownNameError):
        acknowledge(scene.shop, "shop", "region", "late", by="李雷")
    with pytest.raises(InputError):
        acknowledge(scene.shop, "shop", "region", "missing", by=" ")


def test_a_day_more_is_the_same_alert_and_a_new_threshold_judges_the_past(scene: Scene) -> None:
    acknowledge(scene.shop, "shop", "region", "missing", by="李雷")
    scene.take([trace(VIEW, "2026-05-31", user=f"w{one}", channel="app") for one in range(10)])
    assert not quality(scene.shop).is_current
    check(scene.shop)
    [one] = [one for one in quality(scene.shop).alerts if one.alert.field == "region"]
    assert (one.alert.last_on, one.acknowledged is not None) == (date(2026, 5, 31), True)
    rules = CleaningRules(scene.shop.workspace.catalogue, scene.shop.workspace.clock)
    rules.apply(RULES.replace("missing: 0.1", "missing: null"), "own.yaml")
    assert [one for one in quality(scene.shop).alerts if one.alert.field == "region"] == []


def test_one_field_is_told_by_day_event_and_class(scene: Scene) -> None:
    page = field_page(scene.shop, "shop", "region")
    assert (len(page.days), page.days[-1].happened_on, page.quality.filled) == (30, date(2026, 5, 30), 50)
    assert [(one.event, one.events, one.filled) for one in page.events] == [(VIEW, 70, 50)]
    assert [(one.name, one.recent, one.before) for one in page.classes] == [("上海", 50, 230)]
    with pytest.raises(UnknownNameError):
        field_page(scene.shop, "shop", "colour")


def test_a_word_that_few_events_have_is_not_named(scene: Scene) -> None:
    rows = [trace(VIEW, "2026-05-31", user="w", region=place) for place in ["北京"] * 5 + ["张三家"] * 4]
    scene.take(rows)
    check(scene.shop)
    names = {one.name for one in field_page(scene.shop, "shop", "region").classes}
    assert names == {"上海", "北京", "…"}


def test_where_values_come_from_elsewhere_the_field_drifts(tmp_path: Path) -> None:
    scene = Scene(tmp_path / "drift")
    rows = [
        trace(VIEW, f"2026-05-{day:02}", user=f"u{one}", channel="app" if day < 25 or one % 4 else "web", region="上海")
        for day in range(1, 31)
        for one in range(40)
    ]
    scene.take(rows)
    CleaningRules(scene.shop.workspace.catalogue, scene.shop.workspace.clock).apply(RULES, "own.yaml")
    check(scene.shop)
    open_ones = [(one.alert.field, one.alert.kind) for one in quality(scene.shop).alerts if one.alert.is_open]
    assert open_ones == [("channel", "drift")]
    assert field(scene, "region").drift == 0.0
    scene.shop.close()


def test_what_was_never_checked_is_told_and_an_empty_shop_can_be_checked(tmp_path: Path) -> None:
    scene = Scene(tmp_path / "empty")
    told = quality(scene.shop)
    assert (told.checked_at, told.fields, told.alerts) == (None, [], [])
    assert check(scene.shop) == {"events": 0, "rows": 0, "flags": 0}
    told = quality(scene.shop)
    assert (told.checked_at, told.is_current) == (NOW, True)
    scene.shop.close()


def test_a_property_that_a_bound_names_is_measured(tmp_path: Path) -> None:
    scene = Scene(tmp_path / "properties")
    mapping = EVENTS.rstrip() + "\nproperties: {fields: {age: age}}\n"
    scene.take(
        [{**trace("Profile Updated", "2026-05-01", user=f"u{age}"), "age": age} for age in (20, 30, 150)], mapping
    )
    check(scene.shop)
    [row] = scene.rows("quality", "WHERE field = 'properties.age' AND event = ''")
    assert (row["events"], row["filled"], row["invalid"]) == (3, 3, 1)
    scene.shop.close()


def told(scene: Scene, *asked: str, on: date | None = None) -> list[tuple[str, str | None, bool]]:
    found = examples(scene.shop, "shop", *asked, on=on)
    assert found.events >= len(found.examples)
    return [(one.event_id, one.value, one.person is not None) for one in found.examples]


def test_the_events_behind_a_number_are_as_many_as_it_says(scene: Scene) -> None:
    may = {"on": date(2026, 5, 4)}
    assert told(scene, "total", "invalid", **may) == [("o3", "-3.0", False)]
    assert told(scene, "orders.order_id", "repeated", on=date(2026, 5, 3)) == [("o2", "A-1", False)]
    assert told(scene, "orders.order_id", "missing", **may) == [("o4", None, False)]
    assert told(scene, "lines.quantity", "invalid", on=date(2026, 5, 3)) == [("o1", "2000.0", False)]
    found = examples(scene.shop, "shop", "region", "missing")
    quality = field(scene, "region")
    assert (found.events, len(found.examples)) == (quality.events - quality.filled, 20)
    late = examples(scene.shop, "shop", "received_at", "late", on=date(2026, 5, 3))
    assert late.events == counts(scene, "received_at", 3)["late"] == 12


def test_the_people_behind_a_number_are_those_of_the_last_build(scene: Scene) -> None:
    scene.shop.build()
    found = examples(scene.shop, "shop", "region", "missing")
    assert found.people == 10
    assert {one.person for one in found.examples} == {id_text(scene.person(f"u{number}")) for number in range(10)}
    with pytest.raises(InputError, match="drift"):
        examples(scene.shop, "shop", "region", "drift")
