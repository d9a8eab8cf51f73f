"""Every delivery of the world is an event that 神策's clients could have sent, in a form of theirs."""

from __future__ import annotations

import base64
import gzip
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import orjson

from qianmian.world.wire.sensors import item_sets
from tests.world.wire.conftest import deliveries, lines, requests

NAME = re.compile(r"[a-zA-Z_$][a-zA-Z0-9_$]{0,99}")


def decoded(request: dict[str, Any]) -> list[dict[str, Any]]:
    """The events of a request, as a collector reads it."""
    form = parse_qs(request["body"].decode(), strict_parsing=True)
    data = base64.b64decode(form["data_list"][0], validate=True)
    events: list[dict[str, Any]] = orjson.loads(gzip.decompress(data) if form["gzip"] == ["1"] else data)
    return events


def own(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The events of the world, without sign-ups and page views beside them."""
    return [event for event in events if event.get("event") not in ("$SignUp", "$pageview")]


def test_every_delivery_is_one_event_that_says_the_same(world: Path, sensors: Path) -> None:
    for table, events in zip(deliveries(world), lines(sensors), strict=True):
        rows = {row["message_id"]: row for row in table.to_pylist()}
        assert Counter(one["properties"]["message_id"] for one in own(events)) == Counter(
            table["message_id"].to_pylist()
        )
        for event in own(events):
            told, row = event["properties"], rows[event["properties"]["message_id"]]
            assert event["time"] == int(row["timestamp"].timestamp() * 1_000_000 + 0.5) // 1_000
            assert event.get("event") == (row["event"].replace(" ", "") if row["type"] == "track" else None)
            assert event["type"] == ("track" if row["type"] == "track" else "profile_set")
            for name in ("order_id", "refund_id", "item_id", "coupon_id", "channel", "region", "consent"):
                assert told.get(name) == row[name]
            assert orjson.loads(row["properties"] or "{}").items() <= told.items()
            assert told.get("total") == (None if row["total"] is None else float(row["total"]))
            amounts = [Decimal(line["amount"]) for line in orjson.loads(row["products"] or "[]")]
            assert [Decimal(text) for text in told.get("products_amount", [])] == amounts
            identities = event.get("identities", {})
            assert identities.get("$identity_login_id") == row["user_id"]
            assert identities.get("$identity_mobile") == row["phone"]
            assert event["distinct_id"] in (row["user_id"], row["anonymous_id"]) or not row["anonymous_id"]


def test_events_keep_to_the_vendors_rules(sensors: Path) -> None:
    for events in lines(sensors):
        for event in events:
            properties = event["properties"]
            assert "event" not in event or NAME.fullmatch(event["event"])
            assert all(NAME.fullmatch(name) for name in properties)
            assert all(
                isinstance(value, str | int | float | bool)
                or (isinstance(value, list) and all(isinstance(one, str) for one in value))
                for value in properties.values()
            )
            assert 0 < len(event["distinct_id"]) <= 255
            assert ("_track_id" in event) == (event["lib"]["$lib"] != "python")


def test_requests_carry_every_event_in_its_clients_form(sensors: Path) -> None:
    for events, sent in zip(lines(sensors), requests(sensors), strict=True):
        carried = []
        for request in sent:
            batch = decoded(request)
            browser = request["path"].startswith("/sa.gif?")
            assert request["body"].endswith(b"gzip=0" if browser else b"gzip=1")
            assert all((event["lib"]["$lib"] == "js") == browser for event in batch)
            assert 0 < len(batch) <= 100  # 50 events, and the sign-ups beside them
            carried += batch
        key = orjson.dumps
        assert Counter(map(key, carried)) == Counter(map(key, events))


def test_a_sign_in_joins_the_ids_first(sensors: Path) -> None:
    for events in lines(sensors):
        for at, event in enumerate(events):
            if event.get("event") == "$SignUp":
                assert event["type"] == "track_signup"
                assert event["distinct_id"] == events[at + 1]["distinct_id"] != event["original_id"]
                assert events[at + 1]["event"] == "SignedIn"


def test_goods_are_items(world: Path) -> None:
    items = [orjson.loads(line) for line in item_sets(world / "goods.csv")]
    rows = (world / "goods.csv").read_text("utf-8").splitlines()[1:]
    assert len(items) == len(rows)
    assert {item["type"] for item in items} == {"item_set"}
    assert [f"{item['properties']['price']:.2f}" for item in items] == [row.split(",")[5] for row in rows]
