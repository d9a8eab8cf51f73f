"""Rules that say by its user agent why an event may be no visit of a person: in order, the first that fits decides."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from qianmian.collect.declaration_reader import DeclarationReader
from qianmian.core.errors import TrafficError
from qianmian.core.messages import Message

#: A reason that is none: what a rule of this name fits is a visit like any other.
ORDINARY = "ordinary"
#: Asks for events that are flagged, for whatever reason; no reason itself.
FLAGGED = "flagged"
#: Why events of a marked identifier are flagged, before any rule is asked.
INTERNAL = "internal"
MOST_BYTES = 256 * 1024
MOST_RULES, MOST_TEXTS, SHORTEST, LONGEST = 200, 2000, 3, 200
REASON = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True)
class TrafficRule:
    """One rule.

    Attributes:
        reason: why such events are flagged; `ORDINARY` = they are not.
        holds: texts in small letters; the rule fits a user agent that holds any of them.
    """

    reason: str
    holds: tuple[str, ...]


@cache
def built_in_rules() -> tuple[TrafficRule, ...]:
    """The rules that come with the product."""
    return read_rules(built_in_text(), "rules.yaml")


def built_in_text() -> str:
    """The same as they are written, for who wants to read them."""
    return files("qianmian.collect.traffic").joinpath("rules.yaml").read_text("utf-8")


def reason_of(user_agent: str, rules: Iterable[TrafficRule]) -> str:
    """Why who names itself so may be no person; empty = it may well be one.

    >>> reason_of("Mozilla/5.0 (compatible; Baiduspider/2.0)", built_in_rules())
    'bot'
    >>> reason_of("Mozilla/5.0 (Linux; Android 11; CUBOT X30) Mobile", built_in_rules())
    ''
    """
    told = user_agent.lower()
    reason = next((rule.reason for rule in rules if any(text in told for text in rule.holds)), ORDINARY)
    return "" if reason == ORDINARY else reason


def read_rules(text: str, name: str | Message) -> tuple[TrafficRule, ...]:
    """Parse and check rules.

    Args:
        text: the YAML; empty = no rule.
        name: what messages call it, such as the file's name.

    Raises:
        TrafficError: the first thing that is wrong, with its place and what was expected.
    """
    return _Reader(name).rules(text)


class _Reader(DeclarationReader):
    error, most_bytes = TrafficError, MOST_BYTES
    too_large, start = Message("traffic_too_large", most=MOST_BYTES // 1024), Message("traffic_start")
    unknown_key = Message("traffic_unknown_key")

    def rules(self, text: str) -> tuple[TrafficRule, ...]:
        top = self.load(text)
        self.known(top, ("rules",), "")
        rules = tuple(self._rule(one, f"rules.{number}") for number, one in enumerate(self._list(top, "rules", "")))
        if len(rules) > MOST_RULES or sum(len(rule.holds) for rule in rules) > MOST_TEXTS:
            raise self.wrong("rules", Message("traffic_too_many", rules=MOST_RULES, texts=MOST_TEXTS), len(rules))
        return rules

    def _rule(self, value: object, key: str) -> TrafficRule:
        if not isinstance(value, dict):
            raise self.wrong(key, Message("traffic_rule"), value)
        self.known(value, ("reason", "holds"), f"{key}.")
        reason = value.get("reason")
        if not isinstance(reason, str) or reason == FLAGGED or not REASON.fullmatch(reason):
            raise self.wrong(f"{key}.reason", Message("traffic_reason"), Message("none") if reason is None else reason)
        texts = self._list(value, "holds", f"{key}.")
        if not texts:
            raise self.wrong(f"{key}.holds", Message("traffic_rule"))
        return TrafficRule(reason, tuple(self._text(one, f"{key}.holds.{n}") for n, one in enumerate(texts)))

    def _text(self, value: object, key: str) -> str:
        if not isinstance(value, str) or not value.isprintable() or not SHORTEST <= len(value) <= LONGEST:
            raise self.wrong(key, Message("traffic_text", least=SHORTEST, most=LONGEST), value)
        return value.lower()

    def _list(self, section: dict[str, Any], name: str, path: str) -> list[object]:
        value = section.get(name)
        if value is not None and not isinstance(value, list):
            raise self.wrong(f"{path}{name}", Message("traffic_list"), value)
        return value or []
