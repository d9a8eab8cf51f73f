"""Declarations of matching as people write them: YAML, and what is wrong with it."""

from __future__ import annotations

import re
from typing import Any

from qianmian.collect.declaration_reader import DeclarationReader
from qianmian.collect.imports.declaration import near
from qianmian.core.errors import RulesError
from qianmian.core.messages import Message
from qianmian.privacy.details import DETAIL_FIELDS
from qianmian.unify.identity.match.matching import Matching, Rule

MOST_BYTES = 64 * 1024
MOST_LISTS = 20
_KEYS = ("purpose", "compare", "block", "certain", "propose_from", "accounts_too")
_PURPOSE = re.compile(r"[a-z][a-z0-9_]{0,39}")


def read_matching(text: str, name: str | Message) -> Matching:
    """Parse and check a declaration.

    Args:
        text: the YAML.
        name: what messages call it, such as the file's name.

    Raises:
        RulesError: the first thing that is wrong, with its place and what was expected.
    """
    return _Reader(name).matching(text)


class _Reader(DeclarationReader):
    error, most_bytes = RulesError, MOST_BYTES
    too_large, start = Message("matching_too_large", most=MOST_BYTES // 1024), Message("matching_start")
    unknown_key = Message("matching_unknown_key")
    may_be_empty = False

    def matching(self, text: str) -> Matching:
        top = self.load(text)
        self.known(top, _KEYS, "")
        compare = self._fields(top.get("compare"), "compare", DETAIL_FIELDS)
        return Matching(
            self._purpose(top),
            compare,
            self._lists(top, "block", compare),
            self._lists(top, "certain", compare),
            self._probability(top),
            self._yes(top),
        )

    def _purpose(self, top: dict[str, Any]) -> str:
        purpose = top.get("purpose")
        if not isinstance(purpose, str) or not _PURPOSE.fullmatch(purpose):
            raise self.wrong("purpose", Message("matching_purpose"), Message("none") if purpose is None else purpose)
        return purpose

    def _lists(self, top: dict[str, Any], key: str, compare: tuple[str, ...]) -> tuple[Rule, ...]:
        value = top.get(key)
        if not isinstance(value, list) or not 1 <= len(value) <= MOST_LISTS:
            raise self.wrong(
                key, Message("matching_lists", most=MOST_LISTS), Message("none") if value is None else value
            )
        return tuple(self._fields(one, f"{key}.{number}", compare) for number, one in enumerate(value))

    def _fields(self, value: object, key: str, known: tuple[str, ...]) -> tuple[str, ...]:
        if not isinstance(value, list) or not value:
            raise self.wrong(key, Message("rules_list"), Message("none") if value is None else value)
        for number, one in enumerate(value):
            if one not in known:
                raise self.wrong(f"{key}.{number}", Message("matching_field"), one, near(str(one), known))
        return tuple(dict.fromkeys(value))

    def _probability(self, top: dict[str, Any]) -> float:
        value = top.get("propose_from", 0.9)
        if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value < 1:
            raise self.wrong("propose_from", Message("matching_probability"), value)
        return float(value)

    def _yes(self, top: dict[str, Any]) -> bool:
        value = top.get("accounts_too", False)
        if not isinstance(value, bool):
            raise self.wrong("accounts_too", Message("misfit_flag"), value)
        return value
