"""What the SDKs of 神策 send becomes lines, in whatever form it comes."""

from __future__ import annotations

import base64
import gzip
from typing import Any
from urllib.parse import quote

import orjson
import pytest

from qianmian.collect.wire.contracts import Delivery, Request
from qianmian.collect.wire.doors import read
from qianmian.collect.wire.payload import MOST_BYTES
from qianmian.collect.wire.sensors import TYPES
from qianmian.core.errors import WireError
from tests.collect.wire.requests import KEY, RECEIVED_AT, delivered, events, form, get, post

SEEN = {"type": "track", "event": "Seen", "time": 1777600800123, "distinct_id": "d-1", "properties": {"说": "a+b=c&d%"}}
NUMBERED = SEEN | {"_track_id": 123456789, "_flush_time": 1777600801000}


def told(request: Request) -> list[dict[str, Any]]:
    """The events without what we add."""
    return [
        {key: value for key, value in event.items() if key not in ("receivedAt", "eventId")}
        for event in events(request)
    ]


def ids(*requests: Request) -> list[str]:
    return [event["eventId"] for request in requests for event in events(request)]


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("path", ["/sa", "/sa.gif", "/debug"])
def test_one_event_and_many_come_in_a_form(path: str, packed: bool) -> None:
    kind = {"content_type": "text/plain;charset=UTF-8"}  # so a browser labels what it sends as a page closes
    assert told(post(path, form(SEEN, "data", packed, ext="crc=-17"), **kind)) == [SEEN]
    assert told(post(path, form([SEEN, NUMBERED], "data_list", packed), **kind)) == [SEEN, NUMBERED]


def test_an_event_comes_in_an_address() -> None:
    assert told(get("/sa.gif?project=&" + form(SEEN, "data", packed=False, ext="crc=1").decode())) == [SEEN]


def test_what_clients_and_proxies_do_to_base64_is_undone() -> None:
    events_ = [SEEN | {"distinct_id": f"d-{n}"} for n in range(40)]
    text = next(
        one
        for level in range(10)
        if "+" in (one := base64.b64encode(gzip.compress(orjson.dumps(events_), level)).decode()) and "/" in one
    )
    spoiled = [text, text.rstrip("="), text.replace("+", " "), text.replace("+", "-").replace("/", "_")]
    for one in (*spoiled, *(quote(one, safe="") for one in spoiled)):
        assert told(post("/sa", f"gzip=1&data_list={one}".encode())) == events_


def test_the_project_of_an_event_goes_before_that_of_the_address() -> None:
    [own, none] = events(post("/sa?project=shop", form([SEEN | {"project": "other"}, SEEN])))
    assert (own["project"], none["project"]) == ("other", "shop")


@pytest.mark.parametrize(
    ("path", "event", "key"),
    [
        ("/sa?project=shop&token=secret", SEEN | {"token": "own"}, "secret"),
        ("/sa?project=shop", SEEN | {"token": "own"}, "own"),
        ("/sa?project=shop", SEEN | {"project": "other"}, "other"),
        ("/sa?project=%E5%BA%97+1", SEEN, "店 1"),
        ("/sa", SEEN, ""),
    ],
)
def test_the_write_key_is_the_token_or_else_the_project(path: str, event: dict[str, Any], key: str) -> None:
    assert delivered(post(path, form([event]))).write_key == key


def test_sent_again_an_event_has_the_same_id() -> None:
    again = NUMBERED | {"_flush_time": 1777600900000}
    assert len(set(ids(post("/sa", form([NUMBERED])), post("/sa", form(again, "data"))))) == 1
    late = SEEN | {"_flush_time": 1777600801000}
    assert len(set(ids(post("/sa", form([late])), post("/sa", form([late | {"_flush_time": 1777600900000}]))))) == 1


@pytest.mark.parametrize("sent", ["1777600900000", '"17,77"', "1e3", " 17 "])
def test_it_is_known_again_whatever_else_it_holds(sent: str) -> None:
    """A number beyond all numbers is JSON, and whose business it is comes later."""
    head = orjson.dumps(SEEN).decode()[:-1]
    told = [base64.b64encode(f'{head},"huge":11e400,"_flush_time":{at}}}'.encode()) for at in ("1", sent)]
    lines = [delivered(post("/sa", f"data={quote(one)}".encode())).lines for one in told]
    assert len({line.partition(b",")[0] for line in lines}) == 1
    assert b"eventId" in lines[0].partition(b",")[0]


