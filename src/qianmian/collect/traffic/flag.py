"""Flags staged events with why they may be no visit of a person: one SQL expression over what they state."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from qianmian.collect.imports.identify import Who
from qianmian.collect.imports.shape import Shape
from qianmian.collect.traffic.rules import INTERNAL, ORDINARY, TrafficRule, built_in_rules
from qianmian.core.people import ORDER


@dataclass(frozen=True)
class Traffic:
    """By what the events of an import are flagged.

    Attributes:
        own: rules of the shop's own, asked before those that come with the product.
        internal: nodes of those who test or work here; what they do is flagged whatever the rules say.
    """

    own: tuple[TrafficRule, ...] = ()
    internal: tuple[int, ...] = ()

    @property
    def rules(self) -> tuple[TrafficRule, ...]:
        """All rules in the order in which they are asked."""
        return (*self.own, *built_in_rules())

    def flag(self, shape: Shape) -> None:
        """Have the typed layer tell ``traffic`` by the rules."""
        if "user_agent" not in shape.mapping.fields:
            return
        bind = shape.words.bind
        fits = {rule: f"regexp_matches(user_agent, {bind(_pattern(rule.holds))}, 'i')" for rule in self.rules}
        anything = bind(_pattern(text for rule in self.rules for text in rule.holds))
        cases = " ".join(f"WHEN {test} THEN {_reason(rule, bind(rule.reason))}" for rule, test in fits.items())
        # Most events fit none: one look at all texts together says so.
        shape.hidden["traffic"] = f"CASE WHEN regexp_matches(user_agent, {anything}, 'i') THEN CASE {cases} END END"

    def staged(self, named: tuple[Who, ...]) -> str:
        """SQL over the staged row of why it is flagged: its nodes first, then what the rules said."""
        if not self.internal:
            return "traffic"
        listed = ", ".join(f"{node:d}" for node in self.internal)
        people = [who for who in named if not who.namespace.startswith(ORDER)]
        test = " OR ".join(f"{who.ids}.node_id IN ({listed})" for who in people)
        return f"CASE WHEN {test} THEN '{INTERNAL}' ELSE traffic END" if test else "traffic"


#: The rules that come with the product, and nobody marked.
BUILT_IN = Traffic()


def _reason(rule: TrafficRule, bound: str) -> str:
    return "NULL" if rule.reason == ORDINARY else bound


def _pattern(texts: Iterable[str]) -> str:
    return "|".join(map(re.escape, texts))
