"""Messages: what the product has to say, as a name and values, put in words where somebody reads it.

The words of every name stand in ``texts/*.toml``, both languages side by side (decision 0009).
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any

from qianmian.core.language import Language

_NAME = "say"  # what a stored message's name is kept under; no value is called so
_JOINT = {Language.ZH: "、", Language.EN: ", "}


@dataclass(frozen=True)
class Entry:
    """The words of one message.

    Attributes:
        what: language → text with named gaps.
        hint: language → what to do next; empty texts if there is nothing to add.
    """

    what: Mapping[Language, str]
    hint: Mapping[Language, str]


class Message:
    """Something to say, in no language yet.

    >>> no_tag = Message("no_tag", tag="citty")
    >>> no_tag.what(Language.EN), no_tag.what(Language.ZH)
    ("there is no tag 'citty'.", "没有标签 'citty'。")
    """

    def __init__(self, name: str, /, **values: Any) -> None:
        """A message of the catalogue.

        Args:
            name: its entry.
            values: what its gaps hold: texts, numbers, other messages, or lists of them.
        """
        self.name = name
        self.values: Mapping[str, Any] = values

    def what(self, language: Language) -> str:
        """What happened, with which value."""
        return _filled(entries()[self.name].what[language], self.values, language)

    def hint(self, language: Language) -> str:
        """What the reader can do next; may be empty."""
        return _filled(entries()[self.name].hint[language], self.values, language)

    def stored(self) -> str:
        """The message as a text that any later reader can put in words.

        >>> Message("no_job", job=7).stored()
        '{"say": "no_job", "job": 7}'
        """
        return json.dumps(self, default=storable, ensure_ascii=False)

    def __str__(self) -> str:
        """What happened, in English: for logs, and for who reads a trace."""
        return self.what(Language.EN)

    def __repr__(self) -> str:
        return f"Message({self.stored()})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and (self.name, self.values) == (other.name, other.values)

    def __hash__(self) -> int:
        return hash(self.stored())


def restored(text: str) -> Message:
    """A stored message; a text that an earlier version stored is said as it is.

    >>> restored('{"say": "no_job", "job": 7}').what(Language.ZH), restored("no room").what(Language.ZH)
    ('没有任务 7。', 'no room')
    """
    try:
        found = json.loads(text, object_hook=_revived)
    except ValueError:
        found = None
    return found if isinstance(found, Message) else Message("verbatim", text=text)


def storable(value: Any) -> Any:
    """For `json.dumps`: a message as its name and values, anything else that JSON does not know as text."""
    return {_NAME: value.name, **value.values} if isinstance(value, Message) else str(value)


def either(*choices: Any) -> Any:
    """Several things of which one is meant.

    >>> str(either("'and'", "'or'", Message("the_end")))
    "'and', 'or' or the end"
    """
    return Message("either", some=list(choices[:-1]), last=choices[-1]) if len(choices) > 1 else choices[0]


@cache
def entries() -> Mapping[str, Entry]:
    """The whole catalogue: name → words.

    Raises:
        ValueError: two files have an entry of one name.
    """
    found: dict[str, Any] = {}
    for file in files("qianmian.core").joinpath("texts").iterdir():
        told = tomllib.loads(file.read_text(encoding="utf-8"))
        if twice := found.keys() & told.keys():
            raise ValueError(f"the message {min(twice)!r} stands twice in the catalogue")
        found |= told
    return {name: Entry(_both(told), _hint(told.get("hint"), found)) for name, told in found.items()}


def _hint(told: Any, known: Mapping[str, Any]) -> Mapping[Language, str]:
    """Words of its own, or the name of an entry that several hints share."""
    if told is None:
        return dict.fromkeys(Language, "")
    return _both(known[told] if isinstance(told, str) else told)


def _both(told: Mapping[str, str]) -> Mapping[Language, str]:
    return {language: told[language] for language in Language}


class _Gaps(Formatter):
    """Fills gaps: ``{x}``; ``{x!r}`` in quotes; ``{x!h}`` a message's hint; ``{x:…}`` a list with other joints."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def convert_field(self, value: Any, conversion: Any) -> Any:
        match value:
            case Message():
                return value.hint(self.language) if conversion == "h" else value.what(self.language)
            case list() | tuple():
                return [self.convert_field(one, conversion) for one in value]
            case _:
                return "" if conversion == "h" else super().convert_field(value, conversion)

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, list):
            return (format_spec or _JOINT[self.language]).join(map(str, value)) or Message("none").what(self.language)
        return str(super().format_field(value, format_spec))


def _filled(text: str, values: Mapping[str, Any], language: Language) -> str:
    return _Gaps(language).vformat(text, (), values).rstrip()


def _revived(found: dict[str, Any]) -> Any:
    name = found.pop(_NAME, None)
    return Message(name, **found) if name in entries() else {}
