"""Fills as people write them, and what is wrong with them."""

from __future__ import annotations

from qianmian.core.messages import Message
from qianmian.unify.clean.fields import PROPERTIES
from qianmian.unify.clean.rules import GROUPS
from qianmian.unify.clean.sections import Sections
from qianmian.unify.fill.rules import BY_GROUP, METHODS, OF_NUMBERS, WORDS, Fill

MOST_FILLS = 50


def fill_section(read: Sections, value: object) -> tuple[Fill, ...]:
    """What is filled, in the order in which it is told."""
    some = read.some(value, "fill", MOST_FILLS)
    return tuple(_fill(read, one, f"fill.{number}") for number, one in enumerate(some))


def _fill(read: Sections, value: object, key: str) -> Fill:
    told = read.section(value, key, ("field", "events", "method", "by", "value"))
    field = told.get("field")
    if not (isinstance(field, str) and field.startswith(PROPERTIES)):
        read.one_of(field, f"{key}.field", (*WORDS, "total"))
    else:
        read.field(field, f"{key}.field")
    method = read.one_of(told.get("method"), f"{key}.method", METHODS)
    if field in WORDS and method in OF_NUMBERS:
        raise read.wrong(f"{key}.method", Message("cleaning_no_number", field=field), method)
    by = told.get("by", "")
    if by and method not in BY_GROUP[1:]:
        raise read.wrong(f"{key}.by", Message("cleaning_no_group", methods=list(BY_GROUP[1:])), by)
    if by and (by not in GROUPS or by == field):
        raise read.wrong(f"{key}.by", Message("cleaning_group", columns=[one for one in GROUPS if one != field]), by)
    return Fill(str(field), read.names(told.get("events"), f"{key}.events"), method, by, _constant(read, told, key))


def _constant(read: Sections, told: dict[str, object], key: str) -> str:
    value, at = told.get("value"), f"{key}.value"
    if told["method"] != "constant":
        if value is not None:
            raise read.wrong(at, Message("cleaning_only_constant"), value)
        return ""
    return read.text_of(value, at) if told["field"] in WORDS else str(read.number(value, at))