def test_a_number_that_comes_twice_in_one_request_is_one_event() -> None:
    again = NUMBERED | {"_flush_time": 1777600900000}
    assert len(set(ids(post("/sa", form([NUMBERED, SEEN, again])), post("/sa", form([NUMBERED]))))) == 2


def test_equal_events_of_one_request_are_two_also_when_sent_again() -> None:
    first, again = ids(post("/sa", form([SEEN, SEEN, SEEN]))), ids(post("/sa", form([SEEN, SEEN, SEEN, NUMBERED])))
    assert len(set(first)) == 3
    assert again[:3] == first


@pytest.mark.parametrize(
    "change", [{"distinct_id": "d-2"}, {"time": 1777600800124}, {"type": "profile_set"}, {"event": "Bought"}]
)
def test_the_short_number_alone_identifies_nothing(change: dict[str, Any]) -> None:
    assert len(set(ids(post("/sa", form([NUMBERED, NUMBERED | change]))))) == 2
    assert ids(post("/sa?project=a", form([NUMBERED]))) != ids(post("/sa?project=b", form([NUMBERED])))


def test_an_id_tells_nothing_without_the_key() -> None:
    request = post("/sa", form([SEEN]))
    assert read(request, RECEIVED_AT, KEY).lines != read(request, RECEIVED_AT, b"another").lines


def refused(delivery: Delivery) -> list[tuple[int, str]]:
    return [(one.position, one.reason.value) for one in delivery.refused]


@pytest.mark.parametrize(
    "told_",
    [b"data_list=%%%", b"data_list=" + base64.b64encode(b"{"), b"data=" + base64.b64encode(b"\x1f\x8b0"), b"data=A",
     b"data_list=" + base64.b64encode(b"[" * 5000), b"data_list=" + base64.b64encode(b"\xff\xfe")],
)  # fmt: skip
def test_data_that_cannot_be_read_are_taken_and_kept_apart(told_: bytes) -> None:
    delivery = delivered(post("/sa", told_))
    assert (delivery.count, refused(delivery)) == (0, [(0, "unreadable")])
    assert delivery.refused[0].raw == told_.partition(b"=")[2].decode()


def test_what_cannot_be_taken_stops_no_neighbour() -> None:
    delivery = delivered(post("/sa", form([SEEN, "text", SEEN | {"type": "look"}, {}, SEEN | {"time": [1]}, SEEN])))
    assert (delivery.count, refused(delivery)) == (3, [(1, "bad_json"), (2, "bad_kind"), (3, "bad_kind")])


def test_a_request_without_data_or_with_a_bomb_is_refused() -> None:
    for request in (post("/sa", b""), post("/sa", b"gzip=1"), get("/sa.gif?project=p")):
        with pytest.raises(WireError, match="data_list"):
            delivered(request)
    with pytest.raises(WireError, match="MiB"):
        delivered(post("/sa", b"gzip=1&data=" + base64.b64encode(gzip.compress(b" " * (MOST_BYTES + 1)))))


def test_an_emoji_in_two_halves_is_made_whole() -> None:
    """So the SDK for mini-programs encodes what is beyond the first plane."""
    text = orjson.dumps([SEEN | {"properties": {"said": "x y"}}]).replace(b"x", b"\xed\xa0\xbd\xed\xb8\x80")
    [event] = told(post("/sa", b"data_list=" + base64.b64encode(text)))
    assert event["properties"]["said"] == "😀 y"
    alone = orjson.dumps([SEEN | {"properties": {"said": "x y"}}]).replace(b"x", b"\xed\xa0\xbd")
    [event] = told(post("/sa", b"data_list=" + base64.b64encode(alone)))
    assert event["properties"]["said"] == "\ufffd y"


def test_every_type_is_taken() -> None:
    assert [one["type"] for one in events(post("/sa", form([SEEN | {"type": kind} for kind in TYPES])))] == list(TYPES)
