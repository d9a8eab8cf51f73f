"""What the validation library found unfit, as messages of ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qianmian.core.messages import Message

#: The library's kind of misfit → our message, its gap, and what the library calls the value in it.
_BOUNDS = {
    "greater_than_equal": ("misfit_least", "least", "ge"),
    "less_than_equal": ("misfit_most", "most", "le"),
    "string_too_short": ("misfit_short", "least", "min_length"),
    "string_too_long": ("misfit_long", "most", "max_length"),
    "string_pattern_mismatch": ("misfit_pattern", "pattern", "pattern"),
    "literal_error": ("misfit_choice", "choices", "expected"),
    "enum": ("misfit_choice", "choices", "expected"),
}
#: The beginning of its kind → our message; the longer one stands before the shorter.
_KINDS = {
    "missing": "is_missing",
    "extra_forbidden": "misfit_unknown_key",
    "time_zone": "misfit_time_zone",
    "database_address": "misfit_database",
    "int": "misfit_whole_number",
    "float": "misfit_number",
    "decimal": "misfit_number",
    "string_type": "misfit_text",
    "bool": "misfit_flag",
    "datetime": "misfit_instant",
    "date": "misfit_date",
}


def misfit(found: Mapping[str, Any]) -> Message:
    """One error of the library, without the value.

    >>> print(misfit({"type": "greater_than_equal", "ctx": {"ge": 1}}))
    must be at least 1
    """
    kind = str(found["type"])
    if kind in _BOUNDS:
        message, gap, name = _BOUNDS[kind]
        return Message(message, **{gap: found["ctx"][name]})
    return Message(next((message for start, message in _KINDS.items() if kind.startswith(start)), "misfit"))
