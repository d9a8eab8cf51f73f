"""What an index holds, asked of a reading by SQL: who there is, values of tags, ties, and who did what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa

from qianmian.lake.connection import fetch, quoted
from qianmian.profile.reading import Reading
from qianmian.query.compile import compile_parts
from qianmian.query.tree import Journey, Member, Tree
from qianmian.segment.index.column import Column, Gathered, Place, gathered
from qianmian.segment.index.numbering import Ids, Numbering
from qianmian.segment.index.sets import People, of_flags
from qianmian.segment.index.threads import Threads
from qianmian.segment.index.ties import Rows, Strengths, Ties
from qianmian.segment.members.stays import stayed

#: So many values are in memory at a time while columns are made.
_VALUES = 20_000_000
#: So many rows come in at a time.
_ROWS = 1 << 20


def people(reading: Reading) -> Numbering:
    """Everybody who has a profile."""
    return Numbering.of(_ids(fetch(reading.connection, "SELECT person_id FROM partials"), "person_id"))


def columns(reading: Reading, known: Numbering, names: list[str], threads: Threads) -> dict[str, Column]:
    """Tags as columns: as few queries as memory allows, for each reads everybody's partials."""
    together = max(1, _VALUES // max(1, len(known)))
    found: dict[str, Column] = {}
    for first in range(0, len(names), together):
        some = names[first : first + together]
        tags = [gathered(reading.vocabulary.tag[name].type, len(known)) for name in some]
        query, row = f"SELECT person_id, {', '.join(map(quoted, some))} FROM ({reading.select(some)})", 0
        for batch in reading.connection.sql(query).to_arrow_reader(_ROWS):
            ids, *values = batch.columns
            place = _place(known, ids.to_numpy(), row)
            row += len(batch)
            threads.each(partial(_add, place), list(zip(tags, values, strict=True)))
        found |= dict(zip(some, threads.each(_column, tags), strict=True))
    return found


def _add(place: Place, both: tuple[Gathered, pa.Array]) -> None:
    tag, values = both
    tag.add(values, place)


def _column(tag: Gathered) -> Column:
    return tag.column()


def _place(known: Numbering, ids: Ids, row: int) -> Place:
    """Where some people stand; most files are sorted by person, so that they come in their order."""
    stretch = slice(row, row + len(ids))
    return stretch if np.array_equal(ids, known.ids[stretch]) else known.of_ids(ids)


def parts(
    reading: Reading, known: Numbering, trees: list[Tree], purpose: str, check: Callable[[str], None]
) -> list[People]:
    """Who meets each of some conditions about history, counted in one scan of it.

    Raises:
        PurposeError: from ``check``.
    """
    query = compile_parts(trees, reading.vocabulary, today=reading.today, purpose=purpose, check=check)
    if query.reads_history:
        reading.show_history()
    for name, asked in query.sequences:
        if isinstance(asked, Member):
            reading.connection.register(name, pa.table({"person_id": stayed(reading.connection, asked)}))
        elif isinstance(asked, Journey):
            reading.show_journey(name, asked)
        else:
            reading.show_sequence(name, asked)
    everybody = "WITH profiles AS (SELECT person_id FROM partials)"  # no tag is asked for: planning them would cost
    rows = fetch(reading.connection, f"{everybody} FROM ({query.sql})", list(query.values))
    numbers = known.of_ids(_ids(rows, "person_id"))
    flags = np.zeros((len(trees), len(known)), np.bool_)
    for part in range(len(trees)):
        flags[part, numbers] = rows.column(f"part{part}").to_numpy()
    return [of_flags(of_part) for of_part in flags]


def strangers(reading: Reading) -> Numbering:
    """Who is tied to somebody and has no profile."""
    query = "SELECT DISTINCT person_id FROM ties ANTI JOIN partials USING (person_id)"
    return Numbering.of(_ids(fetch(reading.connection, query), "person_id"))


def ties(reading: Reading, known: Numbering, strange: Numbering) -> Ties:
    """Everybody's ties."""
    ways = reading.connection.execute("SELECT DISTINCT kind, direction FROM ties ORDER BY ALL").fetchall()
    listed = {"kind": [kind for kind, _ in ways], "direction": [way for _, way in ways]}
    numbered = pa.table({**listed, "way": pa.array(range(len(ways)), pa.uint8())}, _WAYS)
    reading.connection.register("tie_ways", numbered)
    pieces = _pieces(reading, "SELECT person_id, other_id, way FROM ties JOIN tie_ways USING (kind, direction)")
    return Ties.of((Rows(*columns) for columns in pieces), known, strange, tuple(ways))


def strengths(reading: Reading, found: Ties, known: Numbering, strange: Numbering) -> Strengths:
    """How close the two people of each tie are."""
    reading.show_ties()
    return found.strengths(_pieces(reading, "SELECT person_id, other_id, strength FROM closeness"), known, strange)


_WAYS = pa.schema([("kind", pa.string()), ("direction", pa.string()), ("way", pa.uint8())])


def _pieces(reading: Reading, query: str) -> Iterator[tuple[Any, Any, Any]]:
    for batch in reading.connection.sql(query).to_arrow_reader(_ROWS):
        one, other, third = (column.to_numpy(zero_copy_only=False) for column in batch.columns)
        yield one, other, third


def _ids(rows: pa.Table, name: str) -> Ids:
    found: Ids = rows.column(name).to_numpy()
    return found
