"""From an identifier to its pseudonym: one spelling per value, values that name nobody, and a keyed hash."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from qianmian.privacy.hashing import keyed_hash

#: Values that programs send when they know nobody. As a node, each would join thousands of strangers into one person.
#: The words follow the lists on which Segment (identity resolution, blocked values) and PostHog (illegal distinct ids)
#: refuse to merge; empty values and runs of zeros and dashes (``0``, the nil UUID) are caught by shape.
BLOCKED_VALUES = (
    "-1",
    "null",
    "none",
    "nil",
    "nan",
    "anonymous",
    "guest",
    "undefined",
    "true",
    "false",
    "unknown",
    "test",
    "id",
    "distinct_id",
    "distinctid",
    "not_authenticated",
    "[object object]",
)
#: Phones that people type to get past a form. Runs of one digit are caught by shape.
PLACEHOLDER_PHONES = ("12345678901", "12345678910", "01234567890", "1234567890", "123456789", "12345678", "1234567")

_BLOCKED = frozenset(BLOCKED_VALUES)
_PLACEHOLDERS = frozenset(PLACEHOLDER_PHONES)
_SEPARATOR = 0x1F
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"  # zero-width characters that copying from a web page brings along
_PHONE_PUNCTUATION = str.maketrans("", "", " \t\u00a0-–—.()/")
_MAINLAND = re.compile(r"(?:\+|00)?86(1[0-9]{10}|0[0-9]{9,11})")
_DIGITS = re.compile(r"\+?[0-9]{7,15}")
_EMAIL = re.compile(r"[^@\s*]+@[^@\s*]+")


def normalise(namespace: str, value: str) -> str | None:
    """The one spelling of an identifier's value; None if the value names nobody.

    A mainland phone loses its country code; a foreign one keeps it behind a plus sign, so that it cannot pass for a
    mainland number of the same digits. Phones and e-mails that arrive masked (``138****8000``) are blocked: a mask
    fits many people. An e-mail is case-folded. Every other value is opaque and only loses the blanks around it.

    >>> normalise("phone", "+86 138-0013-8000"), normalise("phone", "138****8000")
    ('13800138000', None)
    >>> normalise("email", " Ming.Li@Example.com "), normalise("user_id", " U-7 "), normalise("user_id", "null")
    ('ming.li@example.com', 'U-7', None)
    """
    return _spelling(namespace)(value)


def node_id(key: bytes, namespace: str, value: str) -> tuple[int, int]:
    """The pseudonym of a normalised value: (63-bit node_id, the hash's next 64 bits as its check)."""
    number = int.from_bytes(_hash(key, namespace)(value.encode("utf-8", "surrogatepass"))[:16], "big")
    return max(number >> 65, 1), (number >> 1) & (1 << 64) - 1


def pseudonymise(
    key: bytes, namespace: str, values: Sequence[str | None]
) -> tuple[NDArray[np.int64], NDArray[np.uint64], NDArray[np.bool_]]:
    """The pseudonyms of many values; hand in distinct ones, since each costs a hash.

    Returns:
        node_ids, checks, and the mask of values that name nobody; those have node_id 0 and check 0.
    """
    spelling, digest = _spelling(namespace), _hash(key, namespace)
    digests = []
    blocked = np.zeros(len(values), dtype=np.bool_)
    for at, value in enumerate(values):
        normal = None if value is None else spelling(value)
        if normal is None:
            blocked[at] = True
        else:
            digests.append(digest(normal.encode("utf-8", "surrogatepass")))
    high, low = np.frombuffer(b"".join(digests), dtype=">u8").astype(np.uint64).reshape(-1, 4)[:, :2].T
    node_ids = np.zeros(len(values), dtype=np.int64)
    checks = np.zeros(len(values), dtype=np.uint64)
    one = np.uint64(1)
    node_ids[~blocked] = np.maximum(high >> one, one).astype(np.int64)  # node 0 is taken: it means nobody
    checks[~blocked] = high << np.uint64(63) | low >> one
    return node_ids, checks, blocked


def _hash(key: bytes, namespace: str) -> Callable[[bytes], bytes]:
    return keyed_hash(key, namespace.encode() + bytes([_SEPARATOR]))


def _spelling(namespace: str) -> Callable[[str], str | None]:
    return _SPELLINGS.get(namespace, _opaque)


def _opaque(value: str) -> str | None:
    value = value.strip()
    if not value.isascii():
        value = value.strip(_INVISIBLE).strip()
    if not value.strip("0-") or value.casefold() in _BLOCKED:
        return None
    return value


def _phone(value: str) -> str | None:
    digits = value
    if not value.isascii():
        digits = unicodedata.normalize("NFKC", value).strip(_INVISIBLE)
    if not digits.isdecimal():
        digits = digits.strip().removesuffix(".0").translate(_PHONE_PUNCTUATION)  # .0: a spreadsheet made it a float
    if len(digits) != 11 or digits[0] != "1":
        digits = _without_country_code(digits)
    if not _DIGITS.fullmatch(digits) or len(set(digits.lstrip("+"))) == 1 or digits in _PLACEHOLDERS:
        return None
    return digits


def _without_country_code(digits: str) -> str:
    if mainland := _MAINLAND.fullmatch(digits):
        return mainland[1]
    return f"+{digits[2:]}" if digits.startswith("00") else digits


def _email(value: str) -> str | None:
    if not value.isascii():
        value = unicodedata.normalize("NFKC", value).strip(_INVISIBLE)
    value = value.strip().casefold()
    return value if _EMAIL.fullmatch(value) else None


_SPELLINGS: dict[str, Callable[[str], str | None]] = {"phone": _phone, "email": _email}
