"""One person's profile: every tag with its value, its evidence and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from qianmian.core.errors import UnknownNameError
from qianmian.lake.connection import fetch
from qianmian.profile.history import files
from qianmian.profile.history.events import events_behind
from qianmian.profile.history.files import column
from qianmian.profile.reading import Reading
from qianmian.profile.tags.declare import Tag
from qianmian.profile.tags.masks import row_masks
from qianmian.profile.tags.partial import Condition
from qianmian.profile.tags.union import union
from qianmian.profile.tags.values import select_tags

_EPOCH = date(1970, 1, 1)
_REFS = """
SELECT event_key, source, event_id, occurred_at FROM events
WHERE event_key IN (SELECT unnest($keys)) AND day IN (SELECT unnest($days)) AND {where}
"""


@dataclass(frozen=True)
class EventRef:
    """An event that speaks for a value."""

    source: str
    event_id: str
    occurred_at: datetime


@dataclass(frozen=True)
class Evidence:
    """Why a tag has its value.

    Attributes:
        condition: name of the condition on rows of history.
        events: names of the events that it takes; empty = any.
        window_days: the local dates that it takes, ending with the build's; None = all time.
        lines: whether every product of an event counts as a row.
        rows: how many rows met it.
        first: the earliest of them.
        last: the latest of them.
    """

    condition: str
    events: tuple[str, ...]
    window_days: int | None
    lines: bool
    rows: int
    first: EventRef | None
    last: EventRef | None


@dataclass(frozen=True)
class TagValue:
    """What one tag says about a person.

    Attributes:
        tag: the definition.
        value: the value; None if there is nothing to say.
        confidence: 0 to 1; None for a plain fact.
        evidence: why; None if it does not come from what the person did.
    """

    tag: Tag
    value: Any
    confidence: float | None
    evidence: Evidence | None


def portrait(reading: Reading, person: int) -> list[TagValue]:
    """All tags of a person, in the order in which they are declared.

    Args:
        reading: what the last build left; must see ``events`` too.
        person: person_id.

    Raises:
        UnknownNameError: nobody has that person_id since the last build.
    """
    only_them = select_tags(reading.tags, "partials", only="person_id = $person")
    found = fetch(reading.connection, only_them, {"person": person}).to_pylist()
    if not found:
        raise UnknownNameError("no_profile")
    row = found[0]
    evidence = _evidence(reading, person_rows(reading, person))
    return [
        TagValue(
            tag,
            row[tag.name],
            row.get(f"{tag.name}_confidence"),
            evidence[tag.evidence.name] if tag.evidence else None,
        )
        for tag in reading.tags
    ]


def person_rows(reading: Reading, person: int) -> pa.Table:
    """A person's rows of history, in the order of time."""
    wanted = np.array([person])
    return files.merged(files.of_people(part, wanted) for part in reading.parts)


def _evidence(reading: Reading, rows: pa.Table) -> dict[str, Evidence]:
    """Run every condition on the person's rows again and name its first and last event."""
    needs = union(reading.tags)
    held = row_masks(rows, needs, reading.dimensions, (reading.today - _EPOCH).days)
    places = {condition.name: needs.place(condition) for condition in needs.conditions}
    met = {name: np.flatnonzero(held[mask] >> bit & 1) for name, (mask, bit) in places.items()}
    ends = np.unique(
        np.concatenate([index[[0, -1]] for index in met.values() if len(index)] or [np.empty(0, np.int64)])
    )
    named = _event_refs(reading, rows, ends.astype(np.int64))
    return {condition.name: _told(condition, met[condition.name], named) for condition in needs.conditions}


def _told(condition: Condition, index: NDArray[np.int64], named: dict[int, EventRef]) -> Evidence:
    first, last = (named.get(int(index[0])), named.get(int(index[-1]))) if len(index) else (None, None)
    return Evidence(condition.name, condition.events, condition.window_days, condition.lines, len(index), first, last)


def _event_refs(reading: Reading, rows: pa.Table, index: NDArray[np.int64]) -> dict[int, EventRef]:
    """Which event stands behind each row; a row whose event was undone since the build names none."""
    named = rows.take(pa.array(index))
    known = events_behind(reading.connection, _REFS, named)
    refs = {key: EventRef(row["source"], row["event_id"], row["occurred_at"]) for key, row in known.items()}
    keys = column(named, "event_key").tolist()
    return {int(at): refs[key] for at, key in zip(index, keys, strict=True) if key in refs}
