"""How votes make a trait: trust, recency, agreement; against a naive reader, and whatever the order."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from qianmian.lake.connection import Connection, fetch, memory_connection
from qianmian.unify.facts.declaration import read_rules
from qianmian.unify.facts.rules import FactRules
from qianmian.unify.facts.vote import resolved, show_rules
from tests.unify.facts import oracle

NOON = datetime(2026, 5, 1, 4, tzinfo=UTC)
RULES = read_rules(
    """
trust: {otherwise: 0.7, crm: 0.9, survey: 0.55, rumour: 0.05}
traits:
  gender: {kind: word, properties: [gender], values: {female: [f], male: [m]}}
  city: {kind: word, properties: [city], half_life_days: 100}
  birth_year: {kind: year, properties: [birthday], tolerance: 1}
  height: {kind: number, properties: [height], tolerance: 2.5, half_life_days: 400}
""",
    "facts.yaml",
)
VALUES = {
    "gender": ["female", "male", None],
    "city": ["杭州", "上海", "北京", "成都", None],
    "birth_year": ["1988", "1989", "1990", "1991", "1995"],
    "height": ["160", "162", "164.5", "170", "180.25"],
}
_SCHEMA = pa.schema(
    [("person_id", pa.int64()), ("trait", pa.string()), ("source", pa.string()), ("value", pa.string()),
     ("occurred_at", pa.timestamp("us", "UTC")), ("event_key", pa.int64())]
)  # fmt: skip


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    with memory_connection(1, 256) as opened:
        yield opened


def resolve(connection: Connection, rows: list[dict[str, Any]], rules: FactRules = RULES) -> dict[Any, dict[str, Any]]:
    show_rules(connection, rules)
    connection.register("spoken", pa.Table.from_pylist(rows, _SCHEMA))
    told = fetch(connection, resolved("spoken")).to_pylist()
    return {(row.pop("person_id"), row.pop("trait")): row for row in told}


def said(source: str, trait: str, value: str | None, days: float = 0, person: int = 1, key: int = 0) -> dict[str, Any]:
    at = NOON + timedelta(days=days)
    return {"person_id": person, "trait": trait, "source": source, "value": value, "occurred_at": at, "event_key": key}


@pytest.mark.parametrize("seed", range(8))
def test_votes_are_what_a_naive_reader_makes_of_them_in_any_order(connection: Connection, seed: int) -> None:
    chance = random.Random(seed)
    rows = [
        said(
            chance.choice(["crm", "club", "shop", "survey", "rumour"]),
            trait,
            chance.choice(VALUES[trait]),
            chance.choice([0, 0, 1, 100, 250.5, 3000]),
            chance.randrange(60),
            key,
        )
        for key, trait in enumerate(chance.choices(list(VALUES), k=1200))
    ]
    told, expected = resolve(connection, rows), oracle.resolve(RULES, rows)
    assert told.keys() == expected.keys()
    for key, holds in expected.items():
        assert told[key] | {"confidence": 0} == holds | {"confidence": 0}, key
        assert told[key]["confidence"] == pytest.approx(holds["confidence"], rel=1e-9), key
    assert {row["is_disputed"] for row in told.values()} == {True, False}
    chance.shuffle(rows)
    assert resolve(connection, rows) == told


def test_a_lone_source_is_believed_as_far_as_it_is_trusted(connection: Connection) -> None:
    for trait, value in (("gender", "female"), ("city", "杭州"), ("birth_year", "1990")):
        for source, trust in (("crm", 0.9), ("club", 0.7), ("survey", 0.55)):
            holds = resolve(connection, [said(source, trait, value)])[1, trait]
            assert holds["confidence"] == pytest.approx(trust, abs=1e-5)


def test_repetition_adds_nothing_and_a_source_may_change_its_mind(connection: Connection) -> None:
    often = [said("club", "gender", "female", day, key=day) for day in range(9)]
    assert resolve(connection, often)[1, "gender"]["confidence"] == pytest.approx(0.7, abs=1e-5)
    holds = resolve(connection, [*often, said("club", "gender", "male", 9, key=9)])[1, "gender"]
    assert (holds["value"], holds["speaking"], holds["runner_up"]) == ("male", 1, None)


def test_trust_beats_recency_where_a_trait_never_ages(connection: Connection) -> None:
    rows = [said("crm", "gender", "female"), said("club", "gender", "male", 5000)]
    holds = resolve(connection, rows)[1, "gender"]
    assert (holds["value"], holds["runner_up"], holds["is_disputed"]) == ("female", "male", True)


def test_what_was_said_long_ago_yields_where_it_ages(connection: Connection) -> None:
    soon = resolve(connection, [said("crm", "city", "杭州"), said("club", "city", "上海", 20)])
    late = resolve(connection, [said("crm", "city", "杭州"), said("club", "city", "上海", 300)])
    assert (soon[1, "city"]["value"], late[1, "city"]["value"]) == ("杭州", "上海")
    assert soon[1, "city"]["is_disputed"]
    assert not late[1, "city"]["is_disputed"]


def test_nothing_changes_by_standing_still(connection: Connection) -> None:
    rows = [said("crm", "city", "杭州", 10), said("club", "city", "上海", 20)]
    later = [row | {"occurred_at": row["occurred_at"] + timedelta(days=700)} for row in rows]
    told, moved = resolve(connection, rows)[1, "city"], resolve(connection, later)[1, "city"]
    assert told["confidence"] == moved["confidence"]


def test_years_that_are_close_support_one_another(connection: Connection) -> None:
    rows = [said("shop", "birth_year", "1990"), said("club", "birth_year", "1991"), said("crm", "birth_year", "1985")]
    holds = resolve(connection, rows)[1, "birth_year"]
    assert (holds["value"], holds["supporting"], holds["runner_up"]) == ("1990", 2, "1985")


def test_who_is_mostly_wrong_speaks_against_what_it_says(connection: Connection) -> None:
    rows = [said("rumour", "gender", "female"), said("survey", "gender", "male")]
    assert resolve(connection, rows)[1, "gender"]["value"] == "male"
    alone = resolve(connection, rows[:1])[1, "gender"]
    assert alone["confidence"] == pytest.approx(0.05, abs=1e-5)
