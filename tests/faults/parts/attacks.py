"""What comes to a port that anybody can reach: requests as no client writes them, as bytes for one connection each."""

from __future__ import annotations

import base64
import gzip
import json
import random
import zlib
from collections.abc import Iterator

_TEXT = b"text/plain"


def request(
    path: bytes, body: bytes, *headers: bytes, method: bytes = b"POST", length: bytes | None = None, ending: bool = True
) -> bytes:
    """A request; its stated length may be a lie."""
    stated = b"%d" % len(body) if length is None else length
    lines = [b"%s %s HTTP/1.1" % (method, path), b"Host: shop", b"Content-Length: " + stated, *headers]
    return b"\r\n".join([*lines, *([b"Connection: close"] if ending else []), b"", body])


def chunked(*chunks: bytes) -> bytes:
    """A request whose body comes in chunks, each as it stands here."""
    head = b"POST /v1/batch HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    return head + b"".join(chunks)


def sound(key: str, name: str) -> bytes:
    """A request as it should be."""
    events = [{"type": "track", "messageId": name, "event": "e", "userId": "u"}]
    return request(b"/v1/batch", json.dumps({"writeKey": key, "batch": events}).encode())


def broken_chunks(key: str) -> Iterator[tuple[str, bytes]]:
    """Bodies whose parts do not fit together."""
    body = sound(key, "chunk").partition(b"\r\n\r\n")[2]
    whole = b"%x\r\n%s\r\n" % (len(body), body)
    yield "no last chunk, then closed", chunked(whole)
    yield "a chunk size that is no number", chunked(b"zz\r\n", body)
    yield "a negative chunk size", chunked(b"-5\r\n", body)
    yield "a chunk size beyond all memory", chunked(b"fffffffffffffffff\r\n", body)
    yield "a chunk longer than it says", chunked(b"3\r\n%s\r\n0\r\n\r\n" % body)
    yield "a chunk extension without end", chunked(b"5;" + b"x" * 200_000)
    yield "trailers without end", chunked(whole, b"0\r\n", b"A: b\r\n" * 50_000)
    yield "a million chunks of a byte", chunked(b"1\r\n \r\n" * 1_000_000, b"0\r\n\r\n")
    yield "length and chunks at once", chunked(whole, b"0\r\n\r\n").replace(b"Host", b"Content-Length: 3\r\nHost")
    yield "two lengths", request(b"/v1/batch", body, b"Content-Length: 1")
    yield "a negative length", request(b"/v1/batch", body, length=b"-1")
    yield "a length beyond all memory", request(b"/v1/batch", body, length=b"9" * 30)
    yield "a length that is no number", request(b"/v1/batch", body, length=b"1e3")


def large_heads(key: str) -> Iterator[tuple[str, bytes]]:
    """Heads that are too long, too many, or no heads."""
    yield "a header of a megabyte", request(b"/v1/batch", b"{}", b"X: " + b"a" * (1 << 20))
    yield "fifty thousand headers", request(b"/v1/batch", b"{}", *[b"X%d: a" % number for number in range(50_000)])
    yield "an address of a megabyte", request(b"/sa?data=" + b"a" * (1 << 20), b"", method=b"GET")
    yield "an address of sixty thousand", request(b"/sa?data=" + b"a" * 60_000, b"", method=b"GET")
    yield "thousands of escapes", request(b"/sa?data=" + b"%25" * 20_000, b"", method=b"GET")
    yield "a method without end", b"A" * (1 << 20)
    yield "no HTTP", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)) * 8
    yield "old HTTP", b"GET /sa\r\n\r\n"
    yield "HTTP 2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
    yield "a header of odd bytes", request(b"/v1/batch", b"{}", b"X\x00: \xff\x01")
    yield "a folded header", request(b"/v1/batch", b"{}", b"X: a\r\n b")
    yield "an upgrade", request(b"/v1/batch", b"{}", b"Upgrade: websocket", b"Connection: upgrade", ending=False)
    yield "a wait for a word", request(b"/v1/batch", b"{}", b"Expect: 100-continue")
    many = sound(key, "pipe").replace(b"Connection: close\r\n", b"")
    yield "two hundred requests in a row", many * 200 + sound(key, "pipe")


def bombs(key: str) -> Iterator[tuple[str, bytes]]:
    """Bodies that would grow, or never end."""
    zipped = b"Content-Encoding: gzip"
    zeros = gzip.compress(bytes(256 << 20), 9)
    yield "gzip of 256 MiB of zeros", request(b"/v1/batch", zeros, zipped)
    yield (
        "deflate of 256 MiB of zeros",
        request(b"/v1/batch", zlib.compress(bytes(256 << 20)), b"Content-Encoding: deflate"),
    )
    yield "gzip in gzip", request(b"/v1/batch", gzip.compress(zeros), zipped)
    yield "gzip of 200,000 members", request(b"/v1/batch", gzip.compress(b"") * 200_000, zipped)
    yield "half a gzip", request(b"/v1/batch", zeros[:-100], zipped)
    yield "an encoding that is not known", request(b"/v1/batch", b"\x28\xb5\x2f\xfd" * 100, b"Content-Encoding: zstd")
    head = b'{"writeKey":"%s","batch":' % key.encode()
    yield "five million objects", request(b"/v1/batch", gzip.compress(head + b"[" + b"{}," * 5_000_000 + b"{}]}"))
    yield "five million numbers", request(b"/v1/batch", gzip.compress(head + b"[" + b"0," * 5_000_000 + b"0]}"))
    yield "100,000 refused events", request(b"/v1/batch", head + b"[" + b"0," * 100_000 + b"0]}")
    yield "20,000 refused events", request(b"/v1/batch", head + b"[" + b"0," * 19_999 + b"0]}")
    yield "a million brackets", request(b"/v1/batch", head + b"[" * 1_000_000 + b"]" * 1_000_000 + b"}")
    yield "a text that nobody closes", request(b"/v1/batch", b'{"batch":[NaN,"' + b'\\"' * 500_000)
    yield "backslashes", request(b"/v1/batch", b'{"batch":["' + b"\\" * 1_000_000)
    yield "halves of characters", request(b"/v1/batch", b'{"batch":["' + b"\\ud83d" * 150_000 + b'"]}')
    yield "a form of a million fields", request(b"/sa", b"a=1&" * 1_000_000)
    packed = base64.b64encode(gzip.compress(bytes(64 << 20)))
    yield "a form with a bomb", request(b"/sa?token=" + key.encode(), b"data_list=" + packed)
    wide = base64.b64encode(gzip.compress(b"[" + b"{}," * 5_000_000 + b"{}]"))
    yield "a form of five million objects", request(b"/sa?token=" + key.encode(), b"data_list=" + wide)
    yield "5 MiB", request(b"/v1/batch", bytes(5 << 20))


def mutated(key: str, seed: int) -> bytes:
    """A sound request in which some bytes are others."""
    chance = random.Random(seed)
    told = bytearray(sound(key, f"mutated-{seed}"))
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(told))
        told[at : at + chance.randrange(3)] = chance.choice(
            (b"", b"\r\n", b"\0", b"\xff", b" ", b":", b"0", b"{" * 50, bytes(told[at : at + 40]))
        )
    return bytes(told)
