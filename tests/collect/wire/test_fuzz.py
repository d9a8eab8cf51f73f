"""Whatever is sent, the answer is one that a client understands: never a failure of ours, never a broken line."""

from __future__ import annotations

import base64
import gzip
import json
import os
from typing import Any

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

#: Requests to each dialect; a long run is asked for by the environment.
EXAMPLES = int(os.environ.get("QIANMIAN_TEST_FUZZ", "1000"))
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
