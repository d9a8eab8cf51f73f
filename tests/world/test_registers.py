"""What registers say of a world's people: as much is missing and wrong as planned; and votes are right more often."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from pyarrow import csv

from qianmian.lake.connection import fetch, memory_connection
from qianmian.unify.facts.declaration import read_rules
from qianmian.unify.facts.vote import resolved, show_rules
from qianmian.world.generate import read_truth
from qianmian.world.registers import REGISTERS, write_registers
from qianmian.world.score_facts import judge_facts

RULES = """
trust: {crm: 0.9, club: 0.85, signup: 0.65, survey: 0.55}
traits:
  gender: {kind: word, properties: [gender], values: {female: [女], male: [男]}}
  birth_year: {kind: year, properties: [birthday]}
  city: {kind: word, properties: [city], half_life_days: 365}
  occupation: {kind: word, properties: [occupation]}
"""


@pytest.fixture(scope="module")
def said(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of a world's truth, with registers."""
    folder = tmp_path_factory.mktemp("registers")
    shutil.copytree(world / "truth", folder / "truth")
    write_registers(folder, 1)
    return folder


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    texts = csv.ConvertOptions(
        column_types=dict.fromkeys(("stated_at", "birthday"), pa.string()), strings_can_be_null=True
    )
    told: list[dict[str, str]] = csv.read_csv(folder / "registers" / f"{name}.csv", convert_options=texts).to_pylist()
    return told


def statements(folder: Path) -> pa.Table:
    """What a build would read of the registers, people by their user_id."""
    told = []
    for register in REGISTERS:
        for key, row in enumerate(rows(folder, register.name)):
            values = {
                "gender": {"女": "female", "男": "male"}.get(row["gender"]),
                "birth_year": row["birthday"] and row["birthday"][:4],
                "city": row["city"] and row["city"].removesuffix("市"),
                "occupation": row["occupation"],
            }
            known = {"person_id": row["user_id"], "source": register.name, "event_key": key}
            at = datetime.fromisoformat(f"{row['stated_at']}+00:00")
            told += [
                known | {"trait": trait, "value": value, "occurred_at": at} for trait, value in values.items() if value
            ]
    return pa.Table.from_pylist(told)


def test_the_same_seed_says_the_same_and_touches_nothing_else(said: Path, tmp_path: Path) -> None:
    shutil.copytree(said / "truth", tmp_path / "truth")
    write_registers(tmp_path, 1)
    for register in REGISTERS:
        name = f"registers/{register.name}.csv"
        assert (tmp_path / name).read_bytes() == (said / name).read_bytes()
    write_registers(tmp_path, 2)
    assert (tmp_path / "registers/crm.csv").read_bytes() != (said / "registers/crm.csv").read_bytes()


def test_as_much_is_wrong_and_missing_as_planned(said: Path) -> None:
    truth = read_truth(said)
    facts = {(row["user_id"], row["trait"]): row["value"] for row in truth["facts"].to_pylist()}
    for register in REGISTERS:
        told = {row["user_id"]: row["birthday"] for row in rows(said, register.name)}
        filled = {user: born for user, born in told.items() if born}
        wrong = sum(born[:4] != facts[user, "birth_year"] for user, born in filled.items())
        assert 1 - len(filled) / len(told) == pytest.approx(register.missing, abs=0.1)
        assert wrong / len(filled) == pytest.approx(register.wrong, abs=0.1)


def test_votes_are_right_more_often_than_the_last_write_and_the_majority(said: Path) -> None:
    spoken, rules = statements(said), read_rules(RULES, "facts.yaml")
    with memory_connection(1, 256) as connection:
        show_rules(connection, rules)
        connection.register("spoken", spoken)
        traits = fetch(connection, resolved("spoken"))
    truth = read_truth(said)
    persons = truth["registers"].rename_columns(["event_id", "person_id"])
    claims = judge_facts(truth, {"event_persons": persons, "traits": traits, "statements": spoken})
    assert len(claims) == 8
    for claim in claims:
        assert claim.value is not None
        assert claim.value > claim.baseline + (0.05 if claim.metric.count("_votes") == 0 else 0.02), claim
    assert pc.count_distinct(spoken["person_id"]).as_py() >= claims[0].n > 100


def test_without_registers_nothing_is_judged(world: Path) -> None:
    assert judge_facts({"people": pa.table({})}, {}) == []
