"""Every delivery of the world is a message that Segment's clients could have sent, in a request of theirs."""

from __future__ import annotations

import base64
from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from qianmian.world.wire.segment import WRITE_KEY
from qianmian.world.wire.write import PROTOCOLS, write_wire
from tests.world.wire.conftest import deliveries, lines, requests

CALLS = ("-identify", "-page", "-group", "-alias")


def own(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The messages that are events, without the calls beside them."""
    return [message for message in messages if not message["messageId"].endswith(CALLS)]


def told(row: dict[str, Any]) -> dict[str, Any]:
    """What a message must say of a row of the world."""
    said = {
        "event": row["event"] if row["type"] == "track" else None,
        "user": row["user_id"],
        "anonymous": row["anonymous_id"],
        "timestamp": f"{row['timestamp']:%Y-%m-%dT%H:%M:%S}.{row['timestamp'].microsecond // 1000:03d}Z",
        "channel": row["channel"],
        "device": (row["device_id"], row["device_type"]),
        "region": row["region"],
        "consent": row["consent"],
        "contacts": (row["phone"], row["email"], row["wechat_unionid"]),
    }
    if row["type"] == "track":
        facts = {"order_id": row["order_id"], "refund_id": row["refund_id"], "product_id": row["item_id"]}
        facts |= {"currency": row["currency"], "coupon": row["coupon_id"]}
        said["facts"] = {name: value for name, value in facts.items() if value is not None}
        said["total"] = row["total"]
        said["products"] = [
            (
                line["item_id"],
                line["quantity"],
                Decimal(line["unit_price"]),
                Decimal(line["amount"]),
                line.get("coupon_id"),
            )
            for line in orjson.loads(row["products"] or "[]")
        ]
    said["properties"] = orjson.loads(row["properties"] or "{}")
    return said


def understood(message: dict[str, Any]) -> dict[str, Any]:
    """What a message says."""
    context, track = message["context"], message["type"] == "track"
    anonymous = message["anonymousId"]
    told_of = dict(message["properties" if track else "traits"])
    traits = context.get("traits", {}) if track else told_of
    names = ("phone", "email", "wechat_unionid")
    said = {
        "event": message.get("event"),
        "user": message.get("userId"),
        "anonymous": None if anonymous == message["messageId"] else anonymous,
        "timestamp": message["timestamp"],
        "channel": context.get("channel"),
        "device": tuple(context.get("device", {}).get(name) for name in ("id", "type")),
        "region": "/".join(context["location"][name] for name in ("region", "city")) if "location" in context else None,
        "consent": context.get("consent"),
        "contacts": tuple(traits.get(name) for name in names),
    }
    if track:
        names = ("order_id", "refund_id", "product_id", "currency", "coupon")
        said["facts"] = {name: told_of.pop(name) for name in names if name in told_of}
        said["total"] = Decimal(f"{told_of.pop('total'):.2f}") if "total" in told_of else None
        said["products"] = [
            (line["product_id"], line["quantity"], *(Decimal(f"{line[name]:.2f}") for name in ("price", "amount")),
             line.get("coupon"))
            for line in told_of.pop("products", [])
        ]  # fmt: skip
    else:
        told_of = {name: value for name, value in told_of.items() if name not in names}
    said["properties"] = told_of
    return said


def test_every_delivery_is_one_message_that_says_the_same(world: Path, segment: Path) -> None:
    for table, messages in zip(deliveries(world), lines(segment), strict=True):
        rows = {row["message_id"]: row for row in table.to_pylist()}
        sent = own(messages)
        assert Counter(one["messageId"] for one in sent) == Counter(table["message_id"].to_pylist())
        for message in sent:
            assert understood(message) == told(rows[message["messageId"]])


def test_messages_come_in_order_of_arrival_and_their_clocks_lead_back_to_the_truth(world: Path, segment: Path) -> None:
    for table, messages in zip(deliveries(world), lines(segment), strict=True):
        arrivals = [message["receivedAt"] for message in messages]
        assert arrivals == sorted(arrivals)
        first = {}
        for row in table.to_pylist():
            first.setdefault(row["message_id"], row["timestamp"] + (row["received_at"] - row["sent_at"]))
        for message in own(messages):
            client, sent, received = (
                datetime.fromisoformat(message[name]) for name in ("timestamp", "sentAt", "receivedAt")
            )
            assert client <= sent
            assert abs(received - (sent - client) - first[message["messageId"]]) < timedelta(seconds=1)


def test_a_sign_in_identifies_first_and_a_page_goes_before_its_look(segment: Path) -> None:
    for messages in lines(segment):
        calls = {message["messageId"] for message in messages}
        seen = set()
        for earlier, message in pairwise(messages):
            number = message["messageId"]
            retried = number in seen
            seen.add(number)
            if message.get("event") == "Signed In":
                assert f"{number}-identify" in calls
            if message.get("event") == "Product Viewed" and "page" in message["context"] and not retried:
                assert earlier["messageId"] == f"{number}-page"
        assert {message["type"] for message in messages} == {"track", "identify", "page", "group", "alias"}


def test_requests_carry_every_message_as_its_client_sends_it(segment: Path) -> None:
    for messages, sent in zip(lines(segment), requests(segment), strict=True):
        carried = []
        for request in sent:
            headers, body = orjson.loads(request["headers"]), orjson.loads(request["body"])
            assert base64.b64decode(headers["Authorization"].removeprefix("Basic ")).decode() == f"{WRITE_KEY}:"
            assert body["writeKey"] == WRITE_KEY
            if request["path"] == "/v1/batch":
                batch = body["batch"]
                assert 0 < len(batch) <= 200  # 100 events, and the calls beside them
                assert len(request["body"]) <= 500_000
            else:
                batch = [body]
                assert request["path"] == f"/v1/{body['type'][0]}"
                assert body["context"]["library"]["name"] == "analytics.js"
            carried += [(one["messageId"], body["sentAt"], request["received_at"]) for one in batch]
        assert Counter(one for one, *_ in carried) == Counter(message["messageId"] for message in messages)
        arrivals = [request["received_at"] for request in sent]
        assert arrivals == sorted(arrivals)
        known = {(one["messageId"], one["sentAt"], one["receivedAt"][:23]) for one in messages}
        assert {
            (one, at, f"{got:%Y-%m-%dT%H:%M:%S}.{got.microsecond // 1000:03d}") for one, at, got in carried
        } == known


def test_retries_are_the_worlds_repeated_deliveries_and_renew_their_clock(world: Path, segment: Path) -> None:
    for table, sent in zip(deliveries(world), requests(segment), strict=True):
        repeated = [one for one, times in Counter(table["message_id"].to_pylist()).items() if times > 1]
        retried = []
        for request in sent:
            if "X-Retry-Count" in request["headers"]:
                body = orjson.loads(request["body"])
                retried += [one["messageId"] for one in body.get("batch", [body])]
                assert datetime.fromisoformat(body["sentAt"]) - request["received_at"] < timedelta(days=800)
        assert sorted(retried) == sorted(repeated)


def test_an_event_of_a_new_kind_is_a_track(world: Path, tmp_path: Path) -> None:
    table = deliveries(world)[0].slice(0, 500)
    new = pa.array(["Bargain Cut"] * len(table), pa.string())
    said = pa.array(['{"who":"a \\"b\\"","deep":{"x":[1,{"y":null}]}}'] * len(table), pa.string())
    table = table.set_column(table.column_names.index("event"), "event", new)
    table = table.set_column(table.column_names.index("properties"), "properties", said)
    table = table.set_column(table.column_names.index("type"), "type", pa.array(["track"] * len(table)))
    (tmp_path / "events").mkdir()
    pq.write_table(table.append_column("novel", new), tmp_path / "events" / "part-0000.parquet")
    for name in PROTOCOLS:
        write_wire(tmp_path, PROTOCOLS[name], tmp_path / name)
    (segment,), (sensors,) = lines(tmp_path / "segment"), lines(tmp_path / "sensors")
    assert {message["event"] for message in segment} == {"Bargain Cut"}
    assert all(message["properties"]["deep"] == {"x": [1, {"y": None}]} for message in segment)
    assert {message["event"] for message in sensors} == {"BargainCut"}


def test_the_same_world_gives_the_same_bytes(world: Path, segment: Path, sensors: Path, tmp_path: Path) -> None:
    for name, folder in (("segment", segment), ("sensors", sensors)):
        write_wire(world, PROTOCOLS[name], tmp_path / name)
        for file in folder.iterdir():
            assert file.read_bytes() == (tmp_path / name / file.name).read_bytes()
