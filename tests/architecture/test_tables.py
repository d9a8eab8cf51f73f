"""Every table says what it holds, who writes it, and how an erased person leaves it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

import pytest

from docs.declared import declarations
from qianmian.core.tables import Column, Erase, Home, Leave, Personal, Table, Type

DECLARATIONS = declarations()
TABLES = [table for tables in DECLARATIONS.values() for table in tables]
#: Names of instants and dates that our vocabulary has instead of ``…_at`` and ``…_on``.
INSTANTS = {"at", "since", "until", "valid_from"}
DATES = {"day"}
#: What stays after an erasure on purpose: the ledger that refuses the erased when they are delivered again.
KEPT = {"suppression"}


def problems(table: Table, others: Iterable[Table]) -> Iterator[str]:
    """Everything that is wrong with a declaration, seen beside the other tables."""
    known = {other.name: other for other in others}
    yield from shape_problems(table)
    yield from erasure_problems(table, known)
    yield from (f"{column.name}: {wrong}" for column in table.columns for wrong in column_problems(column, table))
    leader = known.get(table.released_by)
    if table.released_by and leader is None:
        yield f"released by {table.released_by!r}, which is no table"
    if leader is not None and leader.released_by:
        yield f"released by {leader.name!r}, which follows another table itself"


def shape_problems(table: Table) -> Iterator[str]:
    """What is wrong with names, key, order and grain."""
    yield from (f"two columns {name!r}" for name, times in Counter(table.names).items() if times > 1)
    named = {"key": table.key, "partition": table.partition_by, "order": table.sort_by}
    for part, names in named.items():
        yield from (f"{part} names {name!r}, which is no column" for name in names if name not in table.names)
    if not table.key:
        yield "no key"
    yield from (
        f"key column {name!r} may be empty"
        for name in table.key
        if name in table.names and table.column(name).nullable and name not in INSTANTS
    )
    if "bucket" in table.partition_by:
        yield "a bucket is never a partition"
    if not table.grain.startswith("one row "):
        yield "grain must say 'one row a …'"


def erasure_problems(table: Table, known: dict[str, Table]) -> Iterator[str]:
    """What is wrong with the way an erased person leaves."""
    erase = table.erase
    named = (*erase.nodes, *erase.on, *filter(None, [erase.at]))
    yield from (f"erasure names {name!r}, which is no column" for name in named if name not in table.names)
    if erase.through:
        decider = known.get(erase.through)
        if decider is None:
            yield f"erasure goes through {erase.through!r}, which is no table"
        elif not erase.on or not set(erase.on) <= set(decider.names):
            yield f"erasure goes through {erase.through!r}, but the join names no shared columns"
    holds_people = any(column.personal is not Personal.NONE for column in table.columns)
    if holds_people and erase.leave is Leave.KEEP and table.name not in KEPT:
        yield "holds personal data, but erasure keeps it"
    if erase.leave in {Leave.DELETE, Leave.REKEY} and not (erase.nodes or erase.through):
        yield f"erasure is {erase.leave.value!r}, but nothing says whose row it is"


def column_problems(column: Column, table: Table) -> Iterator[str]:
    """What is wrong with one column."""
    names_somebody = column.name in table.erase.nodes or column.name.endswith(("node_id", "person_id"))
    if names_somebody and (column.type, column.personal) != (Type.ID, Personal.PSEUDONYM):
        yield "names somebody, so it is an ID and a PSEUDONYM"
    if column.personal is Personal.PSEUDONYM and column.type is not Type.ID:
        yield "a pseudonym is an ID"
    if column.personal is Personal.SEALED and table.home is Home.LAKE:
        yield "the lake holds no raw personal data, sealed or not"
    if column.type is Type.INSTANT and not (column.name.endswith("_at") or column.name in INSTANTS):
        yield "an instant ends in _at"
    if column.type is Type.DATE and not (column.name.endswith("_on") or column.name in DATES):
        yield "a date ends in _on"
    if not column.doc:
        yield "no meaning given"


def clashing_types(tables: Iterable[Table]) -> dict[str, set[str]]:
    """Column names that mean different types in different tables; history writes words and money as codes."""
    types: dict[str, set[str]] = {}
    for column in (column for table in tables if table.home is not Home.HISTORY for column in table.columns):
        types.setdefault(column.name, set()).add(column.type.value[0])
    return {name: found for name, found in types.items() if len(found) > 1}


def foreign_owners(by_module: dict[str, tuple[Table, ...]]) -> list[str]:
    """Tables declared in another package than their owner's."""
    return [
        f"{table.name} in {module}"
        for module, tables in by_module.items()
        for table in tables
        if module.split(".")[1] != table.owner
    ]


