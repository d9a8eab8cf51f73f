"""What sources state of a person's traits and what holds, how well sources agree, and whose traits are disputed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from qianmian.app.answers import Computed
from qianmian.app.people import find_person
from qianmian.app.plan import published_facts
from qianmian.app.questions.cursor import cursor, place_of
from qianmian.app.shop import ANALYSE, Shop
from qianmian.core.errors import UnknownNameError
from qianmian.core.people import id_number, id_text
from qianmian.lake.connection import Connection, by_key, fetch, quoted
from qianmian.unify.facts.agree import Agreement, agreement, show_voices
from qianmian.unify.facts.rules import FactRules

_TABLES = ("statements", "traits", by_key("traits"), "persons")
_TRAITS = f"SELECT * FROM {quoted(by_key('traits'))} WHERE person_id = $person ORDER BY trait"
#: Of each person's statements: whether it is its source's latest, and whether it is for what holds.
_STATEMENTS = f"""
SELECT spoken.*, voices.event_key IS NOT NULL AS counts,
       coalesce(voices.camp = held.camp, false) AS supports, coalesce(voices.vote, 0) AS vote
FROM spoken LEFT JOIN voices USING (person_id, trait, event_key)
LEFT JOIN (SELECT person_id, trait, any_value(camp) AS camp FROM voices
           SEMI JOIN {quoted(by_key("traits"))} AS traits USING (person_id, trait, value) GROUP BY ALL) AS held
USING (person_id, trait)
WHERE person_id IN (SELECT unnest($people::BIGINT[])) AND ($trait IS NULL OR trait = $trait)
ORDER BY person_id, trait, occurred_at DESC, source, event_key
"""
#: Confidence is compared by whole steps: a page ends at a place that reads back to the same number.
_DISPUTED = """
SELECT * FROM (SELECT *, (confidence * 1e12)::BIGINT AS key FROM traits WHERE trait = $trait AND is_disputed)
WHERE $key IS NULL OR (key, person_id) > ($key, $person)
ORDER BY key, person_id LIMIT $limit
"""
_TOTAL = "SELECT count(*) FROM traits WHERE trait = $trait AND is_disputed"
_NODES_OF = "SELECT node_id FROM persons WHERE person_id IN (SELECT unnest(getvariable('asked')::BIGINT[]))"


@dataclass(frozen=True)
class Statement:
    """What a source says of a trait.

    Attributes:
        source: who says it.
        stated_at: when.
        value: what; None = it is no value of the trait, or the trait is sensitive and many are asked for.
        counts: whether it is the source's vote: the latest that can be read.
        supports: whether it is for what holds.
        vote: what it is worth, log-odds that fade.
    """

    source: str
    stated_at: datetime
    value: str | None
    counts: bool
    supports: bool
    vote: float


@dataclass(frozen=True)
class ResolvedTrait:
    """A trait of a person.

    Attributes:
        person: id.
        trait: its name.
        sensitive: whether its values are told of one person alone.
        value: what holds.
        confidence: how likely it is right.
        stated_at: when a source last stated it.
        speaking: sources that state a value.
        supporting: of them, those that state this one.
        runner_up: the next likely value; None = nobody states another.
        is_disputed: whether that is likely enough to be looked at.
        statements: all, the newest first.
    """

    person: str
    trait: str
    sensitive: bool
    value: str | None
    confidence: float
    stated_at: datetime
    speaking: int
    supporting: int
    runner_up: str | None
    is_disputed: bool
    statements: list[Statement]


@dataclass(frozen=True)
class PersonTraits:
    """A person's traits, by name."""

    person: str
    traits: list[ResolvedTrait]
    computed: Computed


@dataclass(frozen=True)
class DisputedPeople:
    """A page of the people whose trait is disputed, the least certain first.

    Attributes:
        trait: which.
        total: people on all pages.
        people: the trait of each.
        next: cursor of the next page; None = this is the last.
        computed: from which build.
    """

    trait: str
    total: int
    people: list[ResolvedTrait]
    next: str | None
    computed: Computed


@dataclass(frozen=True)
class FactReport:
    """How well sources agree, by the rules of the last build.

    Attributes:
        people: everybody in the shop.
        agreement: of whom what is known.
        computed: from which build.
    """

    people: int
    agreement: Agreement
    computed: Computed


