"""The records that are compared: one a identifier with details, in a database in memory that writes no file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from qianmian.core.errors import InputError
from qianmian.lake.connection import Connection, quoted
from qianmian.unify.identity.match.matching import Matching, Rule

#: A list of fields that makes more pairs is refused: it names too little.
MOST_PAIRS = 200_000_000
#: How many of all matches the declared certain lists are taken to find.
_FOUND_BY_CERTAIN = 0.8


@dataclass(frozen=True)
class Blocked:
    """What one list of `block` brings.

    Attributes:
        fields: the list.
        pairs: records of different people that agree on all of it; lists that overlap count a pair each.
    """

    fields: Rule
    pairs: int


def records_schema(compare: Sequence[str]) -> pa.Schema:
    """The columns of records: whose they are, whether the person has an account, and what is compared."""
    fields = [("node_id", pa.int64()), ("person_id", pa.int64()), ("has_account", pa.bool_())]
    return pa.schema([*fields, *((name, pa.string()) for name in compare)])


def show_records(connection: Connection, records: pa.Table) -> None:
    """Make the table ``records``."""
    connection.register("given", records)
    connection.execute("CREATE OR REPLACE TABLE records AS SELECT * FROM given")
    connection.unregister("given")


def blocks(connection: Connection, matching: Matching) -> tuple[Blocked, ...]:
    """How many pairs each list of `block` brings.

    Raises:
        InputError: one of these, or of `certain`, brings more than `MOST_PAIRS`.
    """
    rules = dict.fromkeys((*matching.block, *matching.certain))
    found = {rule: Blocked(rule, _pairs(connection, rule)) for rule in rules}
    for one in found.values():
        if one.pairs > MOST_PAIRS:
            raise InputError("matching_too_many", fields=", ".join(one.fields), pairs=one.pairs, most=MOST_PAIRS)
    return tuple(found[rule] for rule in matching.block)


def prior(connection: Connection, matching: Matching) -> float:
    """The probability that two records at random are one person's, from what nobody but one person agrees on."""
    rules = " UNION ".join(
        f"SELECT l.node_id, r.node_id AS other FROM records l JOIN records r ON {agree(rule)} AND l.node_id < r.node_id"
        for rule in matching.certain
    )
    ((found, records),) = connection.execute(
        f"SELECT (SELECT count(*) FROM ({rules})), (SELECT count(*) FROM records)"
    ).fetchall()
    return float(min(max(found, 1) / _FOUND_BY_CERTAIN / max(records * (records - 1) / 2, 1), 0.5))


def agree(rule: Rule) -> str:
    """SQL: the records ``l`` and ``r`` agree on every field of a list."""
    return " AND ".join(f"l.{quoted(name)} = r.{quoted(name)}" for name in rule)


def _pairs(connection: Connection, rule: Rule) -> int:
    fields = ", ".join(map(quoted, rule))
    known = " AND ".join(f"{quoted(name)} IS NOT NULL" for name in rule)
    pairs = "coalesce(sum(n * (n - 1) // 2), 0)"
    alike, same = (
        f"SELECT {pairs} FROM (SELECT count(*) AS n FROM records WHERE {known} GROUP BY {fields}{more})"
        for more in ("", ", person_id")
    )
    return int(connection.execute(f"SELECT (({alike}) - ({same}))::BIGINT").fetchall()[0][0])
