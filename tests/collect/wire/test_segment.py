"""What Segment's and RudderStack's SDKs send becomes lines: each event as it came, with what the envelope knows."""

from __future__ import annotations

import gzip
import zlib
from typing import Any

import orjson
import pytest

from qianmian.collect.wire import payload
from qianmian.collect.wire.segment import SINGLE, TYPES
from qianmian.core.errors import WireError
from tests.collect.wire.requests import SENT_AT, basic, delivered, events, post

TRACK = {"type": "track", "event": "Product Viewed", "messageId": "m-1", "anonymousId": "a-1", "userId": None}


def batch(*told: Any, **envelope: Any) -> dict[str, Any]:
    return {"batch": list(told), "sentAt": SENT_AT, "writeKey": "body-key"} | envelope


def test_an_event_stays_as_it_came_behind_what_the_envelope_knows() -> None:
    request = post(
        "/v1/batch", b'{"batch": [ {"messageId": "m-1" , "type":"track","n":1.50} ],"sentAt":"%s"}' % SENT_AT.encode()
    )
    assert delivered(request).lines == (
        b'{"receivedAt":"2026-05-01T02:00:05.000000Z","sentAt":"2026-05-01T02:00:01.000Z",'
        b'"messageId": "m-1" , "type":"track","n":1.50}\n'
    )


def test_what_we_add_wins_over_what_a_client_forges() -> None:
    [event] = events(post("/v1/batch", batch(TRACK | {"receivedAt": "1999-01-01T00:00:00Z"})))
    assert event["receivedAt"] == "2026-05-01T02:00:05.000000Z"


def test_an_events_own_time_of_sending_goes_before_the_batchs() -> None:
    own = "2026-05-01T02:00:02.000Z"
    told = events(post("/v1/batch", batch(TRACK, TRACK | {"sentAt": own}, TRACK | {"sentAt": "yesterday"})))
    assert [event["sentAt"] for event in told] == [SENT_AT, own, SENT_AT]
    [event] = events(post("/v1/batch", batch(TRACK | {"sentAt": "yesterday"}, sentAt=17)))
    assert event["sentAt"] is None


@pytest.mark.parametrize("path", SINGLE)
def test_the_address_says_the_type_of_an_event_without_one(path: str) -> None:
    [event] = events(post(path, {"messageId": "m", "userId": "u"}))
    assert event["type"] == SINGLE[path]
    assert SINGLE[path][0] == path.split("/")[2][0]
    [event] = events(post(path, {}))
    assert event["messageId"]


@pytest.mark.parametrize("path", ["/v1/batch", "/v1/b", "/v1/import", "/beacon/v1/batch"])
def test_many_events_of_all_types_come_in_one_request(path: str) -> None:
    told = [{"type": kind, "messageId": f"m-{kind}", "userId": "u"} for kind in TYPES]
    assert [event["type"] for event in events(post(path, batch(*told)))] == list(TYPES)


def test_a_missing_message_id_is_made_and_each_is_another() -> None:
    nameless = [TRACK | {"messageId": value} for value in (None, "", "")]
    told = events(post("/v1/batch", batch(*nameless, TRACK | {"messageId": 17})))
    assert len({event["messageId"] for event in told}) == 4
    assert all(event["messageId"] for event in told)
    assert told[3]["messageId"] == 17


@pytest.mark.parametrize(
    ("request_", "key"),
    [
        (post("/v1/batch?writeKey=query", batch(TRACK | {"writeKey": "event"}), authorization=basic("user")), "user"),
        (post("/v1/batch?writeKey=query", batch(TRACK | {"writeKey": "event"}), authorization="Bearer x"), "body-key"),
        (post("/v1/b?writeKey=query", batch(TRACK | {"writeKey": "event"}, writeKey=None)), "event"),
        (post("/beacon/v1/batch?writeKey=query", batch(TRACK, writeKey="")), "query"),
        (post("/v1/t", TRACK | {"writeKey": "event"}, authorization="Basic !!!"), "event"),
        (post("/v1/batch", batch(writeKey=5)), ""),
    ],
)
def test_the_write_key_is_looked_for_in_four_places(request_: Any, key: str) -> None:
    assert delivered(request_).write_key == key


