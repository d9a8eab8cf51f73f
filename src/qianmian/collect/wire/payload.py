"""A body as JSON that every later reader takes: inflated within a limit, on one line, mended where SDKs err.

Three faults are the SDKs' own and are mended, for they would cost the whole batch: half of a surrogate pair, which
JavaScript writes when a text is cut inside an emoji; an emoji as two encoded halves, which the mini-program SDK of 神策
writes instead of UTF-8; and ``NaN``, which Python writes though JSON has none.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from typing import TypeVar

import msgspec

from qianmian.collect.wire.contracts import Request
from qianmian.core.errors import WireError

#: What a body may hold once it is inflated.
MOST_BYTES = 16 << 20
#: The longest event: what a line of an import may have, with room for what is spliced in front.
MOST_EVENT_BYTES = (4 << 20) - 1024
#: Events in one request: each has a place of its own in its delivery, see `qianmian.app.flusher`.
MOST_EVENTS = 20_000
_MOST_MENDED = 1 << 20
#: Commas in a body: each may part two events, and every event costs memory before they can be counted.
_MOST_COMMAS = 1 << 20
#: Members of a gzip: each costs a copy of all that follow.
_MOST_MEMBERS = 100
_GZIP = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"
_ONE_LINE = bytes.maketrans(b"\r\n\t", b"   ")
_LONE = re.compile(
    rb"(?<!\\)((?:\\\\)*)\\u(?:[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    rb"|(?<!\\u[dD][89abAB][0-9a-fA-F]{2}\\u)[dD][c-fC-F][0-9a-fA-F]{2})"
)
#: A text that nobody closed goes on to the end: to begin anew at each of its escaped quotes would never end.
_NO_NUMBER = re.compile(rb'"(?:[^"\\]|\\.)*+"?|-?\b(?:NaN|Infinity)\b')
_HALVES = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]|\xed[\xa0-\xbf][\x80-\xbf]")
_T = TypeVar("_T")


def plain_body(request: Request) -> bytes:
    """The body, inflated if it is compressed: clients mislabel it, so its first bytes decide as well.

    Raises:
        WireError: it would be larger than the limit, or is cut short.
    """
    if request.body.startswith(_GZIP):
        return inflated(request.body)
    if request.headers.get("content-encoding", "").strip().lower() == "deflate":
        return inflated(request.body)
    if len(request.body) > MOST_BYTES:
        raise WireError("wire_too_large", most=MOST_BYTES >> 20)
    return request.body


def inflated(packed: bytes) -> bytes:
    """Inflate gzip or zlib, never beyond the limit.

    Raises:
        WireError: too large, or damaged.
    """
    parts, room = [], MOST_BYTES
    try:
        while packed:
            member = zlib.decompressobj(zlib.MAX_WBITS | 32)
            parts.append(member.decompress(packed, room + 1))
            room -= len(parts[-1])
            if room < 0:
                raise WireError("wire_too_large", most=MOST_BYTES >> 20)
            if not member.eof:
                raise WireError("wire_half_gzip")
            packed = member.unused_data.lstrip(b"\0")
            if len(parts) == _MOST_MEMBERS and packed:
                raise WireError("wire_half_gzip")
    except zlib.error:
        raise WireError("wire_half_gzip") from None
    return b"".join(parts)


def one_line(text: bytes) -> bytes:
    r"""A body without a mark in front and without line breaks, which JSON allows only between its parts.

    >>> one_line(b'{"a":\n  1}\n').decode()
    '{"a":   1}'
    """
    if b"\n" in text or b"\r" in text:
        text = text.translate(_ONE_LINE)
    return text.removeprefix(_BOM).strip()


def check_width(text: bytes) -> None:
    """Refuse a body that would fall into too many parts, before any of them is made.

    Raises:
        WireError: it would.
    """
    if len(text) > _MOST_COMMAS and text.count(b",") > _MOST_COMMAS:
        raise WireError("wire_too_many", most=MOST_EVENTS)


def check_count(events: Sequence[bytes | msgspec.Raw]) -> None:
    """Refuse more events than a request may hold.

    Raises:
        WireError: there are.
    """
    if len(events) > MOST_EVENTS:
        raise WireError("wire_too_many", most=MOST_EVENTS)


def parsed(decoder: msgspec.json.Decoder[_T], text: bytes) -> _T:
    """Decode JSON; if it is none for a fault of an SDK, mend that and decode again.

    Raises:
        WireError: it is not JSON, or not of the decoder's shape.
    """
    try:
        return decoder.decode(text)
    except RecursionError:
        raise WireError("wire_too_deep") from None
    except msgspec.ValidationError:
        raise WireError("wire_other_shape") from None
    except ValueError:
        mended = _mended(text)
    if mended == text:
        raise WireError("wire_no_json") from None
    return parsed(decoder, mended)


def _mended(text: bytes) -> bytes:
    if len(text) > _MOST_MENDED:
        return text
    text = _LONE.sub(rb"\1\\ufffd", text)
    if b"NaN" in text or b"Infinity" in text:
        text = _NO_NUMBER.sub(lambda found: found[0] if found[0].startswith(b'"') else b"null", text)
    return text


def checked_utf8(text: bytes) -> tuple[bytes, bool]:
    r"""A text with its characters whole, and whether it is UTF-8.

    >>> checked_utf8(b"\xed\xa0\xbd\xed\xb8\x80")[0].decode()
    '😀'
    """
    if is_utf8(text):
        return text, True
    text = _HALVES.sub(_whole, text)
    return text, is_utf8(text)


def _whole(halves: re.Match[bytes]) -> bytes:
    utf_16 = halves[0].decode("utf-8", "surrogatepass").encode("utf-16-le", "surrogatepass")
    return utf_16.decode("utf-16-le", "replace").encode()


def is_utf8(text: bytes) -> bool:
    """Whether bytes are UTF-8; the decoder does not look into what it passes over."""
    if text.isascii():
        return True
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True
