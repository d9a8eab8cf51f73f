"""One entry of the declared tags, key by key: whatever is wrong is told with its place and what was expected."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from qianmian.collect.declaration_reader import DeclarationReader
from qianmian.core.errors import ConditionError, InputError, RulesError
from qianmian.core.messages import Message
from qianmian.profile.tags.declaration.terms import Term, rows_where, term
from qianmian.profile.tags.declare import Tag
from qianmian.profile.tags.partial import Partial, Where
from qianmian.query.problems import nearest, shown

MOST_BYTES = 1024 * 1024
MOST_EVENTS, MOST_DAYS, LONGEST, LONGEST_NOTE, MOST_LAYERS = 50, 3_660, 100, 2_000, 30
#: Keys that every kind has.
OF_ALL = ("kind", "title", "about", "note")
_DAYS = re.compile(r"([1-9][0-9]{0,3})([dw])")
T = TypeVar("T")


class Reader(DeclarationReader):
    """Reads the whole text; see `DeclarationReader`."""

    error, most_bytes = RulesError, MOST_BYTES
    too_large, start = Message("tags_too_large", most=MOST_BYTES // 1024), Message("tags_start")
    unknown_key = Message("tags_unknown_key")


@dataclass(frozen=True)
class Entry:
    """What an author says of one tag.

    Attributes:
        name: of the tag.
        told: its keys and values.
        known: tags that it can name.
        reader: of the text in which it stands.
    """

    name: str
    told: Mapping[str, Any]
    known: Mapping[str, Tag]
    reader: Reader

    def wrong(self, key: str, expected: Message, got: object = None, hint: Message | None = None) -> InputError:
        """The error about a key, to be raised."""
        shows = shown(got) if isinstance(got, str) else got
        return self.reader.wrong(f"tags.{self.name}.{key}", expected, shows, hint)

    def check_keys(self, keys: tuple[str, ...]) -> None:
        """Refuse a key that the kind does not have."""
        self.reader.known(dict(self.told), (*OF_ALL, *keys), f"tags.{self.name}.")

    def asked(self, key: str, read: Callable[[], T]) -> T:
        """What is read of a key that holds a condition or an expression; what is wrong with that is told there."""
        try:
            return read()
        except ConditionError as error:
            raise self.wrong(key, error.message, hint=Message("hint_of", message=error.message)) from None

    def text(self, key: str, *, required: bool = True, most: int = LONGEST_NOTE) -> str:
        """A text; empty if it may be left out."""
        value = self.told.get(key)
        if value is None and not required:
            return ""
        if not isinstance(value, str) or not value.strip() or len(value) > most or not _is_whole(value):
            raise self.wrong(key, Message("rules_text", most=most), Message("none") if value is None else value)
        return value.strip()

    def flag(self, key: str) -> bool:
        """True or false; false if it is left out."""
        value = self.told.get(key, False)
        if not isinstance(value, bool):
            raise self.wrong(key, Message("misfit_flag"), value)
        return value

    def choice(self, key: str, choices: tuple[str, ...], otherwise: str = "") -> str:
        """One of some words."""
        value = self.told.get(key, otherwise or None)
        if value not in choices:
            got = Message("none") if value is None else value
            raise self.wrong(key, Message("mapping_choice", choices=choices), got)
        return str(value)

    def number(self, key: str, most: int, otherwise: int) -> int:
        """A whole number from 2 on."""
        value = self.told.get(key, otherwise)
        if not isinstance(value, int) or isinstance(value, bool) or not 2 <= value <= most:
            raise self.wrong(key, Message("facts_between", least=2, most=most), value)
        return value

    def events(self, key: str) -> tuple[str, ...]:
        """Names of events; none = any."""
        value = self.told.get(key, [])
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list) or len(listed) > MOST_EVENTS:
            raise self.wrong(key, Message("ties_clues", most=MOST_EVENTS), value)
        for one in listed:
            if not isinstance(one, str) or not one.strip() or len(one) > LONGEST or not _is_whole(one):
                raise self.wrong(key, Message("rules_text", most=LONGEST), one)
        return tuple(dict.fromkeys(listed))

    def days(self, key: str) -> int | None:
        """So many days, written ``90d`` or ``2w``; None if it is left out."""
        value = self.told.get(key)
        if value is None:
            return None
        found = _DAYS.fullmatch(value) if isinstance(value, str) else None
        days = int(found[1]) * (7 if found[2] == "w" else 1) if found else 0
        if not 1 <= days <= MOST_DAYS:
            raise self.wrong(key, Message("tag_window", most=MOST_DAYS), value)
        return days

    def where(self, key: str) -> tuple[Where, ...]:
        """Filters on rows; none if it is left out."""
        text = self.text(key, required=False)
        return self.asked(key, lambda: rows_where(text)) if text else ()

    def term(self, key: str, text: str) -> Term:
        """A condition on one person."""
        return self.asked(key, lambda: term(text, self.known))

    def tag(self, key: str) -> Tag:
        """A tag that is known."""
        name = self.text(key)
        if name not in self.known:
            raise self.wrong(key, Message("tag_known"), name, hint=nearest(name, self.known))
        return self.known[name]

    def layers(self) -> list[tuple[str, str]]:
        """Values with their conditions, in the order in which they are tried."""
        value = self.told.get("layers")
        if not isinstance(value, list) or not 0 < len(value) <= MOST_LAYERS:
            raise self.wrong("layers", Message("tag_layers", most=MOST_LAYERS), Message("none"))
        read = []
        for at, one in enumerate(value):
            layer = Entry(f"{self.name}.layers.{at}", one if isinstance(one, dict) else {}, self.known, self.reader)
            self.reader.known(dict(layer.told), ("value", "when"), f"tags.{layer.name}.")
            read.append((layer.text("value", most=LONGEST), layer.text("when")))
        return read

    def needs_with(self, own: tuple[Partial, ...], uses: tuple[str, ...]) -> tuple[Partial, ...]:
        """What the tag and all that it uses need."""
        return tuple(dict.fromkeys([*own, *(need for name in uses for need in self.known[name].needs)]))


def _is_whole(text: str) -> bool:
    """Whether a text has no half characters, and none that break its line."""
    return not any("\ud800" <= one <= "\udfff" or (one < " " and one != "\n") for one in text)
