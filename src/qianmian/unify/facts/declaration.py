"""Reads the fact rules that a shop declares; whatever is wrong is told with its place and what was expected."""

from __future__ import annotations

import re
from functools import cache

from qianmian.collect.declaration_reader import DeclarationReader
from qianmian.core.errors import RulesError
from qianmian.core.messages import Message
from qianmian.unify.facts.rules import USUAL_TRUST, FactRules, Trait, TraitKind, built_in_text

MOST_BYTES = 64 * 1024
MOST_TRAITS, MOST_WORDS, LONGEST, MOST_DAYS, MOST_TOLERANCE = 50, 1000, 100, 36_500, 1_000_000
_LEAST_TRUST, _MOST_TRUST = 0.01, 0.99
_NAME = re.compile("[a-z][a-z0-9_]{0,39}")
_OF_ALL = ("kind", "properties", "events", "half_life_days", "sensitive")
_KEYS = {
    TraitKind.WORD: (*_OF_ALL, "values", "endings"),
    TraitKind.YEAR: (*_OF_ALL, "ages", "tolerance"),
    TraitKind.NUMBER: (*_OF_ALL, "tolerance"),
}


@cache
def built_in_rules() -> FactRules:
    """The rules that hold where a shop has none."""
    return read_rules(built_in_text(), "facts.yaml")


def read_rules(text: str, name: str | Message) -> FactRules:
    """Parse and check rules.

    Args:
        text: the YAML; a trait that is not in it is none.
        name: what messages call it, such as the file's name.

    Raises:
        RulesError: the first thing that is wrong, with its place and what was expected.
    """
    return _Reader(name).rules(text)


class _Reader(DeclarationReader):
    error, most_bytes = RulesError, MOST_BYTES
    too_large, start = Message("facts_too_large", most=MOST_BYTES // 1024), Message("facts_start")
    unknown_key = Message("facts_unknown_key")

    def rules(self, text: str) -> FactRules:
        top = self.load(text)
        self.known(top, ("trust", "nothing", "traits"), "")
        chances = self.section(top.get("trust", {}), "trust")
        trust = {str(source): self._chance(one, f"trust.{source}") for source, one in chances.items()}
        otherwise = trust.pop("otherwise", USUAL_TRUST)
        nothing = self._words(top.get("nothing", []), "nothing")
        told = self.section(top.get("traits", {}), "traits")
        if len(told) > MOST_TRAITS:
            raise self.wrong("traits", Message("facts_traits", most=MOST_TRAITS), len(told))
        traits = tuple(self._trait(str(name), one) for name, one in sorted(told.items()))
        return FactRules(traits, tuple(sorted(trust.items())), otherwise, tuple(sorted(map(spelled, nothing))))

    def _trait(self, name: str, value: object) -> Trait:
        key = f"traits.{name}"
        if not _NAME.fullmatch(name):
            raise self.wrong(key, Message("facts_name"), name)
        told = self.section(value, key)
        kind = told.get("kind")
        if kind not in list(TraitKind):
            raise self.wrong(
                f"{key}.kind", Message("mapping_choice", choices=tuple(TraitKind)), kind or Message("none")
            )
        kind = TraitKind(kind)
        self.known(told, _KEYS[kind], f"{key}.")
        lists = {
            one: self._words(told.get(one, []), f"{key}.{one}") for one in ("properties", "events", "ages", "endings")
        }
        if not lists["properties"] and not lists["ages"]:
            raise self.wrong(f"{key}.properties", Message("rules_list"), told.get("properties", Message("none")))
        sensitive, days = told.get("sensitive", False), told.get("half_life_days")
        if not isinstance(sensitive, bool):
            raise self.wrong(f"{key}.sensitive", Message("misfit_flag"), sensitive)
        return Trait(
            name,
            kind,
            **lists,
            values=self._values(told.get("values", {}), f"{key}.values"),
            tolerance=self._tolerance(told.get("tolerance", 0), f"{key}.tolerance"),
            half_life_days=None if days is None else self.whole(days, f"{key}.half_life_days", MOST_DAYS),
            sensitive=sensitive,
        )

    def _values(self, value: object, key: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What a word can be; a spelling leads to one value."""
        read = {
            spelled(str(one)): tuple(map(spelled, self._words(others or [], f"{key}.{one}")))
            for one, others in self.section(value, key).items()
        }
        taken: dict[str, str] = {}
        for one, others in read.items():
            for other in (one, *others):
                if taken.setdefault(other, one) != one:
                    raise self.wrong(f"{key}.{one}", Message("facts_twice", value=taken[other]), other)
        return tuple(read.items())

    def _words(self, value: object, key: str) -> tuple[str, ...]:
        if not isinstance(value, list) or len(value) > MOST_WORDS:
            raise self.wrong(key, Message("ties_clues", most=MOST_WORDS), value)
        for number, one in enumerate(value):
            if not isinstance(one, str) or not one.strip() or len(one) > LONGEST:
                raise self.wrong(f"{key}.{number}", Message("rules_text", most=LONGEST), one)
        return tuple(value)

    def _chance(self, value: object, key: str) -> float:
        if not _is_number(value) or not _LEAST_TRUST <= value <= _MOST_TRUST:  # type: ignore[operator]
            raise self.wrong(key, Message("facts_between", least=_LEAST_TRUST, most=_MOST_TRUST), value)
        return float(value)  # type: ignore[arg-type]

    def _tolerance(self, value: object, key: str) -> float:
        if not _is_number(value) or not 0 <= value <= MOST_TOLERANCE:  # type: ignore[operator]
            raise self.wrong(key, Message("facts_between", least=0, most=MOST_TOLERANCE), value)
        return float(value)  # type: ignore[arg-type]


def spelled(word: str) -> str:
    """A word as words are compared: what DuckDB's ``lower(trim(word))`` makes of it."""
    return word.strip().lower()


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
