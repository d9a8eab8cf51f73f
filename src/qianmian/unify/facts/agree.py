"""How well sources agree on traits: coverage, each two sources, and each source with what the others resolve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qianmian.lake.connection import Connection, fetch
from qianmian.learning.interval import wilson
from qianmian.unify.facts.rules import FactRules
from qianmian.unify.facts.vote import resolved, show_rules, voted
from qianmian.unify.identity.place import placed, show_owners

_COVERAGE = """
SELECT trait, count(*) AS people, count(*) FILTER (speaking > 1) AS compared,
       count(*) FILTER (runner_up IS NOT NULL) AS contradicted, count(*) FILTER (is_disputed) AS disputed,
       avg(confidence) AS confidence
FROM traits GROUP BY trait ORDER BY trait
"""
_UNREADABLE = """
SELECT trait, source, count(*) AS statements, count(*) FILTER (value IS NULL) AS unreadable
FROM statements GROUP BY ALL ORDER BY ALL
"""
#: Of two sources that both speak of somebody's trait, whether they say the same, to the tolerance of the trait.
_SAME = """
CASE WHEN is_word THEN {one} = {other} ELSE abs({one}::DOUBLE - {other}::DOUBLE) <= tolerance END
"""
#: What each two sources would agree on by chance is what their own shares of values would: Cohen's kappa.
_PAIRS = f"""
WITH both_say AS (
    SELECT one.trait, one.source AS one, other.source AS other, one.value AS said, other.value AS otherwise,
           one.is_word, one.tolerance
    FROM voices AS one JOIN voices AS other USING (person_id, trait) WHERE one.source < other.source),
shares AS (
    SELECT trait, one, other, value, any_value(is_word) AS is_word, any_value(tolerance) AS tolerance,
           sum(ones) AS ones, sum(others) AS others
    FROM (SELECT trait, one, other, said AS value, is_word, tolerance, 1 AS ones, 0 AS others FROM both_say
          UNION ALL SELECT trait, one, other, otherwise, is_word, tolerance, 0, 1 FROM both_say)
    GROUP BY ALL),
by_chance AS (
    SELECT a.trait, a.one, a.other, sum(a.ones * b.others)::DOUBLE AS meetings
    FROM shares AS a JOIN shares AS b USING (trait, one, other, is_word, tolerance)
    WHERE {_SAME.format(one="a.value", other="b.value")} GROUP BY ALL)
SELECT trait, one, other, people, agree, coalesce(meetings, 0) / (people * people) AS by_chance
FROM (SELECT trait, one, other, count(*) AS people,
             count(*) FILTER ({_SAME.format(one="said", other="otherwise")}) AS agree
      FROM both_say GROUP BY ALL)
LEFT JOIN by_chance USING (trait, one, other) ORDER BY ALL
"""
#: For each source, the statements of all others about the people of whom it speaks.
_OTHERS = """
CREATE OR REPLACE TEMP VIEW of_others AS
SELECT spoken.*, voices.source AS left_out
FROM spoken JOIN (SELECT DISTINCT person_id, trait, source FROM voices) AS voices USING (person_id, trait)
WHERE spoken.source <> voices.source
"""
_LEFT_OUT = f"""
SELECT trait, source, count(*) AS people, count(*) FILTER ({_SAME.format(one="said", other="held")}) AS agree
FROM (SELECT person_id, trait, source, value AS said, is_word, tolerance FROM voices)
JOIN (SELECT person_id, trait, left_out AS source, value AS held
      FROM ({resolved("of_others", "person_id, trait, left_out")})) USING (person_id, trait, source)
