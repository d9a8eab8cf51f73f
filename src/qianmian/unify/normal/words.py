"""Reads words: what a source wrote becomes the word that the shop uses. A pure function of the rules and the word."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import cached_property

import pyarrow as pa

from qianmian.unify.normal.regions import regions
from qianmian.unify.normal.rules import Text, Vocabulary

#: Which rule read a word: how it is written, the tree of categories, or the place of a vocabulary: ``words.0``.
TEXT, CATEGORIES, WORDS = "text", "categories", "words."
_BETWEEN = re.compile(r"\s*[/\\>›»→|][\s/\\>›»→|]*")
_APART = re.compile(r"[\s/\\>›»→|,，、·._-]+")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Read:
    """A word as it is read.

    Attributes:
        word: what the shop uses for it.
        rule: which rule knows it, or changed how it is written; empty = none.
    """

    word: str
    rule: str = ""

    @property
    def is_known(self) -> bool:
        """Whether a vocabulary or the tree of categories has it."""
        return self.rule not in ("", TEXT)


@dataclass(frozen=True)
class Words:
    """How the words of a shop are read.

    Attributes:
        text: how they are written; None = as they came.
        vocabularies: which mean the same; the first that knows a word reads it, a source's own before those of all.
        categories: the tree, as paths with a slash; the last part alone is enough where no other path ends in it.
    """

    text: Text | None = None
    vocabularies: tuple[Vocabulary, ...] = ()
    categories: tuple[str, ...] = ()

    def read(self, field: str, source: str, raw: str) -> Read:
        """Read a word.

        Args:
            field: of which field: one of `WORD_FIELDS`.
            source: whose it is.
            raw: as it came.

        >>> words = Words(None, (Vocabulary("brand", words=(("耐克", ("Nike",)),)),))
        >>> words.read("brand", "shop", "ＮＩＫＥ "), words.read("brand", "shop", "Puma")
        (Read(word='耐克', rule='words.0'), Read(word='Puma', rule=''))
        """
        found = self._tables.get((field, source)) or self._tables.get((field, "")) or {}
        known = found.get(compared(field, raw))
        if known:
            return known
        written = self._written(field, raw)
        return Read(written, TEXT if written != raw else "")

    def table(self, rows: Iterable[tuple[str, str, str]]) -> pa.Table:
        """Of distinct fields, sources and raw words those that are read otherwise: ``field, source, raw, word``."""
        told = [(*row, self.read(*row).word) for row in rows]
        changed = sorted(row for row in told if row[2] != row[3])
        names = ("field", "source", "raw", "word")
        columns = {name: [row[place] for row in changed] for place, name in enumerate(names)}
        return pa.table(columns, schema=pa.schema([(name, pa.string()) for name in names]))

    def rules_of(self, rows: Iterable[tuple[str, str, str]]) -> pa.Table:
        """Each distinct field, source and raw word with what it is read as: ``…, word, rule, is_known``."""
        told = [(*row, read.word, read.rule, read.is_known) for row in rows for read in (self.read(*row),)]
        texts = ("field", "source", "raw", "word", "rule")
        schema = pa.schema([*((name, pa.string()) for name in texts), ("is_known", pa.bool_())])
        return pa.table({name: [row[place] for row in told] for place, name in enumerate(schema.names)}, schema=schema)

    @property
    def digest(self) -> str:
        """16 hex digits over what it says, and what the vocabularies that come with the product say."""
        come = [regions() for one in self.vocabularies if one.comes_with]
        return hashlib.sha256(json.dumps([self.to_json(), come]).encode()).hexdigest()[:16]

    def to_json(self) -> str:
        """As text, for a task."""
        return json.dumps(asdict(self), sort_keys=True)

    @staticmethod
    def from_json(text: str) -> Words:
        """The inverse of `to_json`."""
        told = json.loads(text)
        way = told["text"] and Text(tuple(told["text"]["fields"]), told["text"]["case"])
        some = (
            Vocabulary(**{**one, "words": tuple((word, tuple(others)) for word, others in one["words"])})
            for one in told["vocabularies"]
        )
        return Words(way, tuple(some), tuple(told["categories"]))

    def _written(self, field: str, raw: str) -> str:
        if self.text is None or field not in self.text.fields:
            return raw
        word = unicodedata.normalize("NFKC", raw)
        word = unicodedata.normalize("NFKC", word if self.text.case == "keep" else getattr(word, self.text.case)())
        return _spaced(field, word)

    @cached_property
    def _tables(self) -> dict[tuple[str, str], dict[str, Read]]:
        """By field and source, what each known word is read as; the source is empty where all are read alike."""
        scopes = {(one.field, one.source) for one in self.vocabularies} | {(field, "") for field in self._fields()}
        return {(field, source): self._table(field, source) for field, source in scopes}

    def _fields(self) -> set[str]:
        return {one.field for one in self.vocabularies} | ({"category"} if self.categories else set())

    def _table(self, field: str, source: str) -> dict[str, Read]:
        found: dict[str, Read] = {}
        for raw, read in self._entries(field, source):
            found.setdefault(compared(field, raw), read)
        return {key: _last(found, field, read) for key, read in found.items()}

    def _entries(self, field: str, source: str) -> Iterator[tuple[str, Read]]:
        """Raw words with what they are read as, the most special rule first."""
        numbered = [(f"{WORDS}{place}", one) for place, one in enumerate(self.vocabularies) if one.field == field]
        for of in (source, "") if source else ("",):
            for rule, one in numbered:
                if one.source == of:
                    for word, others in regions() if one.comes_with else one.words:
                        yield from ((raw, Read(word, rule)) for raw in (word, *others))
        if field == "category":
            paths = _branches(self.categories)
            ends = Counter(path.rpartition("/")[2] for path in paths)
            yield from ((path, Read(path, CATEGORIES)) for path in paths)
            for path in paths:
                end = path.rpartition("/")[2]
                if ends[end] == 1:
                    yield end, Read(path, CATEGORIES)


def _branches(categories: Iterable[str]) -> list[str]:
    """Each path of the tree and all that it lies in, in the order in which they are told."""
    found: dict[str, None] = {}
    for path in categories:
        parts = path.split("/")
        found |= {"/".join(parts[:depth]): None for depth in range(1, len(parts) + 1)}
    return list(found)


def _last(found: dict[str, Read], field: str, read: Read) -> Read:
    """Where a word leads that an earlier vocabulary reads as another; the rule is the one that knew the first."""
    word = read.word
    while (further := found[compared(field, word)].word) != word:  # ends: each step leads to an earlier entry
        word = further
    return Read(word, read.rule)


def compared(field: str, raw: str) -> str:
    """What a word is compared by: half width, small letters, and nothing of how parts are told apart."""
    word = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", raw).casefold())
    if field == "region":
        return _APART.sub("", word)
    return _spaced(field, word).strip("/")


def _spaced(field: str, word: str) -> str:
    """One space where there are several, none at the ends; the parts of a category's path apart by a slash."""
    word = _SPACES.sub(" ", word).strip()
    return _BETWEEN.sub("/", word).strip() if field == "category" else word
