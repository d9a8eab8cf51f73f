"""The tags that a workspace declares, and the versions of what it declares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
import yaml

from qianmian.app.fact_rules import KeptFactRules
from qianmian.app.tables import TAG_DEFINITIONS
from qianmian.app.versions import Version, Versions
from qianmian.core.clock import Clock
from qianmian.core.errors import RulesError, UnknownNameError
from qianmian.core.messages import Message
from qianmian.privacy.masking import mask_text
from qianmian.profile.tags.built_in import read_tags
from qianmian.profile.tags.declaration.document import Declaration, read_entries
from qianmian.profile.tags.declaration.forbidden import check_lawful
from qianmian.profile.tags.formulas import Stated

#: What messages call the text.
NAME = Message("tag_definitions")


class DeclaredTags(Versions):
    """Tags beside the built-in ones, kept in the catalogue."""

    def __init__(self, catalogue: sa.Engine, clock: Clock) -> None:
        """The tags in a catalogue whose tables exist."""
        super().__init__(catalogue, clock, TAG_DEFINITIONS)

    def declaration(self) -> Declaration:
        """What is declared."""
        current = self.current()
        return read_tags(current.text, NAME) if current else Declaration()

    def apply(self, text: str, name: str | Message = NAME, *, by: str = "") -> Version:
        """Declare all tags anew; what says the same as the version that holds makes none.

        Raises:
            RulesError: see `read`.
        """
        return self._add(text, self.read(text, name).digest, by)

    def read(self, text: str, name: str | Message = NAME) -> Declaration:
        """What a text declares, if it may be declared.

        Raises:
            RulesError: it is none, a tag names what no tag may say or tells of a sensitive trait, or somebody's
                personal data stand in it.
        """
        declared = read_tags(text, name)
        check_lawful(declared.tags)
        if mask_text(text) != text:  # it would outlive that person's erasure
            raise RulesError("tag_personal")
        facts = KeptFactRules(self._catalogue, self._clock).rules()
        for tag in declared.tags:
            trait = facts.trait(tag.formula.trait) if isinstance(tag.formula, Stated) else None
            if trait and trait.sensitive:
                raise RulesError("tag_sensitive", trait=trait.name)
        return declared

    def put(self, name: str, entry: dict[str, Any], *, by: str = "") -> Version:
        """Declare one tag, or declare it anew; the others stay.

        Raises:
            RulesError: it is none, or another one cannot be made of it any more.
        """
        return self.apply(text_with(self.declaration(), name, entry), by=by)

    def remove(self, name: str, *, by: str = "") -> Version:
        """Take one tag away.

        Raises:
            UnknownNameError: there is no such tag of the shop's own.
            RulesError: another one uses it.
        """
        entries = dict(self.declaration().entries)
        if name not in entries:
            raise UnknownNameError("no_own_tag", tag=name)
        del entries[name]
        return self.apply(text_of(entries), by=by)


def changes(versions: Sequence[Version], name: str) -> list[Version]:
    """Those of some versions, newest first, in which a tag is declared anew."""
    said = [*(read_entries(one.text, NAME).get(name) for one in versions), None]
    return [one for one, (now, before) in zip(versions, pairwise(said), strict=True) if now and now != before]


def text_with(declaration: Declaration, name: str, entry: dict[str, Any]) -> str:
    """The YAML of a declaration in which one tag is declared so."""
    return text_of({**declaration.entries, name: entry})


def text_of(entries: Mapping[str, Any]) -> str:
    """The YAML of entries by name, as `read_entries` reads it again."""
    return yaml.safe_dump({"tags": entries}, allow_unicode=True, sort_keys=False, width=120)
