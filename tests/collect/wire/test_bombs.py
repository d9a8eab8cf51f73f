"""Small bodies that would grow, or never end: refused before they cost anything."""

from __future__ import annotations

import base64
import gzip
import zlib

import pytest

from qianmian.collect.wire.contracts import Request
from qianmian.collect.wire.payload import MOST_EVENTS
from qianmian.core.errors import WireError
from tests.collect.wire.requests import delivered, post

_WIDE = b"[" + b"{}," * (1 << 20) + b"{},{}]"
_MANY = b"[" + b",".join([b"{}"] * (MOST_EVENTS + 1)) + b"]"


def _form(data: bytes) -> Request:
    return post("/sa?project=p", b"data_list=" + base64.b64encode(data))


def _batch(events: bytes) -> Request:
    return post("/v1/batch", b'{"batch":' + events + b"}")


@pytest.mark.parametrize("events", [_WIDE, _MANY], ids=["wide", "many"])
@pytest.mark.parametrize("packed", [_form, _batch])
def test_a_request_of_too_many_events_is_refused_for_its_size(packed, events: bytes):
    with pytest.raises(WireError, match="20000 events") as told:
        delivered(packed(events))
    assert told.value.is_too_large


def test_a_request_of_as_many_events_as_may_be_is_read_through():
    events = b"[" + b",".join([b'{"type":"track","event":"e"}'] * MOST_EVENTS) + b"]"
    assert delivered(_batch(events)).count == MOST_EVENTS


def test_what_inflates_without_end_is_refused_for_its_size():
    for bomb in (gzip.compress(bytes(1 << 25)), zlib.compress(bytes(1 << 25))):
        with pytest.raises(WireError) as told:
            delivered(post("/v1/batch", bomb, content_encoding="deflate"))
        assert told.value.is_too_large


def test_a_gzip_of_very_many_members_is_refused():
    with pytest.raises(WireError, match="damaged"):
        delivered(post("/v1/batch", gzip.compress(b"") * 200_000))


def test_a_gzip_in_a_gzip_is_not_json():
    with pytest.raises(WireError, match="JSON"):
        delivered(post("/v1/batch", gzip.compress(gzip.compress(b'{"batch":[]}'))))


@pytest.mark.parametrize("end", [b"", b"\\", b'"'])
def test_a_text_of_escaped_quotes_that_nobody_closes_is_looked_at_once(end: bytes):
    with pytest.raises(WireError, match="JSON"):
        delivered(post("/v1/batch", b'{"batch":[NaN,"' + b'\\"' * 500_000 + end))
