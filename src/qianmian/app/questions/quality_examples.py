"""What is behind a number of the quality page: the newest of the events that it counts, and whose they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from qianmian.app.cleaning import CleaningRules
from qianmian.app.shop import ANALYSE, Shop
from qianmian.core.errors import InputError, UnknownNameError
from qianmian.core.people import id_text
from qianmian.lake.connection import Connection, fetch, quoted
from qianmian.privacy.masking import mask_text
from qianmian.unify.clean.drift import RECENT_DAYS
from qianmian.unify.clean.fields import (
    LINE_FIELDS,
    LINES,
    REPEATABLE,
    Field,
    bound_params,
    event_fields,
    impossible,
)
from qianmian.unify.clean.rules import Cleaning
from qianmian.unify.identity.place import placed, show_owners
from qianmian.unify.tables import QUALITY

MOST_EXAMPLES = 20
#: Events that have the field, and the last date on which it was there.
_HAVING = """
SELECT list(DISTINCT event) FILTER (event <> ''), max(happened_on) FROM quality
WHERE source = $source AND field = $field
"""
_EVENTS = """
SELECT *, (occurred_at AT TIME ZONE $zone)::DATE AS happened_on FROM events
WHERE source = $source AND day BETWEEN $first::DATE - 1 AND $last::DATE + 1 AND name IN (SELECT unnest($events))
"""
_LINES = """
SELECT seen.* EXCLUDE (item_id), event_lines.item_id, quantity, unit_price, amount
FROM event_lines JOIN seen USING (event_key) WHERE event_lines.day BETWEEN $first::DATE - 1 AND $last::DATE + 1
"""
#: Told again: by a later event, on whatever day the first was.
_AGAIN = """
SELECT event_key FROM events WHERE source = $source AND name = $event
QUALIFY row_number() OVER (PARTITION BY coalesce({number}, event_id) ORDER BY occurred_at, event_key) > 1
"""
_FOUND = """
CREATE TEMP TABLE found AS
SELECT event_id, event_key, name, node_id, occurred_at, received_at, {value}::VARCHAR AS value
FROM {rows} WHERE happened_on BETWEEN $first AND $last AND ({bad})
"""
_OWNED = """
CREATE TEMP TABLE owned AS
SELECT found.*, coalesce(owner.person_id, 0) AS person_id FROM found
LEFT JOIN (SELECT DISTINCT event_key, person_id FROM ({placed})) AS owner USING (event_key)
"""
_NEWEST = """
SELECT event_id, name, occurred_at, received_at, value, person_id FROM owned
ORDER BY occurred_at DESC, event_key, value LIMIT $most
"""


@dataclass(frozen=True)
class Example:
    """An event that a number counts.

    Attributes:
        event_id: the source's own id of it.
        event: its name.
        occurred_at: when it happened.
        received_at: when we received it.
        value: of the field, masked; None = it has none.
        person: id of whose it is by the last build; None = nobody's, or not known yet.
    """

    event_id: str
    event: str
    occurred_at: datetime
    received_at: datetime
    value: str | None
    person: str | None


@dataclass(frozen=True)
class Examples:
    """The events behind a number.

    Attributes:
        events: how many; of a field of lines, lines.
        people: how many people's they are, by the last build.
        examples: the newest.
    """

    events: int
    people: int
    examples: list[Example]


def examples(
    shop: Shop, source: str, field: str, kind: str, *, on: date | None = None, purpose: str = ANALYSE
) -> Examples:
    """The events that the quality of a field counts as bad in one way, by the rules that hold now.

    Args:
        shop: the shop.
        source: data source.
        field: of which field.
        kind: missing, invalid, repeated or late.
        on: of one local date; None = of the last `RECENT_DAYS` dates on which the field was there.
        purpose: what they are looked at for.

    Raises:
        PurposeError: the purpose is not registered.
        UnknownNameError: the source has no such field.
        InputError: a drift is of all events.
    """
    workspace = shop.workspace
    workspace.purposes.check(purpose)
    cleaning = CleaningRules(workspace.catalogue, workspace.clock).cleaning()
    snapshot = workspace.lake.snapshot(instant=workspace.clock.now())
    with workspace.connected(snapshot, QUALITY.name, "events", "event_lines", "persons") as connection:
        [(events, newest)] = connection.execute(_HAVING, {"source": source, "field": field}).fetchall()
        if newest is None:
            raise UnknownNameError("no_quality_field", source=source, field=field)
        first = on or newest - timedelta(days=RECENT_DAYS - 1)
        asked = {"source": source, "first": first, "last": on or newest, "events": events}
        _find(connection, field, kind, cleaning, {**asked, "zone": workspace.settings.time_zone})
        show_owners(connection, "SELECT node_id FROM found")
        connection.execute(_OWNED.format(placed=placed(connection, "found")))
        query = "SELECT count(*), count(DISTINCT person_id) FILTER (person_id <> 0) FROM owned"
        [(counted, people)] = connection.execute(query).fetchall()
        rows = fetch(connection, _NEWEST, {"most": MOST_EXAMPLES}).to_pylist()
    return Examples(counted, people, [_example(**row) for row in rows])


def _find(connection: Connection, field: str, kind: str, cleaning: Cleaning, asked: Mapping[str, object]) -> None:
    """Make the table ``found`` of the events, or lines, that are bad in one way."""
    bounds = bound_params(cleaning.bounds, cleaning.units)
    for name, value in {**bounds, "late_after_hours": cleaning.late_after_hours}.items():
        connection.execute(f"SET VARIABLE {quoted(name)} = $value", {"value": value})
    days = {name: asked[name] for name in ("first", "last")}
    connection.execute(f"CREATE TEMP TABLE seen AS {_EVENTS}", dict(asked))
    if field.startswith(LINES):
        connection.execute(f"CREATE TEMP TABLE seen_lines AS {_LINES}", days)
    for one in REPEATABLE:
        if one.field == field and kind == "repeated":
            again = {"source": asked["source"], "event": one.event}
            connection.execute(f"CREATE TEMP TABLE again AS {_AGAIN.format(number=one.number)}", again)
    value, bad = _bad(field, kind, cleaning)
    rows = "seen_lines" if field.startswith(LINES) else "seen"
    connection.execute(_FOUND.format(value=value, rows=rows, bad=bad), days)


def _bad(name: str, kind: str, cleaning: Cleaning) -> tuple[str, str]:
    """SQL of the value of a field, and of whether a row is bad in one way.

    Raises:
        InputError: a row cannot be.
    """
    for one in REPEATABLE:
        if one.field == name:
            tests = {"missing": f"{one.number} IS NULL", "repeated": "event_key IN (SELECT event_key FROM again)"}
            return one.number, _test(tests, kind)
    field = next(one for one in (*event_fields(cleaning.bounds), *LINE_FIELDS) if one.name == name)
    late = "received_at - occurred_at > to_hours(getvariable('late_after_hours'))"
    tests = {"missing": f"NOT ({field.filled or 'true'})", "invalid": impossible(field, cleaning.bounds), "late": late}
    return _value(field), _test(tests, kind)


def _test(tests: Mapping[str, str], kind: str) -> str:
    if kind not in tests:
        raise InputError("no_examples", kind=kind, kinds=list(tests))
    return tests[kind]


def _value(field: Field) -> str:
    """SQL of the value as it is told: of an identifier nothing, and of an instant nothing more than its columns say."""
    if field.name == "node_id" or field.name.endswith("_at"):
        return "NULL"
    return field.number or field.name.removeprefix(LINES)


def _example(
    event_id: str, name: str, occurred_at: datetime, received_at: datetime, value: str | None, person_id: int
) -> Example:
    shown = None if value is None else mask_text(value)
    return Example(
        mask_text(event_id), name, occurred_at, received_at, shown, id_text(person_id) if person_id else None
    )
