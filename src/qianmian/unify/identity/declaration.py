"""Identity rules as people write them: YAML, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from qianmian.collect.declaration_reader import DeclarationReader
from qianmian.collect.imports.declaration import near
from qianmian.core.errors import InputError, RulesError
from qianmian.core.messages import Message
from qianmian.core.people import NAMESPACES, id_number
from qianmian.privacy.masking import mask_text
from qianmian.unify.identity.rules import Blocked, Limit, Rules, Shared, built_in_text

MOST_BYTES = 256 * 1024
MOST_VALUES, LONGEST = 2000, 200
MOST_DAYS, MOST_IDENTIFIERS = 36_500, 1_000_000
_SECTIONS = ("limits", "blocked", "shared", "holds_days")
_VALUES = ("words", "patterns", "pseudonyms")
_WEAKER = NAMESPACES[1:]


@cache
def built_in_rules() -> Rules:
    """The rules that hold where a shop has none."""
    return _Reader("rules.yaml").rules(built_in_text(), Rules())


def read_rules(text: str, name: str | Message) -> Rules:
    """Parse and check rules.

    Args:
        text: the YAML; a section that is missing is as the product has it.
        name: what messages call it, such as the file's name.

    Raises:
        RulesError: the first thing that is wrong, with its place and what was expected.
    """
    return _Reader(name).rules(text, built_in_rules())


class _Reader(DeclarationReader):
    error, most_bytes = RulesError, MOST_BYTES
    too_large, start = Message("rules_too_large", most=MOST_BYTES // 1024), Message("rules_start")
    unknown_key = Message("rules_unknown_key")

    def rules(self, text: str, otherwise: Rules) -> Rules:
        top = self.load(text)
        self.known(top, _SECTIONS, "")
        return Rules(
            self._limits(top["limits"]) if "limits" in top else otherwise.limits,
            self._blocked(top["blocked"]) if "blocked" in top else otherwise.blocked,
            self._shared(top["shared"]) if "shared" in top else otherwise.shared,
            self._holds(top["holds_days"]) if "holds_days" in top else otherwise.holds_days,
        )

    def _limits(self, value: object) -> tuple[Limit, ...]:
        section = self.section(value, "limits", NAMESPACES)
        return tuple(self._limit(namespace, section[namespace]) for namespace in NAMESPACES if namespace in section)

    def _limit(self, namespace: str, value: object) -> Limit:
        key = f"limits.{namespace}"
        told = self.section(value, key, ("most", "within_days"))
        within = self.whole(told.get("within_days"), f"{key}.within_days", MOST_DAYS) if "within_days" in told else 0
        return Limit(namespace, self.whole(told.get("most"), f"{key}.most", MOST_IDENTIFIERS), within)

    def _shared(self, value: object) -> Shared | None:
        told = self.section(value, "shared", ("most", "within_days", "by"))
        if not told:
            return None
        by = self._texts(told.get("by"), "shared.by")
        for number, one in enumerate(by):
            self._namespace(one, f"shared.by.{number}", NAMESPACES)
        most = self.whole(told.get("most"), "shared.most", MOST_IDENTIFIERS)
        return Shared(most, self.whole(told.get("within_days"), "shared.within_days", MOST_DAYS), by)

    def _holds(self, value: object) -> tuple[tuple[str, int], ...]:
        section = self.section(value, "holds_days", _WEAKER)
        return tuple(
            (one, self.whole(section[one], f"holds_days.{one}", MOST_DAYS)) for one in _WEAKER if one in section
        )

    def _blocked(self, value: object) -> tuple[Blocked, ...]:
        if not isinstance(value, list):
            raise self.wrong("blocked", Message("rules_list"), value)
        found = tuple(self._values(one, f"blocked.{number}") for number, one in enumerate(value))
        values = sum(len(one.words) + len(one.patterns) + len(one.nodes) for one in found)
        if values > MOST_VALUES:
            raise self.wrong("blocked", Message("rules_too_many", most=MOST_VALUES), values)
        return found

    def _values(self, value: object, key: str) -> Blocked:
        told = self.section(value, key, ("namespace", *_VALUES))
        namespace = told.get("namespace", "")
        if "namespace" in told:
            self._namespace(namespace, f"{key}.namespace", NAMESPACES)
        words, patterns, pseudonyms = (
            self._texts(told[name], f"{key}.{name}") if name in told else () for name in _VALUES
        )
        if not words and not patterns and not pseudonyms:
            raise self.wrong(key, Message("rules_blocked"), value)
        for number, pattern in enumerate(patterns):
            if not pattern.strip("*?"):
                raise self.wrong(f"{key}.patterns.{number}", Message("rules_everybody"), pattern)
        small = tuple(one.strip().casefold() for one in patterns)
        numbers = tuple(self._node(one, f"{key}.pseudonyms.{number}") for number, one in enumerate(pseudonyms))
        return Blocked(namespace, words, small, numbers)

    def _node(self, text: str, key: str) -> int:
        try:
            return id_number(text)
        except InputError:
            raise self.wrong(key, Message("rules_node"), text) from None

    def _texts(self, value: object, key: str) -> tuple[str, ...]:
        if not isinstance(value, list) or not value:
            raise self.wrong(key, Message("rules_list"), value)
        return tuple(self._text(one, f"{key}.{number}") for number, one in enumerate(value))

    def _text(self, value: object, key: str) -> str:
        if not isinstance(value, str) or not value.strip() or len(value) > LONGEST:
            raise self.wrong(key, Message("rules_text", most=LONGEST), value)
        if mask_text(value) != value:
            raise self.wrong(key, Message("rules_personal"), hint=Message("rules_by_pseudonym"))
        return value

    def _namespace(self, value: object, key: str, known: Collection[str]) -> None:
        if value not in known:
            raise self.wrong(key, Message("rules_namespace"), value, near(str(value), known))
