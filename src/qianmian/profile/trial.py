"""A tag is tried on some people before anybody relies on it: what it would say, of whom, and what it says now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from qianmian.engines.base import Buckets
from qianmian.engines.sandbox.contracts import Limits
from qianmian.lake.connection import fetch
from qianmian.profile.history import files
from qianmian.profile.reading import Reading
from qianmian.profile.summary import TagSummary, summed
from qianmian.profile.tags import cuts
from qianmian.profile.tags.declare import Tag
from qianmian.profile.tags.formulas import Queried, Ranked
from qianmian.profile.tags.partials import People, Reckoning, fold_people
from qianmian.profile.tags.queried import answer, worded
from qianmian.profile.tags.union import union
from qianmian.profile.tags.values import select_tags, with_used

#: Rows of history that are looked at: enough for a picture, few enough for an answer while somebody writes.
MOST_ROWS = 400_000
MOST_EXAMPLES = 8
#: What a SELECT may take meanwhile.
LIMITS = Limits(seconds=20, memory_mib=512)
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Example:
    """One of the people.

    Attributes:
        person: person_id.
        value: what the tag would say.
        before: what it says now; None = nothing, or it is new.
    """

    person: int
    value: Any
    before: Any


@dataclass(frozen=True)
class Trial:
    """A tag over some of the people.

    Attributes:
        summary: how it lies over them.
        changed: people of whom it would say something else than now; None = it is new.
        examples: some of those, or of all if it is new.
    """

    summary: TagSummary
    changed: int | None
    examples: list[Example]


def trial(reading: Reading, tag: Tag, known: Sequence[Tag], *, session_minutes: int) -> Trial:
    """Work out a tag for some people, from their rows of history.

    Args:
        reading: what the last build left.
        tag: the definition.
        known: the tag and all tags that it can use.
        session_minutes: of silence that end a session.

    Raises:
        SqlError: it is a SELECT that is refused, or fails; see `answer` for what else it raises.
    """
    tags, connection = with_used([tag], known), reading.connection
    rows = _some_rows(reading)
    today = (reading.today - _EPOCH).days
    reckoning = Reckoning(union(tags), today, session_minutes * 60_000_000, reading.dimensions)
    connection.register("tried", fold_people(People.of(rows), reckoning))
    _rank(reading, tags)
    _query(reading, tags, rows)
    tried = select_tags(tags, "tried", queried="tried_answers")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE tried_values AS {tried}")
    summary = summed(connection, tag, f"SELECT {tag.name} FROM tried_values")
    is_told = any(one.name == tag.name for one in reading.tags)
    before = f"({reading.select([tag.name])})" if is_told else f"(SELECT 0::BIGINT AS person_id, NULL AS {tag.name})"
    differs = f"now.{tag.name} IS DISTINCT FROM before.{tag.name}"
    both = f"tried_values AS now LEFT JOIN {before} AS before USING (person_id)"
    changed = connection.execute(f"SELECT count(*) FROM {both} WHERE {differs}").fetchall()[0][0] if is_told else None
    examples = fetch(
        connection,
        f"SELECT person_id AS person, now.{tag.name} AS value, before.{tag.name} AS before FROM {both} "
        f"ORDER BY {differs} DESC, now.{tag.name} IS NULL, hash(person_id) LIMIT {MOST_EXAMPLES}",
    )
    return Trial(summary, changed, [Example(**row) for row in examples.to_pylist()])


def _some_rows(reading: Reading) -> pa.Table:
    """All rows of so many people as make about `MOST_ROWS`: ids are spread evenly, so a range of them is a sample."""
    every = sum(part.rows for part in reading.parts)
    last = Buckets().last if every <= MOST_ROWS else int(Buckets().last * (MOST_ROWS / every))
    return files.merged(files.read(part, Buckets(0, last)) for part in reading.parts)


def _query(reading: Reading, tags: Sequence[Tag], rows: pa.Table) -> None:
    """Make the relation ``tried_answers`` of what SELECTs answer of the people at hand."""
    connection = reading.connection
    connection.execute("CREATE OR REPLACE TEMP TABLE tried_answers AS FROM queried")
    for tag in tags:
        if isinstance(tag.formula, Queried) and tag not in reading.tags:
            found = answer(
                connection, tag, tags, lambda: worded(rows, reading.dimensions), limits=LIMITS, partials="tried"
            )
            connection.execute("DELETE FROM tried_answers WHERE tag = $tag", {"tag": tag.name})
            connection.register("answers", found)
            connection.execute("INSERT INTO tried_answers FROM answers")


def _rank(reading: Reading, tags: Sequence[Tag]) -> None:
    """Cut rankings that no build knows by the people at hand."""
    for tag in tags:
        if isinstance(tag.formula, Ranked) and tag not in reading.tags:
            made_of = select_tags([one for one in with_used([tag], tags) if one != tag], "tried")
            values = cuts.ranked(reading.connection, made_of, {tag.name: tag.formula.measure})[tag.name]
            found = list(cuts.cut(dict(values), tag.formula.parts))
            reading.connection.execute(f"SET VARIABLE cuts_{tag.name} = $cuts", {"cuts": found})
