"""The text in which a shop declares its tags, and those of the product that are declared in the same way."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from qianmian.core.messages import Message
from qianmian.profile.tags.basic import BASIC
from qianmian.profile.tags.declaration.kinds import KINDS, make
from qianmian.profile.tags.declaration.reader import LONGEST, LONGEST_NOTE, OF_ALL, Entry, Reader
from qianmian.profile.tags.declare import Kind, Tag
from qianmian.profile.tags.union import union

MOST_TAGS, MOST_ABOUT = 500, 3
_NAME = re.compile("[a-z][a-z0-9_]{0,59}")
#: Names that would be read as something else, by the language of conditions or by SQL.
TAKEN = frozenset(
    """
    all analyse analyze and any array as asc asymmetric between both case cast check collate column constraint contains
    create default deferrable desc describe did distinct do else end except exclude false fetch for foreign friends from
    gone grant group having in initially intersect into is lambda last lateral layer leading limit not null offset on
    only or order person_id pivot placing primary qualify references returning select sequence show some summarize
    symmetric table then to trailing true union unique unpivot using variadic when where window with within
    """.split()
)

#: Columns beside which tags stand while their values are worked out, and names that such columns have.
_COLUMNS = frozenset(union(BASIC).columns)
_FOR_COLUMNS = re.compile("^(c|stated|queried|cuts)_|_confidence$|^(order|any)_(first|last)_on$")


@dataclass(frozen=True)
class Declaration:
    """What a text declares.

    Attributes:
        tags: in the order of the text, each after those that it uses.
        entries: name → what its author said, as plain values.
    """

    tags: tuple[Tag, ...] = ()
    entries: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> str:
        """As a parameter of a task, in one spelling: a text that `read_declaration` reads again."""
        return json.dumps({"tags": self.entries}, sort_keys=True, ensure_ascii=False)

    @property
    def digest(self) -> str:
        """16 hex digits over what it says, however it was written."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:16]


def read_declaration(
    text: str, name: str | Message, known: tuple[Tag, ...] = (), *, is_own: bool = True
) -> Declaration:
    """Parse and check declared tags.

    Args:
        text: the YAML.
        name: what messages call it, such as the file's name.
        known: tags that it can use beside its own, and whose names are taken.
        is_own: whether a shop declares them.

    Raises:
        RulesError: the first thing that is wrong, with its place and what was expected.
    """
    reader = Reader(name)
    entries = _entries(reader, text)
    return Declaration(_Document(reader, entries, known, is_own=is_own).tags(), entries)


def read_entries(text: str, name: str | Message) -> dict[str, dict[str, Any]]:
    """What the author of a text said of each tag, by name; whether that makes a tag is not checked.

    Raises:
        RulesError: it is no text of tags.
    """
    reader = Reader(name)
    entries = _entries(reader, text)
    return {str(tag): reader.section(told, f"tags.{tag}") for tag, told in entries.items()}


def _entries(reader: Reader, text: str) -> dict[str, Any]:
    top = reader.load(text)
    reader.known(top, ("tags",), "")
    told = top.get("tags")
    entries = reader.section({} if told is None else told, "tags")
    if len(entries) > MOST_TAGS:
        raise reader.wrong("tags", Message("tags_most", most=MOST_TAGS), len(entries))
    return dict(entries)


class _Document:
    """Reads entries in an order in which each comes after those it names."""

    def __init__(self, reader: Reader, entries: Mapping[str, Any], known: tuple[Tag, ...], *, is_own: bool) -> None:
        self.reader, self.entries, self.is_own = reader, entries, is_own
        self.known = {tag.name: tag for tag in known}
        self.made: dict[str, Tag] = {}

    def tags(self) -> tuple[Tag, ...]:
        for name in self.entries:
            self.check_name(str(name))
        waiting = [str(name) for name in self.entries]
        while waiting:
            ready = [name for name in waiting if not self.names(name) & (set(waiting) - {name})] or waiting[:1]
            for name in ready:
                self.made[name] = self.tag(name)
            waiting = [name for name in waiting if name not in self.made]
        return tuple(self.made.values())

    def names(self, name: str) -> set[str]:
        """Words of an entry that may name other tags."""
        told = self.entries[name]
        read = {key: told[key] for key in told if key not in OF_ALL} if isinstance(told, dict) else {}
        return set(re.findall("[a-z][a-z0-9_]*", json.dumps(read, default=str)))

    def check_name(self, name: str) -> None:
        key = f"tags.{name}"
        if not _NAME.fullmatch(name):
            raise self.reader.wrong(key, Message("tag_name"), name)
        if name in TAKEN or name in self.known or name in _COLUMNS or _FOR_COLUMNS.search(name):
            raise self.reader.wrong(key, Message("tag_name_taken"), name)

    def tag(self, name: str) -> Tag:
        told = self.reader.section(self.entries[name], f"tags.{name}")
        entry = Entry(name, told, self.known | self.made, self.reader)
        kind = Kind(entry.choice("kind", tuple(kind.value for kind in KINDS)))
        made = make(kind, entry)
        zh, en = self.title(entry)
        return Tag(
            name,
            kind,
            made.type,
            zh,
            en,
            made.needs,
            made.formula,
            made.confidence,
            made.values,
            made.uses,
            self.about(entry),
            entry.text("note", required=False, most=LONGEST_NOTE),
            self.is_own,
        )

    def title(self, entry: Entry) -> tuple[str, str]:
        """In Chinese and in English; one text is both."""
        told = entry.told.get("title")
        if not isinstance(told, dict):
            title = entry.text("title", most=LONGEST)
            return title, title
        both = Entry(f"{entry.name}.title", told, {}, self.reader)
        self.reader.known(told, ("zh", "en"), f"tags.{both.name}.")
        return both.text("zh", most=LONGEST), both.text("en", most=LONGEST)

    def about(self, entry: Entry) -> tuple[str, ...]:
        """Where it stands in the tree of tags."""
        told = entry.told.get("about", [])
        listed = [told] if isinstance(told, str) else told
        if not isinstance(listed, list) or len(listed) > MOST_ABOUT:
            raise entry.wrong("about", Message("ties_clues", most=MOST_ABOUT), told)
        return tuple(
            Entry(f"{entry.name}.about", {str(at): one}, {}, self.reader).text(str(at), most=LONGEST)
            for at, one in enumerate(listed)
        )