def traits(shop: Shop, name: str, *, purpose: str = ANALYSE) -> PersonTraits:
    """The traits of a person, each with all that was said of it.

    Args:
        shop: the shop.
        name: ``namespace:value``, a bare user_id, or ``person:<id>``.
        purpose: what they are looked up for.

    Raises:
        PurposeError: the purpose is not registered.
        UnknownNameError: nobody is known by that name, or nothing was built yet.
    """
    with shop.asking(purpose, *_TABLES) as (found, computed):
        person = find_person(shop.workspace, found.connection, name)
        rows = fetch(found.connection, _TRAITS, {"person": person}).to_pylist()
        told = _told(found.connection, published_facts(shop.workspace), rows)
    return PersonTraits(id_text(person), told, computed)


def disputed(
    shop: Shop, trait: str, *, after: str | None = None, limit: int = 20, purpose: str = ANALYSE
) -> DisputedPeople:
    """A page of the people whose trait is disputed; of a sensitive one without values.

    Args:
        shop: the shop.
        trait: which.
        after: cursor of the page; None = the least certain.
        limit: people on a page.
        purpose: what they are looked up for.

    Raises:
        PurposeError: the purpose is not registered.
        UnknownNameError: there is no such trait, or nothing was built yet.
        InputError: the cursor is none.
    """
    key, person = place_of(after, int, str) if after else (None, None)
    rules = published_facts(shop.workspace)
    declared = rules.trait(trait)
    with shop.asking(purpose, *_TABLES) as (found, computed):
        if declared is None:
            raise UnknownNameError("no_trait", trait=trait, traits=[one.name for one in rules.traits])
        asked = {"trait": trait, "key": key, "person": person and id_number(str(person)), "limit": limit + 1}
        rows = fetch(found.connection, _DISPUTED, asked).to_pylist()
        some = rows[:limit]
        total = found.connection.execute(_TOTAL, {"trait": trait}).fetchall()[0][0]
        told = _told(found.connection, rules, some, trait, in_list=True)
    last = cursor(some[-1]["key"], id_text(some[-1]["person_id"])) if len(rows) > limit else None
    return DisputedPeople(trait, total, told, last, computed)


def fact_report(shop: Shop, *, purpose: str = ANALYSE) -> FactReport:
    """How far traits are known, and how well sources agree on them.

    Raises:
        PurposeError: the purpose is not registered.
        NotBuiltError: nothing was built yet.
    """
    with shop.asking(purpose, *_TABLES) as (found, computed):
        people = found.connection.execute("SELECT count(*) FROM partials").fetchall()[0][0]
        return FactReport(people, agreement(found.connection, published_facts(shop.workspace)), computed)


def _told(
    connection: Connection,
    rules: FactRules,
    rows: list[dict[str, Any]],
    only: str | None = None,
    *,
    in_list: bool = False,
) -> list[ResolvedTrait]:
    people = sorted({row["person_id"] for row in rows})
    if not people:
        return []
    connection.execute("SET VARIABLE asked = $people", {"people": people})
    show_voices(connection, rules, _NODES_OF)
    asked = {"people": people, "trait": only}
    said: dict[tuple[int, str], list[Statement]] = {}
    for row in fetch(connection, _STATEMENTS, asked).to_pylist():
        said.setdefault((row["person_id"], row["trait"]), []).append(_statement(row))
    sensitive = {one.name for one in rules.traits if one.sensitive}
    told = [_resolved(row, said[row["person_id"], row["trait"]], sensitive=row["trait"] in sensitive) for row in rows]
    return [_without_values(one) if one.sensitive and in_list else one for one in told]


def _statement(row: Mapping[str, Any]) -> Statement:
    return Statement(row["source"], row["occurred_at"], row["value"], row["counts"], row["supports"], row["vote"])


def _resolved(row: Mapping[str, Any], said: list[Statement], *, sensitive: bool) -> ResolvedTrait:
    told = {key: value for key, value in row.items() if key not in {"person_id", "key"}}
    return ResolvedTrait(person=id_text(row["person_id"]), **told, sensitive=sensitive, statements=said)


def _without_values(one: ResolvedTrait) -> ResolvedTrait:
    said = [replace(statement, value=None) for statement in one.statements]
    return replace(one, value=None, runner_up=None, statements=said)
