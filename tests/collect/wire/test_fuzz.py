"""Whatever is sent, the answer is one that a client understands: never a failure of ours, never a broken line."""

from __future__ import annotations

import base64
import gzip
import json
import os
import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qianmian.collect.wire import answers
from qianmian.collect.wire.contracts import Request
from qianmian.collect.wire.doors import Door, find_door, read
from qianmian.collect.wire.segment import BATCHES, SINGLE, TYPES
from qianmian.collect.wire.sensors import PATHS
from qianmian.core.errors import WireError
from qianmian.core.language import Language
from tests.collect.wire.requests import KEY, RECEIVED_AT

#: Requests to each dialect that are made up, and two hundred times as many that are changed ones; 5000 make a million.
EXAMPLES = int(os.environ.get("QIANMIAN_TEST_FUZZ", "500"))
_WORDS = [
    "type",
    "messageId",
    "sentAt",
    "batch",
    "writeKey",
    "_track_id",
    "_flush_time",
    "time",
    "distinct_id",
    "project",
]
_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from([*TYPES, "2026-05-01"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_WORDS) | st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=6,
)
_JSON = _VALUES.map(lambda value: json.dumps(value).encode("utf-8", "surrogatepass"))
_BODIES = (
    st.binary(max_size=60)
    | _JSON
    | st.lists(_JSON, max_size=3).map(lambda all_: b'{"batch":[' + b",".join(all_) + b"]}")
)


@st.composite
def _mangled(draw: st.DrawFn) -> bytes:
    body = draw(_BODIES)
    if body and draw(st.booleans()):
        at = draw(st.integers(0, len(body) - 1))
        body = body[:at] + draw(st.binary(max_size=3)) + body[at + draw(st.integers(0, 2)) :]
    return gzip.compress(body, 1) if draw(st.integers(0, 9)) == 0 else body


def answered(request: Request) -> int:
    """The status of the answer, after a look at everything that a client or an import may stumble over."""
    try:
        delivery = read(request, RECEIVED_AT, KEY)
    except WireError as error:
        answer = answers.refused(request, error, Language.ZH)
        told = json.loads(answer.body)
        assert isinstance(told["code"], str)
        assert isinstance(told["message"], str)
        return answer.status
    lines = delivery.lines.decode().split("\n")
    assert lines.pop() == ""
    assert len(lines) == delivery.count
    for line in lines:
        event: Any = json.loads(line)
        assert event["receivedAt"]
        assert event.get("messageId") or event.get("eventId") or line.count('"messageId"') > 1
    for one in delivery.refused:
        one.raw.encode()
    return answers.taken(request).status


@given(path=st.sampled_from([*SINGLE, *BATCHES]), body=_mangled(), header=st.text(max_size=20))
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_body_to_segment_is_answered(path: str, body: bytes, header: str) -> None:
    request = Request(
        "POST", path, header.encode(), {"authorization": f"Basic {header}", "content-encoding": header}, body
    )
    assert answered(request) in (200, 400, 413)


@given(path=st.sampled_from(sorted(PATHS)), body=_mangled(), header=st.text(max_size=20), packed=st.booleans())
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_body_to_sensors_is_answered(path: str, body: bytes, header: str, packed: bool) -> None:
    if packed:
        body = b"data_list=" + base64.b64encode(body)
    request = Request("POST", path, header.encode("utf-8", "replace"), {}, body)
    assert answered(request) in (200, 400, 413)


@given(path=st.text(max_size=30) | st.sampled_from(["/v1/projects//settings", "/sourceConfig/", "/sa/", "/v1/m"]))
def test_any_path_has_a_door_or_none(path: str) -> None:
    assert find_door(path) is None or isinstance(find_door(path), Door)


_SEEDS = (
    (
        "/v1/batch",
        b'{"batch":[{"type":"track","messageId":"m","event":"e","properties":{"a":1.5,"b":[true,null]}}],"sentAt":"x"}',
    ),
    ("/v1/t", rb'{"messageId":"m","userId":"\ud83d\ude00","context":{"traits":{"phone":"13800138000"}}}'),
    ("/v1/import", b'{"batch":[{"type":"page"},{"type":"alias","sentAt":"2026-05-01T00:00:00Z"}],"writeKey":"k"}'),
    ("/sa", b'[{"type":"track","time":1777600800123,"_track_id":1,"properties":{"a":"\xe4\xb8\xad"}}]'),
    ("/sa.gif", b'{"type":"track_signup","distinct_id":"u","original_id":"a","_flush_time":1,"time":1}'),
)
_PIECES = (
    b'"',
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\\",
    b"\\ud83d",
    b"\xed\xa0\xbd",
    b"\xff",
    b"\0",
    b"\n",
    b"1e400",
    b"NaN",
    b"-",
    b"null",
)


@pytest.mark.slow
@pytest.mark.timeout(1_800)
def test_very_many_mutated_requests_are_answered() -> None:
    draw = random.Random(7)
    statuses = Counter(answered(_mutated(draw)) for _ in range(EXAMPLES * 200))
    assert set(statuses) == {200, 400}
    assert min(statuses.values()) > EXAMPLES * 20


def _mutated(draw: random.Random) -> Request:
    path, body = draw.choice(_SEEDS)
    for _ in range(draw.randrange(4)):
        at = draw.randrange(len(body) + 1)
        body = (
            body[:at] + draw.choice((b"", draw.choice(_PIECES), body[at : at + 9] * 2)) + body[at + draw.randrange(3) :]
        )
    if path in PATHS:
        body = b"data_list=" + base64.b64encode(gzip.compress(body, 1) if draw.random() < 0.2 else body)
        body = body[: -draw.randrange(1, 4)] if draw.random() < 0.1 else body
    return Request("POST", path, b"project=p", {}, body)
