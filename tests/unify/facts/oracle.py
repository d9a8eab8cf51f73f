"""What a naive reader makes of statements, in plain Python: the same model, written down a second time."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from qianmian.unify.facts.rules import FactRules, Trait, TraitKind
from qianmian.unify.facts.vote import DISPUTED

_STEP = 1 << 20
_DAY = 86_400.0


def resolve(rules: FactRules, statements: Iterable[Mapping[str, Any]]) -> dict[tuple[Any, str], dict[str, Any]]:
    """What holds, by person and trait; statements are rows of the table, with person_id."""
    spoken: dict[tuple[Any, str], list[Mapping[str, Any]]] = defaultdict(list)
    for one in statements:
        if one["value"] is not None and rules.trait(one["trait"]):
            spoken[one["person_id"], one["trait"]].append(one)
    return {key: _holds(rules, rules.trait(key[1]), some) for key, some in spoken.items()}  # type: ignore[arg-type]


def _holds(rules: FactRules, trait: Trait, some: list[Mapping[str, Any]]) -> dict[str, Any]:
    latest: dict[str, Mapping[str, Any]] = {}
    for one in sorted(some, key=lambda one: (one["occurred_at"], one["event_key"])):
        latest[one["source"]] = one
    newest = max(one["occurred_at"] for one in latest.values())
    camps = [_summed(rules, trait, camp, newest) for camp in _camps(trait, list(latest.values()))]
    camps.sort(key=lambda camp: camp["order"])
    best = camps[0]["vote"]
    shares = [_rounded(math.exp(camp["vote"] - best)) for camp in camps]
    likely = sum(shares) + max(trait.wrong_values + 1 - len(camps), 0) * _rounded(math.exp(-best))
    return {
        "value": camps[0]["value"],
        "confidence": 1 / likely,
        "stated_at": camps[0]["at"],
        "speaking": len(latest),
        "supporting": camps[0]["sources"],
        "runner_up": camps[1]["value"] if len(camps) > 1 else None,
        "is_disputed": len(camps) > 1 and shares[1] / likely >= DISPUTED,
    }


def _camps(trait: Trait, some: list[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    if trait.kind is TraitKind.WORD:
        words: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for one in some:
            words[one["value"]].append(one)
        return list(words.values())
    camps: list[list[Mapping[str, Any]]] = []
    for one in sorted(some, key=lambda one: float(one["value"])):
        if camps and float(one["value"]) - float(camps[-1][-1]["value"]) <= trait.tolerance:
            camps[-1].append(one)
        else:
            camps.append([one])
    return camps


def _summed(rules: FactRules, trait: Trait, camp: list[Mapping[str, Any]], newest: Any) -> dict[str, Any]:
    values: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for one in camp:
        values[one["value"]].append(one)
    told = []
    for value, some in values.items():
        vote = sum(_vote(rules, trait, one, newest) for one in some)
        trust, at = max(rules.trust_of(one["source"]) for one in some), max(one["occurred_at"] for one in some)
        told.append((-vote, -trust, -at.timestamp(), value))
    trust, at = max(rules.trust_of(one["source"]) for one in camp), max(one["occurred_at"] for one in camp)
    vote, value = -sum(one[0] for one in told), min(told)[3]
    return {
        "vote": vote,
        "value": value,
        "at": at,
        "sources": len(camp),
        "order": (-vote, -trust, -at.timestamp(), value),
    }


def _vote(rules: FactRules, trait: Trait, one: Mapping[str, Any], newest: Any) -> float:
    trust = rules.trust_of(one["source"])
    vote = math.log(trait.wrong_values * trust / (1 - trust))
    if trait.half_life_days:
        vote *= 2.0 ** (-(newest - one["occurred_at"]).total_seconds() / (trait.half_life_days * _DAY))
    return _rounded(vote)


def _rounded(number: float) -> float:
    return round(number * _STEP) / _STEP
