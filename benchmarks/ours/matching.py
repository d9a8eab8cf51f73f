"""Our side of matching: FEBRL's duplicates and made-up members, by the declarations of this product."""

from __future__ import annotations

from time import perf_counter
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from benchmarks.peers.febrl import MOST_LIKELY, read, told
from qianmian.privacy.details import spelled
from qianmian.unify.identity.match import model
from qianmian.unify.identity.match.declaration import read_matching
from qianmian.unify.identity.match.matching import built_in_text
from qianmian.unify.identity.match.proposals import propose
from qianmian.unify.identity.match.records import blocks, show_records
from qianmian.world.members import make_members

#: As a shop would declare the fields of FEBRL.
FEBRL = f"""
purpose: match
compare: [given_name, surname, birth_date, id_number, street_number, address, city, postcode, region]
block: [[id_number], [given_name], [surname], [birth_date], [postcode]]
certain: [[id_number], [given_name, surname, birth_date]]
propose_from: {MOST_LIKELY}
"""
_COLUMNS = {
    "date_of_birth": "birth_date",
    "soc_sec_id": "id_number",
    "address_1": "address",
    "suburb": "city",
    "state": "region",
}


def febrl(number: int) -> dict[str, Any]:
    """The pairs that are proposed in a data set."""
    rows = read(number)
    records = rows.rename_columns([_COLUMNS.get(name, name) for name in rows.column_names])
    matching = read_matching(FEBRL, "febrl")
    ids = np.arange(records.num_rows)
    connection = duckdb.connect(config={"threads": 2})
    show_records(connection, _records(ids, records, matching.compare))
    found = model.compare(connection, matching, []).pairs
    return told(number, zip(found["node_a"].to_pylist(), found["node_b"].to_pylist(), strict=True))


def members(records: int) -> dict[str, Any]:
    """So many records of two registers by the declaration that comes with the product: seconds and quality."""
    made, matching = make_members(round(records / 1.4), seed=1), read_matching(built_in_text(), "matching.yaml")
    person, ids = made.person, np.arange(len(made.person))
    connection = duckdb.connect(config={"threads": 2, "memory_limit": "3GiB", "temp_directory": ""})
    table = _records(ids, made.records, matching.compare)
    begun = perf_counter()
    show_records(connection, table)
    pairs = sum(one.pairs for one in blocks(connection, matching))
    found = propose(model.compare(connection, matching, []).pairs, matching, set(), set()).proposals
    seconds = perf_counter() - begun
    right = sum(person[one.node_a] == person[one.node_b] for one in found)
    same = len(person) - len(np.unique(person))
    return {
        "seconds": seconds,
        "records": len(person),
        "pairs": pairs,
        "proposals": len(found),
        "precision": float(right / len(found)),
        "recall": float(right / same),
    }


def _records(ids: Any, told: pa.Table, compare: tuple[str, ...]) -> pa.Table:
    columns = {
        name: pa.array([None if v is None else spelled(name, v) or None for v in told[name].to_pylist()], pa.string())
        for name in compare
    }
    return pa.table({"node_id": ids, "person_id": ids, "has_account": np.zeros(len(ids), np.bool_)} | columns)
