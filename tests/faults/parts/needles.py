"""Values to look for in bytes, in every spelling in which software is known to leave them behind."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from qianmian.core.people import id_text

_WINDOW = 8
_BLOOM_BITS = 24
_SPREAD = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Needle:
    """One spelling of a value.

    Attributes:
        value: the value, or the number as text.
        spelling: how it is written.
    """

    value: str
    spelling: str


def spellings(text: str) -> Iterator[tuple[str, bytes]]:
    """A text in upper and lower case, and each in all encodings."""
    for case in dict.fromkeys((text, text.lower(), text.upper())):
        raw = case.encode()
        escaped = "".join(f"\\u{ord(letter):04x}" for letter in case)
        yield from {
            "plain": raw,
            "utf-16-le": case.encode("utf-16-le"),
            "utf-16-be": case.encode("utf-16-be"),
            "url": quote(case, safe="").encode(),
            "url, every byte": "".join(f"%{byte:02X}" for byte in raw).encode(),
            "json": json.dumps(case)[1:-1].encode(),
            "json, every character": escaped.encode(),
            "json, upper case": escaped.upper().replace("\\U", "\\u").encode(),
            "hex": raw.hex().encode(),
            "HEX": raw.hex().upper().encode(),
            **{f"base64 at {shift}": _base64(raw, shift) for shift in range(3)},
            **{f"base64url at {shift}": _base64(raw, shift).translate(_URL_SAFE) for shift in range(3)},
        }.items()
    if text.isdecimal() and int(text) < 1 << 63:
        yield from _bytes_of(int(text))


def id_spellings(number: int) -> Iterator[tuple[str, bytes]]:
    """A node, person or event number as columns, databases, doors and logs write it."""
    yield from _bytes_of(number)
    yield "base32", id_text(number).encode()
    yield "BASE32", id_text(number).upper().encode()
    yield "decimal", str(number).encode()
    yield "hex", f"{number:016x}".encode()


class Needles:
    """Finds any of many values in bytes, in one pass: by their last eight bytes, then by all of them."""

    def __init__(self, values: Iterable[str], numbers: Iterable[int] = ()) -> None:
        """Texts of at least eight characters, and ids; shorter ones would be found by chance."""
        self._by_bytes: dict[bytes, Needle] = {}
        for value in values:
            for spelling, told in spellings(value):
                self._by_bytes.setdefault(told, Needle(value, spelling))
        for number in numbers:
            for spelling, told in id_spellings(number):
                self._by_bytes.setdefault(told, Needle(str(number), spelling))
        self._by_tail: dict[int, list[bytes]] = {}
        for told in self._by_bytes:
            if len(told) < _WINDOW:
                raise ValueError(f"too short to be told from chance: {told!r}")
            self._by_tail.setdefault(int.from_bytes(told[-_WINDOW:], "little"), []).append(told)
        tails = np.fromiter(self._by_tail, np.uint64, len(self._by_tail))
        self._bloom = np.zeros(1 << _BLOOM_BITS, bool)
        self._bloom[_hashed(tails)] = True

    def find(self, hay: bytes | memoryview) -> Iterator[Needle]:
        """What stands in the bytes, each needle once."""
        hay, seen = bytes(hay), set()
        for phase in range(min(_WINDOW, max(len(hay) - _WINDOW + 1, 0))):
            windows = np.frombuffer(hay, "<u8", (len(hay) - phase) // _WINDOW, phase)
            for at in np.flatnonzero(self._bloom[_hashed(windows)]).tolist():
                for told in self._by_tail.get(int(windows[at]), ()):
                    end = phase + (at + 1) * _WINDOW
                    if told not in seen and hay[max(end - len(told), 0) : end] == told:
                        seen.add(told)
                        yield self._by_bytes[told]


def _hashed(windows: NDArray[np.uint64]) -> NDArray[np.uint64]:
    with np.errstate(over="ignore"):
        return (windows * _SPREAD) >> np.uint64(64 - _BLOOM_BITS)


def _bytes_of(number: int) -> Iterator[tuple[str, bytes]]:
    yield "number", number.to_bytes(8, "little")
    yield "number, big-endian", number.to_bytes(8, "big")


def _base64(raw: bytes, shift: int) -> bytes:
    """The characters that the value alone decides, whatever stands before and behind it."""
    told = base64.b64encode(bytes(shift) + raw)
    return told[-(-8 * shift // 6) : (shift + len(raw)) * 8 // 6]


_URL_SAFE = bytes.maketrans(b"+/", b"-_")
