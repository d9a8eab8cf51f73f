"""Fact rules: which traits sources state of people, by which properties, and how far each source is trusted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from importlib.resources import files
from typing import Any

#: How likely a source is to be right of which nobody said anything.
USUAL_TRUST = 0.7
#: Wrong values that a trait could have where they are not listed: a guess that the model of truth discovery needs.
WRONG_VALUES = 10


class TraitKind(StrEnum):
    """What the value of a trait is."""

    WORD = "word"
    YEAR = "year"
    NUMBER = "number"


@dataclass(frozen=True)
class Trait:
    """Something that sources state of a person.

    Attributes:
        name: what it is called.
        kind: what its value is.
        properties: by which properties it is stated, the first that can be read counts.
        events: names of events that state it beside those of kind identify.
        ages: properties that hold an age in years, of which a year follows.
        values: what a word can be, each with its other spellings; nothing = any word.
        endings: of a word, left out.
        tolerance: so far apart two years or numbers still agree.
        half_life_days: by so many days a statement is older when it counts half; None = it never ages.
        sensitive: whether values are told of one person alone.
    """

    name: str
    kind: TraitKind
    properties: tuple[str, ...]
    events: tuple[str, ...] = ()
    ages: tuple[str, ...] = ()
    values: tuple[tuple[str, tuple[str, ...]], ...] = ()
    endings: tuple[str, ...] = ()
    tolerance: float = 0.0
    half_life_days: int | None = None
    sensitive: bool = False

    @property
    def wrong_values(self) -> int:
        """How many values are wrong, if one is right."""
        return max(len(self.values) - 1, 1) if self.values else WRONG_VALUES


@dataclass(frozen=True)
class FactRules:
    """All that is declared.

    Attributes:
        traits: by name.
        trust: chance that a source is right, by source.
        otherwise: the same of all others.
        nothing: words that state nothing.
    """

    traits: tuple[Trait, ...] = ()
    trust: tuple[tuple[str, float], ...] = ()
    otherwise: float = USUAL_TRUST
    nothing: tuple[str, ...] = ()

    def to_json(self) -> str:
        """As a parameter of a task."""
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)

    @staticmethod
    def from_json(text: str) -> FactRules:
        """The inverse of `to_json`."""
        told = json.loads(text)
        trust = tuple((source, float(chance)) for source, chance in told["trust"])
        traits = tuple(_trait(one) for one in told["traits"])
        return FactRules(traits, trust, told["otherwise"], tuple(told["nothing"]))

    @property
    def digest(self) -> str:
        """16 hex digits over what they say, however it was written."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:16]

    def trait(self, name: str) -> Trait | None:
        """The trait of a name, if there is one."""
        return next((one for one in self.traits if one.name == name), None)

    def trust_of(self, source: str) -> float:
        """Chance that a source is right."""
        return dict(self.trust).get(source, self.otherwise)


def _trait(told: Mapping[str, Any]) -> Trait:
    lists = {name: tuple(told[name]) for name in ("properties", "events", "ages", "endings")}
    values = tuple((value, tuple(others)) for value, others in told["values"])
    return Trait(**{**told, **lists, "kind": TraitKind(told["kind"]), "values": values})


def built_in_text() -> str:
    """The rules that hold where a shop has none, as they are written: a start for one's own."""
    return files("qianmian.unify.facts").joinpath("facts.yaml").read_text("utf-8")
