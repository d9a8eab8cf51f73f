"""What no tag may say of people, whoever declares it: its words, by category, stand in a file beside."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import yaml

from qianmian.core.errors import RulesError
from qianmian.core.messages import Message
from qianmian.profile.tags.declare import Tag
from qianmian.profile.tags.formulas import Stated

#: What each category is called.
CATEGORIES = {
    "race": Message("forbidden_race"),
    "religion": Message("forbidden_religion"),
    "politics": Message("forbidden_politics"),
    "health": Message("forbidden_health"),
    "sexual_life": Message("forbidden_sexual_life"),
    "union": Message("forbidden_union"),
    "crime": Message("forbidden_crime"),
    "biometrics": Message("forbidden_biometrics"),
    "finance": Message("forbidden_finance"),
    "minors": Message("forbidden_minors"),
}


@cache
def _words() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """Category, word, and what finds it, the longest words first."""
    text = files("qianmian.profile.tags.declaration").joinpath("forbidden.yaml").read_text("utf-8")
    listed = [(category, str(word)) for category, words in yaml.safe_load(text).items() for word in words]
    listed.sort(key=lambda one: -len(one[1]))
    found = ((category, word, re.escape(word)) for category, word in listed)
    return tuple((kind, word, re.compile(rf"\b{text}s?\b" if word.isascii() else text)) for kind, word, text in found)


def forbidden(tag: Tag) -> tuple[str, str] | None:
    """The word in a tag's name, titles or values that it may not have, with its category; None if there is none."""
    traits = (tag.formula.trait,) if isinstance(tag.formula, Stated) else ()
    said = " / ".join((tag.name, tag.zh, tag.en, *tag.values, *traits)).lower()
    said = re.sub(r"[_\-]+", " ", said)
    return next(((word, category) for category, word, pattern in _words() if pattern.search(said)), None)


def check_lawful(tags: Iterable[Tag]) -> None:
    """Refuse tags that name what no tag may say.

    Raises:
        RulesError: one does; the word and its category are told.
    """
    for tag in tags:
        if found := forbidden(tag):
            word, category = found
            raise RulesError("tag_forbidden", tag=tag.name, word=word, category=CATEGORIES[category])
