"""What the lines of a dialect mean: the mapping by which an import turns them into events."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from qianmian.collect.imports.declaration import read_mapping
from qianmian.collect.imports.mapping import Mapping

_FOLDER = files("qianmian.collect.wire")


@cache
def mapping_of(dialect: str) -> Mapping:
    """The mapping of ``segment`` or ``sensors``; its source is the dialect's name."""
    return read_mapping(mapping_text(dialect), f"{dialect}.yaml")


def mapping_text(dialect: str) -> str:
    """The same as it is written, for who wants to begin from it."""
    return _FOLDER.joinpath(f"{dialect}.yaml").read_text("utf-8")
