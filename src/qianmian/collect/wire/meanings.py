"""What the lines of a dialect mean: the mappings that turn them into events, or into changes of goods."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import msgspec

from qianmian.collect.imports.declaration import read_mapping
from qianmian.collect.imports.mapping import Mapping
from qianmian.collect.imports.templates import find_template

_FOLDER = files("qianmian.collect.wire")
_GOODS = {"item_set", "item_delete"}
#: What every line of goods has in it, and few others: only these are looked into.
_SIGNS = tuple(f'"{name}"'.encode() for name in _GOODS)


class _Line(msgspec.Struct, gc=False):
    type: str = ""


_LINE = msgspec.json.Decoder(_Line)


@cache
def mapping_of(dialect: str) -> Mapping:
    """The mapping of ``segment`` or ``sensors``; its source is the dialect's name."""
    return read_mapping(mapping_text(dialect), f"{dialect}.yaml")


def mapping_text(dialect: str) -> str:
    """The same as it is written, for who wants to begin from it."""
    return _FOLDER.joinpath(f"{dialect}.yaml").read_text("utf-8")


@cache
def goods_mapping() -> Mapping:
    """The mapping of the lines that `is_of_goods` picks; only 神策 has such."""
    return read_mapping(find_template("sensors/goods").text, "sensors/goods")


def may_be_of_goods(dialect: str, lines: bytes) -> bool:
    """Whether some lines may have one of goods among them; cheap."""
    return dialect == "sensors" and any(sign in lines for sign in _SIGNS)


def is_of_goods(dialect: str, line: bytes) -> bool:
    """Whether a line changes an item instead of telling an event.

    >>> is_of_goods("sensors", b'{"type":"item_set","item_type":"sku","item_id":"1"}')
    True
    >>> is_of_goods("sensors", b'{"type":"track","event":"item_set"}')
    False
    """
    if not may_be_of_goods(dialect, line):
        return False
    try:
        return _LINE.decode(line).type in _GOODS
    except msgspec.DecodeError:
        return False
