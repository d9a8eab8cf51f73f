"""The one place that says how (source, event_id) becomes an event_key, in SQL and in Python."""

from __future__ import annotations

from hashlib import md5

_SEPARATOR = "\x1f"


def event_key(source: str, event_id: str) -> int:
    """63 bits of a stable hash; MD5 is here no secret, only the same in DuckDB and Python.

    >>> event_key("shop", "e-1") == event_key("shop", "e-1") != event_key("web", "e-1")
    True
    """
    digest = md5(f"{source}{_SEPARATOR}{event_id}".encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[:8], "little") >> 1


def event_key_sql(source: str, event_id: str) -> str:
    """The same over two SQL expressions.

    >>> event_key_sql("source", "event_id")
    '(md5_number_upper(concat(source, chr(31), event_id)) >> 1)::BIGINT'
    """
    return f"(md5_number_upper(concat({source}, chr(31), {event_id})) >> 1)::BIGINT"
