"""What the plan's judge found, added up: what was seen of each event, and how it deviated, day by day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

import sqlalchemy as sa

from qianmian.app.tables import PLAN_DAYS, SEEN
from qianmian.collect.plan.found import Deviating, Findings, Seen
from qianmian.collect.plan.verdict import OTHERS
from qianmian.privacy.bulk import upsert
from qianmian.privacy.database import declared, instant_of, microseconds

#: Events of a source, and properties of an event, that are told apart; what comes after counts as `OTHERS`.
MOST_EVENTS, MOST_PROPERTIES = 2000, 300
_KEPT = timedelta(days=90)
_SEEN = declared(SEEN)
_DAYS = declared(PLAN_DAYS)
_Found = TypeVar("_Found", Seen, Deviating)


@dataclass(frozen=True)
class SeenProperty:
    """A property as events of a source had it, in one type.

    Attributes:
        source: data source.
        event: name of the event.
        property: which; empty = the event itself.
        type: what it held; empty for the event itself.
        events: how many, ever.
        first_at: when the first was taken in.
        last_at: when the last was.
        sample: the form of one value.
    """

    source: str
    event: str
    property: str
    type: str
    events: int
    first_at: datetime
    last_at: datetime
    sample: str


@dataclass(frozen=True)
class DayCount:
    """Events of a source on a day, all of a name or those that deviate in one way.

    Attributes:
        source: data source.
        event: name of the event.
        property: which; empty = the event itself.
        kind: machine name of the violation; empty = all events of the name.
        taken_on: local date on which they were taken in.
        events: how many.
        last_at: when the last was taken in.
        example: the form of one value.
    """

    source: str
    event: str
    property: str
    kind: str
    taken_on: str
    events: int
    last_at: datetime
    example: str


def count(connection: sa.Connection, source: str, findings: Findings, at: datetime, on: date) -> None:
    """Add findings to what was counted before.

    Args:
        connection: in a transaction; nothing is counted unless that commits.
        source: whose events were judged.
        findings: of the judge.
        at: when they were taken in.
        on: the local date of that.
    """
    now = microseconds(at)
    known = _known(connection, source, {one.event for one in findings.seen})
    seen = _bounded(findings.seen, known, lambda one: one.type)
    deviating = _bounded(findings.deviating, known, lambda one: one.kind)
    rows = [(source, one.event, one.property, one.type, one.events, now, now, one.sample) for one in seen]
    upsert(connection, _SEEN, rows, _merged)
    day = on.isoformat()
    counts = [(source, one.event, "", "", day, one.events, now, "") for one in seen if not one.property]
    counts += [(source, one.event, one.property, one.kind, day, one.events, now, one.example) for one in deviating]
    upsert(connection, _DAYS, counts, _merged)
    connection.execute(sa.delete(_DAYS).where(_DAYS.c.taken_on < (on - _KEPT).isoformat()))


def seen(catalogue: sa.Engine, event: str | None = None) -> list[SeenProperty]:
    """What was seen of all events or of one, in the order of names."""
    query = sa.select(_SEEN).order_by(_SEEN.c.event, _SEEN.c.property, _SEEN.c.type, _SEEN.c.source)
    if event is not None:
        query = query.where(_SEEN.c.event == event)
    with catalogue.connect() as connection:
        rows = connection.execute(query).mappings().all()
    instants = ("first_at", "last_at")
    return [SeenProperty(**{**row, **{name: instant_of(row[name]) for name in instants}}) for row in rows]


def days(catalogue: sa.Engine, since: date, event: str | None = None) -> list[DayCount]:
    """The counts of the days from a date on, of all events or of one."""
    query = sa.select(_DAYS).where(_DAYS.c.taken_on >= since.isoformat())
    if event is not None:
        query = query.where(_DAYS.c.event == event)
    with catalogue.connect() as connection:
        rows = connection.execute(query.order_by(*_DAYS.primary_key)).mappings().all()
    return [DayCount(**{**row, "last_at": instant_of(row["last_at"])}) for row in rows]


def _merged(stored: sa.Column[Any], given: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    match stored.name:
        case "events":
            return stored + given
        case "first_at":
            return stored
        case "sample" | "example":
            return sa.func.coalesce(sa.func.nullif(given, sa.literal_column("''")), stored)
    return given


def _known(connection: sa.Connection, source: str, events: Iterable[str]) -> dict[str, set[str]]:
    """The events of a source that are told apart, with the properties of those that are asked for."""
    names = connection.execute(sa.select(_SEEN.c.event).where(_SEEN.c.source == source).distinct()).scalars()
    known: dict[str, set[str]] = {name: set() for name in names}
    asked = sa.select(_SEEN.c.event, _SEEN.c.property).where(_SEEN.c.source == source, _SEEN.c.event.in_(list(events)))
    for event, name in connection.execute(asked.distinct()):
        known[event].add(name)
    return known


def _bounded(found: Sequence[_Found], known: dict[str, set[str]], detail: Callable[[_Found], str]) -> list[_Found]:
    """The findings with new names beyond the bounds as `OTHERS`; one row a key."""
    sums: Counter[Any] = Counter()
    first: dict[Any, _Found] = {}
    for one in found:
        event = one.event if one.event in known or len(known) < MOST_EVENTS else OTHERS
        names = known.setdefault(event, set())
        name = one.property if one.property in names or len(names) < MOST_PROPERTIES else OTHERS
        names.add(name)
        kept = replace(one, event=event, property=name)
        key = (event, name, detail(one))
        sums[key] += one.events
        first.setdefault(key, kept)
    return [replace(one, events=sums[key]) for key, one in first.items()]
