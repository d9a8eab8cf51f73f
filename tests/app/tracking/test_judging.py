"""Events are judged by the plan as they are taken in: deviations are counted, and kept apart where the mode says so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from qianmian.app.taken import Counts, Share, Taken
from qianmian.app.tracking.counts import seen
from qianmian.collect.plan.found import Deviating, Findings, Seen
from qianmian.core.clock import FixedClock
from qianmian.core.errors import InputError
from tests.app.test_flusher import batch, received
from tests.app.test_flusher import form as of_sensors
from tests.app.traces import NOW
from tests.app.tracking.following import PLAN, Followed, files_with, paid, track

#: What is sent → the kind of violation and the property; None = it is as planned.
CASES = {
    1: (paid(1), None),
    2: (paid(2, order_id=None), ("missing_property", "order_id")),
    3: (paid(3, total="30.5"), ("wrong_type", "total")),
    4: (paid(4, paid_at="soon"), ("wrong_value", "paid_at")),
    5: (paid(5, channel="fax"), ("wrong_value", "channel")),
    6: (paid(6, colour="red"), ("unplanned_property", "colour")),
    7: (track(7, event="Cart Shared"), ("unplanned_event", "")),
    8: (paid(8, paid_at="2026-05-30T03:00:00Z", pieces=2, total=30, channel="app"), None),
    9: (paid(9, pieces=2.5), ("wrong_type", "pieces")),
    10: (track(10, type="identify", event=None, traits={"anything": 1}), None),
    11: (track(11, event="$AppStart", properties={"$lib": "js"}), None),
    12: (paid(12, **{"$lib": "js"}, refund_id="r", product_id="i"), None),
    13: (paid(13, total=None, paid_at=1780200000), None),
    14: (paid(14, receiver="李小明", mobile=13800138000), None),
}
VALUES = {"missing_property", "wrong_type", "wrong_value"}
APART = {
    "observe": set(),
    "quarantine": VALUES,
    "strict": {*VALUES, "unplanned_event", "unplanned_property"},
}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Followed]:
    made = Followed(tmp_path / "shop")
    yield made
    made.shop.close()


def deviating(kinds: set[str]) -> dict[str, tuple[str, str]]:
    return {f"m-{number}": found for number, (_, found) in CASES.items() if found and found[0] in kinds}


@pytest.mark.parametrize("mode", APART)
def test_a_mode_keeps_apart_what_it_says_and_every_deviation_is_counted_once(shop: Followed, mode: str) -> None:
    shop.apply(mode=mode)
    counts = shop.send(*(message for message, _ in CASES.values()))
    apart = deviating(APART[mode])
    assert shop.apart() == apart
    assert shop.ids() == sorted(f"m-{number}" for number in CASES if f"m-{number}" not in apart)
    assert counts == Counts(received=len(CASES), stored=len(CASES) - len(apart), refused=len(apart))
    assert sum(shop.violations().values()) == len(deviating(APART["strict"]))
    assert shop.send(CASES[1][0], CASES[3][0]).duplicates == (2 if mode == "observe" else 1)
    again = shop.violations()[CASES[3][1]]
    assert again == (1 if mode == "observe" else 2)  # a repeat of what is in says nothing new


def test_the_verdict_of_an_event_does_not_depend_on_how_events_are_split(shop: Followed, tmp_path: Path) -> None:
    shop.apply(mode="strict")
    messages = [message for message, _ in CASES.values()]
    shop.send(*messages)
    apart, found = shop.apart(), shop.violations()
    for name, most_bytes, sent in (("pairs", 700, messages), ("some", 1500, messages[::-1])):
        other = Followed(tmp_path / name)
        other.apply(mode="strict")
        other.send(*sent, most_bytes=most_bytes)
        assert (other.apart(), other.violations()) == (apart, found)
        other.shop.close()


def test_an_event_of_many_odd_properties_is_judged_like_any_other(shop: Followed) -> None:
    shop.apply(mode="quarantine")
    strange = [paid(100 + n, **{f"key {n} {m}": m for m in range(40)}) for n in range(10)]
    wrong = paid(200, **{f"key 200 {m}": m for m in range(40)}, pieces="much")
    counts = shop.send(*strange, wrong, CASES[1][0])
    assert (counts.stored, shop.apart()) == (11, {"m-200": ("wrong_type", "pieces")})
    found = shop.violations()
    assert found["wrong_type", "pieces"] == 1
    assert ("unplanned_property", "*") in found


def test_without_a_plan_nothing_deviates_and_all_is_noted(shop: Followed) -> None:
    assert (
        shop.send(paid(1, pieces=None), paid(2, pieces="x"), paid(3, pieces=7), track(4, event="Cart Shared")).stored
        == 4
    )
    assert shop.violations() == {}
    noted = {
        (one.event, one.property, one.type): (one.events, one.sample) for one in seen(shop.shop.workspace.catalogue)
    }
    assert noted["Order Completed", "", ""] == (3, "")
    assert noted["Order Completed", "pieces", "text"] == (1, "a")
    assert noted["Order Completed", "pieces", "whole"] == (1, "9")
    assert noted["Order Completed", "order_id", "text"] == (3, "a-9")
    with pytest.raises(InputError, match="nothing is planned yet"):
        shop.plans.choose("strict")


def test_each_source_has_a_mode_of_its_own_or_the_workspaces(shop: Followed) -> None:
    shop.apply(mode="quarantine", source="web")
    assert shop.send(paid(1, pieces="x"), source="web").refused == 1
    assert shop.send(paid(1, pieces="x"), source="till").stored == 1
    shop.plans.choose("quarantine")
    shop.plans.choose("observe", source="web")
    assert shop.send(paid(2, pieces="x"), source="web").stored == 1
    assert shop.send(paid(2, pieces="x"), source="till").refused == 1
    shop.plans.choose(None, source="web")
    assert shop.send(paid(3, pieces="x"), source="web").refused == 1


def test_a_source_in_development_is_told_of_deviations_and_nothing_is_kept(shop: Followed) -> None:
    shop.apply(mode="strict")
    assert shop.send(paid(1, pieces="x"), environment="dev") == Counts(received=1, refused=1)
    assert (shop.ids(), shop.apart()) == ([], {})
    assert shop.violations() == {("wrong_type", "pieces"): 1}


def test_what_another_protocol_adds_by_itself_is_no_deviation(shop: Followed) -> None:
    shop.apply(PLAN + "  Product Viewed: {properties: {page: text}}\n", mode="strict")
    told = {"item_id": "i", "page": "home", "$os": "iOS", "$city": "上海", "device_type": "ios", "region": "上海"}
    view = {"type": "track", "event": "ProductViewed", "time": 1780200000000, "distinct_id": "d", "_track_id": 1}
    received(shop, of_sensors(view | {"properties": told}, view | {"_track_id": 2, "properties": {"pages": 1}}))
    assert shop.send() == Counts(received=2, stored=1, refused=1)
    assert shop.violations() == {("unplanned_property", "pages"): 1}


def test_a_property_that_is_declared_personal_never_reaches_the_lake_or_the_counts(shop: Followed) -> None:
    shop.apply(PLAN.replace("properties: {channel", "properties: {guest: {personal: name}, channel"), mode="quarantine")
    secret = {"receiver": "司徒青云", "mobile": 13800138000, "guest": "欧阳长风"}
    counts = shop.send(
        paid(1, **secret),
        paid(2, **secret | {"guest": {"first": "长风", "last": "欧阳"}, "receiver": None}),
        track(3, event="Cart Shared", properties=secret),  # unplanned: only what is personal everywhere is known
        paid(4, **secret, pieces="欧阳长风"),
    )
    assert (counts.stored, counts.refused) == (3, 1)
    twice = batch(paid(5, twice=0))
    body = twice.body.replace(b'"twice": 0', '"guest": null, "guest": "欧阳长风"'.encode())
    received(shop, replace(twice, body=body))
    assert shop.send().stored == 1
    stored = {row["event_id"]: json.loads(row["properties"]) for row in shop.rows("events")}
    placed = {"receiver": "[name]", "mobile": "[phone]", "guest": "[name]"}
    assert {key: value for key, value in stored["m-1"].items() if key in secret} == placed
    assert "receiver" not in stored["m-2"]
    assert stored["m-2"]["guest"] == stored["m-3"]["guest"] == "[name]"
    shop.shop.close()
    assert files_with(shop.folder, "欧阳", "长风", "13800138000", "\\u6b27\\u9633") == []
    assert (
        files_with(shop.folder, "司徒青云") != []
    )  # the control: Cart Shared is not planned, so nobody knew of its receiver
    shop.shop = Followed(shop.folder).shop


def test_counts_become_valid_with_the_events_that_they_count(shop: Followed) -> None:
    workspace = shop.shop.workspace
    taken = Taken(workspace.catalogue, FixedClock(NOW), "Asia/Shanghai")
    share = Share("20260601", "web", "prod", "segment")
    findings = Findings((Seen("A", "", "", 2), Seen("A", "b", "text", 2, "a")), (Deviating("A", "b", "wrong_type", 2),))
    for is_in, expected in ((False, {}), (True, {("wrong_type", "b"): 2})):
        taken.announce(taken.begin(share, 1), Counts(received=2, stored=2), findings)
        taken.settle(lambda _share, _upto, is_in=is_in: is_in)
        assert shop.violations() == expected
    taken.settle(lambda _share, _upto: True)
    assert shop.violations() == {("wrong_type", "b"): 2}
