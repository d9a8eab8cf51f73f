"""A cursor: where a page of a list ended, as a text that a caller hands back for the next one."""

from __future__ import annotations

import base64
import binascii
import json

from qianmian.core.errors import InputError


def cursor(*place: str | int) -> str:
    """The cursor of a place.

    >>> cursor("list", 1)
    'WyJsaXN0IiwxXQ'
    """
    text = json.dumps(place, separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def place_of(text: str, *kinds: type[str] | type[int]) -> tuple[str | int, ...]:
    """The inverse of `cursor`.

    Args:
        text: what a caller handed back.
        kinds: what its parts must be.

    Raises:
        InputError: the text is no cursor of such a list.

    >>> place_of(cursor("list", 1), str, int)
    ('list', 1)
    """
    try:
        parts = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        parts = None
    if not isinstance(parts, list) or [type(part) for part in parts] != list(kinds):
        raise InputError("foreign_cursor")
    return tuple(parts)