NODE = Column("node_id", Type.ID, "whose", Personal.PSEUDONYM, nullable=False)
SEEN = Column("seen_at", Type.INSTANT, "when")
GOOD = Table(
    "visits", (NODE, SEEN), ("node_id",), "one row a visit", "collect", Erase(Leave.DELETE, ("node_id",), "seen_at")
)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_declaration_is_complete(table: Table) -> None:
    assert list(problems(table, TABLES)) == []


def test_a_table_has_one_name_and_its_owner_declares_it() -> None:
    assert [name for name, times in Counter(table.name for table in TABLES).items() if times > 1] == []
    assert foreign_owners(DECLARATIONS) == []
    assert foreign_owners({"qianmian.unify.tables": (GOOD,)}) == ["visits in qianmian.unify.tables"]


def test_one_word_keeps_one_type() -> None:
    assert clashing_types(TABLES) == {}
    assert clashing_types([GOOD, replace(GOOD, columns=(replace(NODE, type=Type.TEXT),))]) == {
        "node_id": {"id", "text"}
    }


def test_a_good_declaration_has_no_problem() -> None:
    assert list(problems(GOOD, [GOOD])) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"key": ()}, "no key"),
        ({"key": ("visit",)}, "key names 'visit'"),
        ({"key": ("seen_at",)}, "key column 'seen_at' may be empty"),
        ({"sort_by": ("visit",)}, "order names 'visit'"),
        ({"partition_by": ("bucket",)}, "never a partition"),
        ({"grain": "visits"}, "grain must say"),
        ({"columns": (NODE, NODE, SEEN)}, "two columns 'node_id'"),
        ({"released_by": "nothing"}, "which is no table"),
        ({"released_by": "follower"}, "follows another table itself"),
        ({"erase": Erase(Leave.KEEP)}, "erasure keeps it"),
        ({"erase": Erase(Leave.DELETE)}, "nothing says whose row it is"),
        ({"erase": Erase(Leave.DELETE, ("b",))}, "erasure names 'b'"),
        ({"erase": Erase(Leave.DELETE, through="nothing", on=("node_id",))}, "which is no table"),
        ({"erase": Erase(Leave.DELETE, through="follower")}, "names no shared columns"),
        ({"columns": (replace(NODE, personal=Personal.NONE), SEEN)}, "names somebody"),
        ({"columns": (NODE, replace(SEEN, personal=Personal.PSEUDONYM))}, "a pseudonym is an ID"),
        ({"columns": (NODE, replace(SEEN, personal=Personal.SEALED))}, "no raw personal data"),
        ({"columns": (NODE, SEEN, replace(SEEN, name="seen"))}, "an instant ends in _at"),
        ({"columns": (NODE, SEEN, Column("joined", Type.DATE, "when"))}, "a date ends in _on"),
        ({"columns": (NODE, replace(SEEN, doc=""))}, "no meaning given"),
    ],
)
def test_a_problem_is_found(change: dict[str, object], problem: str) -> None:
    follower = replace(GOOD, name="follower", released_by="visits")
    found = list(problems(replace(GOOD, **change), [GOOD, follower]))
    assert any(problem in text for text in found), found
