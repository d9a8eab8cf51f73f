"""The tags that every shop has from the first build; docs/reference/tags.md is made from them."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files

from qianmian.core.messages import Message
from qianmian.profile.tags.basic import BASIC
from qianmian.profile.tags.declaration.document import Declaration, read_declaration
from qianmian.profile.tags.declare import Tag


@cache
def built_in_tags() -> tuple[Tag, ...]:
    """The basic tags, then those that are declared as a shop declares its own."""
    text = files("qianmian.profile.tags").joinpath("built_in.yaml").read_text("utf-8")
    return (*BASIC, *read_declaration(text, "built_in.yaml", BASIC, is_own=False).tags)


@lru_cache(8)  # every look at a condition says its tags by their titles: a text is read once
def read_tags(text: str, name: str | Message) -> Declaration:
    """The tags that a shop declares beside these; see `read_declaration`."""
    return read_declaration(text, name, built_in_tags())


def all_tags(text: str) -> tuple[Tag, ...]:
    """These, and those of a text that was checked before."""
    return (*built_in_tags(), *read_tags(text, "tags").tags)
