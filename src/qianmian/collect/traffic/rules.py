"""Rules that say by its user agent why an event may be no visit of a person: in order, the first that fits decides."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from qianmian.collect import strict_yaml
from qianmian.collect.imports.declaration import near
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
_REASON = re.compile(r"[a-z][a-z0-9_]{0,39}")


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
    return _Reader(name, text).rules()


@dataclass(frozen=True)
class _Reader:
    name: str | Message
    text: str

    def wrong(
        self, key: str, expected: Message, got: object = None, hint: Message | None = None, *, line: int | None = None
    ) -> TrafficError:
        line = line or strict_yaml.line_of(self.text, key)
        file = Message("at_line", file=self.name, line=line) if line else self.name
        told = {"file": file, "key": key, "expected": expected, "hint": hint or ""}
        return (
            TrafficError("mapping_key", **told) if got is None else TrafficError("mapping_key_got", **told, given=got)
        )

    def rules(self) -> tuple[TrafficRule, ...]:
        text = self.text
        if len(text.encode()) > MOST_BYTES:
            raise self.wrong("file", Message("traffic_too_large", most=MOST_BYTES // 1024), len(text))
        try:
            top = strict_yaml.load(text)
        except strict_yaml.NotYamlError as error:
            raise self.wrong("file", Message("mapping_no_yaml", why=str(error)), line=error.line) from None
        top = {} if top is None else top
        if not isinstance(top, dict):
            raise self.wrong("file", Message("mapping_keys_and_values"), hint=Message("traffic_start"))
        self._known(top, ("rules",), "")
        rules = tuple(self._rule(one, f"rules.{number}") for number, one in enumerate(self._list(top, "rules", "")))
        if len(rules) > MOST_RULES or sum(len(rule.holds) for rule in rules) > MOST_TEXTS:
            raise self.wrong("rules", Message("traffic_too_many", rules=MOST_RULES, texts=MOST_TEXTS), len(rules))
        return rules

    def _rule(self, value: object, key: str) -> TrafficRule:
        if not isinstance(value, dict):
            raise self.wrong(key, Message("traffic_rule"), value)
        self._known(value, ("reason", "holds"), f"{key}.")
        reason = value.get("reason")
        if not isinstance(reason, str) or reason == FLAGGED or not _REASON.fullmatch(reason):
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

    def _known(self, section: dict[str, Any], known: tuple[str, ...], path: str) -> None:
        for key in section:
            if key not in known:
                raise self.wrong(f"{path}{key}", Message("traffic_unknown_key"), hint=near(str(key), known))