def test_compression_is_seen_by_header_and_by_the_first_bytes() -> None:
    packed = gzip.compress(orjson.dumps(batch(TRACK)))
    form = "application/x-www-form-urlencoded"  # what rudder-sdk-node calls its gzipped JSON
    assert len(events(post("/v1/batch", packed, content_type=form))) == 1
    two = gzip.compress(b'{"batch":[') + gzip.compress(orjson.dumps(TRACK) + b"]}")
    assert len(events(post("/v1/batch", two, content_encoding="gzip"))) == 1
    deflated = zlib.compress(orjson.dumps(batch(TRACK)))
    assert len(events(post("/v1/batch", deflated, content_encoding="deflate"))) == 1


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (gzip.compress(b" " * (payload.MOST_BYTES + 1), mtime=0), "wire_too_large"),
        (gzip.compress(b"{}", mtime=0)[:-9], "wire_half_gzip"),
        (b"\x1f\x8b nothing", "wire_half_gzip"),
        (b"", "wire_no_json"),
        (b'{"batch":[{"type":"track"]', "wire_no_json"),
        (b'{"batch":[1e,]}', "wire_no_json"),
        (b'["batch"]', "wire_other_shape"),
        (b'{"batch":{}}', "wire_other_shape"),
        (b"{}", "wire_other_shape"),
        (b'{"batch":[' + b"[" * 5000 + b"]" * 5000 + b"]}", "wire_too_deep"),
    ],
)
def test_a_request_that_is_none_is_refused_by_name(body: bytes, message: str) -> None:
    with pytest.raises(WireError) as error:
        delivered(post("/v1/batch", body))
    assert error.value.message.name == message


def test_a_bomb_is_not_inflated_beyond_the_limit() -> None:
    within = gzip.compress(b" " * (payload.MOST_BYTES - 2) + b"{}")
    assert len(within) < 20_000
    with pytest.raises(WireError, match="batch"):  # inflated, and only then no batch
        delivered(post("/v1/batch", within))


def test_what_cannot_be_taken_stops_no_neighbour_and_is_kept() -> None:
    sound = orjson.dumps(TRACK)
    odd = [
        b'"text"',
        b"17",
        b"null",
        b"[]",
        b'{"type":"video","messageId":"m"}',
        b'{"messageId":"m"}',
        b'{"type":"track","messageId":"\xff"}',
    ]
    body = b'{"batch":[' + b",".join([sound, *odd, sound]) + b"]}"
    delivery = delivered(post("/v1/batch", body))
    assert delivery.count == 2
    assert [(one.position, one.reason.value) for one in delivery.refused] == [
        *((n, "bad_json") for n in (1, 2, 3, 4)), (5, "bad_kind"), (6, "bad_kind"), (7, "unreadable")
    ]  # fmt: skip
    assert delivery.refused[0].raw == '"text"'
    assert delivery.refused[-1].raw == '{"type":"track","messageId":"\\xff"}'


def test_an_event_that_is_too_long_for_a_line_is_kept_apart() -> None:
    long = TRACK | {"properties": {"text": "x" * payload.MOST_EVENT_BYTES}}
    delivery = delivered(post("/v1/batch", batch(TRACK, long, TRACK)))
    assert (delivery.count, [one.position for one in delivery.refused]) == (2, [1])


def test_faults_that_sdks_make_are_mended() -> None:
    told = rb'{"text":"\ud83d","price":NaN,"low":-Infinity,"says":"NaN"}'
    cut = b'{"batch":[{"type":"track","messageId":"m","properties":' + told + b"}]}"
    [event] = events(post("/v1/batch", cut))
    assert event["properties"] == {"text": "�", "price": None, "low": None, "says": "NaN"}
    whole = rb'{"type":"track","messageId":"m","properties":{"text":"\ud83d\ude00 \\ud83d"}}'
    [event] = events(post("/v1/t", whole))
    assert event["properties"]["text"] == "😀 \\ud83d"


def test_a_body_of_many_lines_and_a_mark_in_front_is_read() -> None:
    text = b"\xef\xbb\xbf" + orjson.dumps(batch(TRACK, TRACK), option=orjson.OPT_INDENT_2).replace(b"\n", b"\r\n")
    assert len(events(post("/v1/batch", text))) == 2


def test_words_of_other_types_cost_no_event() -> None:
    [event] = events(post("/v1/batch", batch(TRACK | {"userId": 17, "sentAt": 1, "writeKey": {}, "event": ["x"]})))
    assert (event["userId"], event["sentAt"]) == (17, SENT_AT)