GROUP BY ALL ORDER BY ALL
"""


@dataclass(frozen=True)
class TraitCoverage:
    """How far a trait is known.

    Attributes:
        trait: its name.
        sensitive: whether its values are told of one person alone.
        people: of whom a source states it.
        compared: of whom at least two sources do.
        contradicted: of whom not all that speak say the same.
        disputed: of whom another value is likely enough to be looked at.
        confidence: the mean over the people.
        statements: ever made, also those that do not count.
        unreadable: of them, those that are no value of the trait.
    """

    trait: str
    sensitive: bool
    people: int
    compared: int
    contradicted: int
    disputed: int
    confidence: float
    statements: int
    unreadable: int


@dataclass(frozen=True)
class PairAgreement:
    """How well two sources agree on a trait.

    Attributes:
        trait: its name.
        one: a source.
        other: another.
        people: of whom both speak.
        agree: of whom they say the same.
        low: lower bound of the share, Wilson's interval, 95 %.
        high: its upper bound.
        kappa: Cohen's: 0 = as chance would have it, 1 = always; None = both say one thing of everybody.
    """

    trait: str
    one: str
    other: str
    people: int
    agree: int
    low: float
    high: float
    kappa: float | None


@dataclass(frozen=True)
class SourceAgreement:
    """How often a source says what all others resolve without it.

    Attributes:
        trait: its name.
        source: the source.
        trust: as declared.
        people: of whom it speaks, and another too.
        agree: of whom it says what the others resolve.
        low: lower bound of the share, Wilson's interval, 95 %.
        high: its upper bound.
    """

    trait: str
    source: str
    trust: float
    people: int
    agree: int
    low: float
    high: float


@dataclass(frozen=True)
class Agreement:
    """All of it."""

    traits: list[TraitCoverage]
    pairs: list[PairAgreement]
    sources: list[SourceAgreement]


def agreement(connection: Connection, rules: FactRules) -> Agreement:
    """Compare what sources say of the same people.

    Args:
        connection: has ``statements``, ``persons`` and ``traits``.
        rules: by which the traits were resolved.
    """
    show_voices(connection, rules)
    connection.execute(_OTHERS)
    pairs = [_pair(row) for row in fetch(connection, _PAIRS).to_pylist()]
    sources = [
        SourceAgreement(**row, trust=rules.trust_of(row["source"]), **_bounds(row["agree"], row["people"]))
        for row in fetch(connection, _LEFT_OUT).to_pylist()
    ]
    return Agreement(_coverage(connection, rules), pairs, sources)


def show_voices(connection: Connection, rules: FactRules, among: str = "") -> None:
    """Make ``spoken``, statements with their person, and ``voices``, those that count.

    Args:
        connection: has ``statements`` and ``persons``.
        rules: by which they count.
        among: SELECT of node_ids, if few are looked at.
    """
    show_rules(connection, rules)
    show_owners(connection, among)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE spoken AS {placed(connection, 'statements')}")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE voices AS {voted('spoken')}")


def _coverage(connection: Connection, rules: FactRules) -> list[TraitCoverage]:
    said: dict[str, list[int]] = {one.name: [0, 0] for one in rules.traits}
    for row in fetch(connection, _UNREADABLE).to_pylist():
        said[row["trait"]][0] += row["statements"]
        said[row["trait"]][1] += row["unreadable"]
    known = {row["trait"]: row for row in fetch(connection, _COVERAGE).to_pylist()}
    nothing = {"people": 0, "compared": 0, "contradicted": 0, "disputed": 0, "confidence": 0.0}
    return [
        TraitCoverage(
            **{**nothing, **known.get(one.name, {}), "trait": one.name},
            sensitive=one.sensitive,
            statements=said[one.name][0],
            unreadable=said[one.name][1],
        )
        for one in rules.traits
    ]


def _pair(row: dict[str, Any]) -> PairAgreement:
    by_chance: float = row.pop("by_chance")
    share = row["agree"] / row["people"]
    kappa = (share - by_chance) / (1 - by_chance) if by_chance < 1 else None
    told: dict[str, Any] = {**row, **_bounds(row["agree"], row["people"]), "kappa": kappa}
    return PairAgreement(**told)


def _bounds(count: int, people: int) -> dict[str, Any]:
    low, high = wilson(count, people)
    return {"low": low, "high": high}
