"""A tag of one person as it would have been at an earlier date: their rows until then, by the definition of now."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from qianmian.core.messages import Message
from qianmian.lake.connection import fetch
from qianmian.profile.portrait import person_rows
from qianmian.profile.reading import Reading
from qianmian.profile.tags.declare import Tag
from qianmian.profile.tags.formulas import AgainstMeans, Queried, Quintile, Ranked, Stated
from qianmian.profile.tags.partials import People, Reckoning, fold_people
from qianmian.profile.tags.union import union
from qianmian.profile.tags.values import select_tags, set_totals, with_used

_EPOCH = date(1970, 1, 1)


def not_from_history(reading: Reading, tag: Tag) -> Message | None:
    """Why a tag cannot be worked out of what a person did until a date; None if it can."""
    told = [one for one in with_used([tag], reading.tags) if isinstance(one.formula, Stated | Queried)]
    return Message("recount_not_from_history", tag=told[0].name) if told else None


def is_beside_others(reading: Reading, tag: Tag) -> bool:
    """Whether a tag places a person among all others: those are the last build's, whatever the date."""
    formulas = (one.formula for one in with_used([tag], reading.tags))
    return any(isinstance(formula, Ranked | Quintile | AgainstMeans) for formula in formulas)


def value_at(reading: Reading, tag: Tag, person: int, *, on: date, until: datetime, session_minutes: int) -> Any:
    """What a tag says of a person as of a local date; None = nothing.

    Goods are what they are now, and who is who is the last build's too.

    Args:
        reading: what the last build left.
        tag: one that `not_from_history` lets pass.
        person: person_id.
        on: the date, with which windows end.
        until: the end of the date: rows before it count.
        session_minutes: of silence that end a session.
    """
    rows = person_rows(reading, person)
    rows = rows.filter(pc.less(rows["occurred_at"], pa.scalar(until, rows["occurred_at"].type)))
    if not rows.num_rows:
        return None
    tags = with_used([tag], reading.tags)
    reckoning = Reckoning(union(tags), (on - _EPOCH).days, session_minutes * 60_000_000, reading.dimensions)
    with reading.question() as asked:
        set_totals(asked.connection, replace(reading.totals, today=on))
        asked.connection.register("as_of", fold_people(People.of(rows), reckoning))
        found = fetch(asked.connection, f"SELECT {tag.name} FROM ({select_tags(tags, 'as_of')})")
    return found[tag.name][0].as_py()
