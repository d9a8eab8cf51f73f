"""What people may call what they declare: sources, pulls, watched folders."""

from __future__ import annotations

import re

_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,59}")


def is_name(text: str) -> bool:
    """Whether a text may be a name: it stands in addresses, files and streams, and nothing there has to be escaped.

    >>> is_name("web-2"), is_name("Web"), is_name("-web"), is_name("a" * 61)
    (True, False, False, False)
    """
    return _NAME.fullmatch(text) is not None
