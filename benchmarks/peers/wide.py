"""A made-up wide table of people and their ties as Parquet files, and ten-clause conditions, for all sides."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

THREADS = 2
#: What a tag is, by its number modulo eight; its name says so.
KINDS = ("count", "money", "days", "flag", "word", "city", "score", "date")
_WORDS = pa.array(["new", "active", "loyal", "sleeping", "lost", "vip"])
_CITIES = pa.array([f"city {number:03}" for number in range(300)])
_ROWS = 250_000
_TIE_KINDS = ("follow", "like", "group_buy", "invite", "chat")


def names(tags: int) -> list[str]:
    """The tags: as many of each kind."""
    return [f"{KINDS[number % len(KINDS)]}_{number:03}" for number in range(tags)]


def make(folder: str, people: int, tags: int) -> dict[str, str]:
    """Write the table, sorted by person_id, unless it is there."""
    path = Path(folder) / f"wide-{people}-{tags}.parquet"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        chance, part = np.random.default_rng(7), path.with_suffix(".part")
        ids = np.sort(chance.integers(0, 2**62, people))
        writer = None
        for first in range(0, people, _ROWS):
            some = ids[first : first + _ROWS]
            columns = {name: _values(chance, name, len(some)) for name in names(tags)}
            rows = pa.table({"person_id": some, **columns})
            writer = writer or pq.ParquetWriter(part, rows.schema, compression="zstd", compression_level=1)
            writer.write_table(rows, row_group_size=_ROWS)
        if writer:
            writer.close()
        part.rename(path)
    return {"wide": str(path)}


def _values(chance: np.random.Generator, name: str, rows: int) -> pa.Array:
    made = _MADE[name.partition("_")[0]](chance, rows)
    if name.startswith(_FILLED):
        return made
    return pc.if_else(pa.array(chance.random(rows) < 0.1), pa.scalar(None, made.type), made)


def _money(chance: np.random.Generator, rows: int) -> pa.Array:
    """About 81.03 in the middle, with a long tail."""
    units = np.zeros((rows, 2), np.int64)
    units[:, 0] = 100 * np.minimum(chance.lognormal(9, 1.2, rows), 10**8).astype(np.int64)
    return pa.Array.from_buffers(pa.decimal128(18, 4), rows, [None, pa.py_buffer(units)])


_FILLED = ("count", "flag", "word")
_MADE = {
    "count": lambda chance, rows: pa.array(chance.poisson(4, rows)),
    "money": _money,
    "days": lambda chance, rows: pa.array(chance.exponential(90, rows).astype(np.int64)),
    "flag": lambda chance, rows: pa.array(chance.random(rows) < 0.4),
    "word": lambda chance, rows: _WORDS.take(pa.array(chance.integers(0, len(_WORDS), rows))),
    "city": lambda chance, rows: _CITIES.take(pa.array((300 * chance.random(rows) ** 2).astype(np.int64))),
    "score": lambda chance, rows: pa.array(chance.beta(2, 3, rows).round(3)),
    "date": lambda chance, rows: pa.array(chance.integers(20_000, 20_730, rows).astype(np.int32)).cast(pa.date32()),
}


def conditions(tags: int, bases: int, edits: int) -> list[list[tuple[str, str]]]:
    """For each base its edits: a ten-clause condition, ours and as SQL, of which one clause changes at a time."""
    listed, made = names(tags), []
    for base in range(bases):
        chance = random.Random(base)  # the same base whatever the number of edits
        # no tag stands in two bases as long as there are enough: what is cold for one stays cold for the next
        some = [listed[(base * 10 + number) % tags] for number in range(10)]
        chosen = [_clause(chance, name) for name in some]
        of_base = []
        for _ in range(edits):
            place = chance.randrange(10)
            chosen[place] = _clause(chance, some[place])
            of_base.append(tuple(_joined([clause[side] for clause in chosen]) for side in (0, 1)))
        made.append(of_base)
    return made


def _joined(clauses: list[str]) -> str:
    one, two, three, four, five, six, seven, eight, nine, ten = clauses
    return f"{one} and {two} and ({three} or {four}) and {five} and {six} and ({seven} or {eight}) and {nine} and {ten}"


def _clause(chance: random.Random, name: str) -> tuple[str, str]:
    """Half or more of all people meet a clause, so that ten leave some."""
    match name.partition("_")[0]:
        case "count":
            said = f"{name} between {chance.randint(0, 2)} and {chance.randint(6, 12)}"
        case "money":
            said = f"{name} >= {chance.uniform(10, 90):.2f}"
        case "days":
            said = f"{name} between {chance.randint(0, 9)} and {chance.randint(90, 400)}"
        case "score":
            said = f"{name} < {chance.uniform(0.4, 0.9):.4f}"
        case "date":
            said = f"{name} >= '2025-{chance.randint(1, 9):02}-15'"
        case "flag":
            said = f"{name} = false"
        case "word":
            said = f"{name} in ({', '.join(repr(word.as_py()) for word in chance.sample(list(_WORDS), 4))})"
        case _:
            cities = ", ".join(f"'{city.as_py()}'" for city in chance.sample(list(_CITIES), 8))
            return f"{name} not in ({cities})", f"not coalesce({name} in ({cities}), false)"
    return said, said


def make_ties(folder: str, people: int, ties: int) -> dict[str, str]:
    """Write people with a few tags, and ties under both of their people, sorted by person, unless they are there."""
    path = Path(folder) / f"ties-{people}-{ties}.parquet"
    wide = make(folder, people, 8)["wide"]
    if not path.exists():
        chance = np.random.default_rng(8)
        ids = pq.read_table(wide, columns=["person_id"])["person_id"].to_numpy()
        # whom others are tied to has a long tail; nobody is tied to themselves
        one = chance.integers(0, people, ties)
        other = (people * chance.random(ties) ** 2.5).astype(np.int64)
        one, other = one[one != other], other[one != other]
        kind = chance.integers(0, len(_TIE_KINDS), len(one))
        forth, back = np.where(kind == 2, 2, 0), np.where(kind == 2, 2, 1)
        pairs = pa.table(
            {
                "person_id": ids[np.concatenate([one, other])],
                "other_id": ids[np.concatenate([other, one])],
                "kind": _words(_TIE_KINDS, np.concatenate([kind, kind])),
                "direction": _words(("out", "in", "both"), np.concatenate([forth, back])),
            }
        )
        pq.write_table(pairs.sort_by("person_id"), path.with_suffix(".part"), compression="zstd", compression_level=1)
        path.with_suffix(".part").rename(path)
    return {"wide": wide, "ties": str(path)}


def _words(words: tuple[str, ...], numbers: np.ndarray) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(numbers.astype(np.int8)), pa.array(words)).cast(pa.string())


def friends(count: int) -> Iterator[tuple[str, str]]:
    """Conditions about ties, each other than the ones before: what it is called, and its text."""
    for number in range(count):
        yield "friends", f"friends(count_000 >= {6 + number % 3} and money_001 > {200 + number}) >= {3 + number % 3}"
        yield "friends by kind", f"friends(days_002 < {30 + number}, kind = 'follow', direction = 'out') >= 2"
        yield "two hops", f"within(money_001 > {900 + number} and count_000 > 8, hops = 2)"
        yield "two hops, many", f"within(money_001 > {60 + number}, hops = 2)"
