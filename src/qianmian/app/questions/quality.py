"""How good the data of each source are, field by field and day by day, as the last check measured them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from qianmian.app.cleaning import Acknowledged, Acknowledgements, CleaningRules
from qianmian.app.quality import last_check
from qianmian.app.shop import ANALYSE, Shop
from qianmian.core.errors import InputError, UnknownNameError
from qianmian.lake.connection import Connection, fetch
from qianmian.unify.clean.alerts import Alert, Day, alerts
from qianmian.unify.clean.drift import BEFORE_DAYS, RECENT_DAYS
from qianmian.unify.clean.rules import Cleaning
from qianmian.unify.tables import QUALITY

#: Dates that are told of a field; alerts are found in all.
DAYS = 90
#: Alerts that ended, the newest of which are told.
MOST_ENDED = 100
_DAYS = """
SELECT source, field, happened_on, events, filled, invalid, repeated, late, psi, psi_noise
FROM quality WHERE event = '' AND ($source = '' OR source = $source) AND ($field = '' OR field = $field)
ORDER BY source, field, happened_on
"""
#: The last dates on which the field was there, added up.
_BY_EVENT = """
SELECT event, sum(events)::BIGINT AS events, sum(filled)::BIGINT AS filled, sum(invalid)::BIGINT AS invalid,
       sum(repeated)::BIGINT AS repeated, sum(late)::BIGINT AS late
FROM quality WHERE event <> '' AND source = $source AND field = $field AND happened_on > $after
GROUP BY event ORDER BY events DESC, event
"""
_BINS = """
SELECT happened_on, bins FROM quality
WHERE event = '' AND source = $source AND field = $field AND happened_on > $after AND bins IS NOT NULL
"""


@dataclass(frozen=True)
class OpenAlert:
    """An alert, and who looks after it; None = nobody yet."""

    alert: Alert
    acknowledged: Acknowledged | None


@dataclass(frozen=True)
class FieldQuality:
    """A field of a source in the last days on which it was there.

    Attributes:
        source: data source.
        field: a column of events, ``lines.…``, ``orders.…``, ``refunds.…`` or ``properties.…``.
        last_on: the last date on which it was measured.
        events: events of the last `RECENT_DAYS` dates up to that.
        filled: of them, those that have it.
        invalid: those whose value cannot be.
        repeated: those that tell the same order or refund again.
        late: those that were received late.
        drift: the stability index of the last date; None = nothing to compare.
        alerts: how many go on.
    """

    source: str
    field: str
    last_on: date
    events: int
    filled: int
    invalid: int
    repeated: int
    late: int
    drift: float | None
    alerts: int


@dataclass(frozen=True)
class Quality:
    """All fields of all sources.

    Attributes:
        checked_at: when it was measured; None = not yet.
        events: how many were read.
        is_current: whether no events came or went, and no rules were applied, since.
        fields: by source and name.
        alerts: that go on, those of nobody first, the newest first; then the newest that ended.
    """

    checked_at: datetime | None
    events: int
    is_current: bool
    fields: list[FieldQuality]
    alerts: list[OpenAlert]

    @property
    def waiting(self) -> int:
        """How many alerts go on that nobody looks after."""
        return sum(one.alert.is_open and one.acknowledged is None for one in self.alerts)


@dataclass(frozen=True)
class EventQuality:
    """What a field is like in one event, over the last `RECENT_DAYS` dates."""

    event: str
    events: int
    filled: int
    invalid: int
    repeated: int
    late: int


@dataclass(frozen=True)
class ClassShare:
    """A class of values: how many rows of the last days have it, and of the days before.

    Attributes:
        name: of the class: a word; of a size, the power of two below it; an hour.
        recent: rows of the last `RECENT_DAYS` dates.
        before: rows of the `BEFORE_DAYS` dates before.
    """

    name: str
    recent: int
    before: int


@dataclass(frozen=True)
class FieldPage:
    """One field of a source.

    Attributes:
        quality: its last days.
        days: the last `DAYS` dates on which it was there, oldest first.
        events: by event.
        classes: of its values, the commonest first.
        alerts: also those that ended, the newest first.
    """

    quality: FieldQuality
    days: list[Day]
    events: list[EventQuality]
    classes: list[ClassShare]
    alerts: list[OpenAlert]


def quality(shop: Shop, *, purpose: str = ANALYSE) -> Quality:
    """How good the data are.

    Raises:
        PurposeError: the purpose is not registered.
    """
    workspace = shop.workspace
    workspace.purposes.check(purpose)
    snapshot = workspace.lake.snapshot(instant=workspace.clock.now())
    checked = last_check(workspace, snapshot)
    if checked is None:
        return Quality(None, 0, is_current=False, fields=[], alerts=[])
    cleaning = CleaningRules(workspace.catalogue, workspace.clock).cleaning()
    with workspace.connected(snapshot, QUALITY.name) as connection:
        measured = _measured(connection)
    fields = [_field(source, field, days, cleaning) for (source, field), days in measured]
    events = sum(file.rows for file in workspace.lake.files(snapshot, "events"))
    is_current = checked.is_of(events, cleaning.digest)
    return Quality(checked.at, checked.events, is_current, fields, _told(shop, measured, cleaning))


def field_page(shop: Shop, source: str, field: str, *, purpose: str = ANALYSE) -> FieldPage:
    """One field of a source.

    Raises:
        PurposeError: the purpose is not registered.
        UnknownNameError: it has none of that name.
    """
    workspace = shop.workspace
    workspace.purposes.check(purpose)
    snapshot = workspace.lake.snapshot(instant=workspace.clock.now())
    cleaning = CleaningRules(workspace.catalogue, workspace.clock).cleaning()
    with workspace.connected(snapshot, QUALITY.name) as connection:
        measured = _measured(connection, source, field)
        if not measured:
            raise UnknownNameError("no_quality_field", source=source, field=field)
        [(_, days)] = measured
        last, asked = days[-1].happened_on, {"source": source, "field": field}
        recent = last - timedelta(days=RECENT_DAYS)
        events = fetch(connection, _BY_EVENT, {**asked, "after": recent}).to_pylist()
        bins = fetch(connection, _BINS, {**asked, "after": recent - timedelta(days=BEFORE_DAYS)}).to_pylist()
    return FieldPage(
        _field(source, field, days, cleaning),
        days[-DAYS:],
        [EventQuality(**row) for row in events],
        _classes(bins, recent),
        _told(shop, measured, cleaning),
    )


def acknowledge(shop: Shop, source: str, field: str, kind: str, *, by: str, note: str = "") -> OpenAlert:
    """Note that somebody looks after an alert that goes on.

    Raises:
        UnknownNameError: there is no such alert.
        InputError: nobody is named.
    """
    if not by.strip():
        raise InputError("acknowledged_by_nobody")
    workspace = shop.workspace
    for one in quality(shop).alerts:
        if one.alert.is_open and (one.alert.source, one.alert.field, one.alert.kind) == (source, field, kind):
            Acknowledgements(workspace.catalogue, workspace.clock).add(one.alert, by.strip(), note)
            return OpenAlert(one.alert, Acknowledgements(workspace.catalogue, workspace.clock).of(one.alert))
    raise UnknownNameError("no_alert", source=source, field=field, kind=kind)


_COUNTS = ("filled", "invalid", "repeated", "late")
_Measured = list[tuple[tuple[str, str], list[Day]]]


def _measured(connection: Connection, source: str = "", field: str = "") -> _Measured:
    """The days of each field of each source."""
    rows = fetch(connection, _DAYS, {"source": source, "field": field}).to_pylist()
    grouped = groupby(rows, itemgetter("source", "field"))
    return [
        (key, [Day(**{name: row[name] for name in Day.__dataclass_fields__}) for row in some]) for key, some in grouped
    ]


def _field(source: str, field: str, days: Sequence[Day], cleaning: Cleaning) -> FieldQuality:
    last = days[-1].happened_on
    recent = [day for day in days if (last - day.happened_on).days < RECENT_DAYS]
    sums = {name: sum(getattr(day, name) for day in recent) for name in ("events", *_COUNTS)}
    going_on = sum(alert.is_open for alert in alerts(source, field, days, cleaning.alerts))
    return FieldQuality(source, field, last, drift=days[-1].psi, alerts=going_on, **sums)


def _told(shop: Shop, measured: _Measured, cleaning: Cleaning) -> list[OpenAlert]:
    kept = Acknowledgements(shop.workspace.catalogue, shop.workspace.clock)
    found = (alert for (source, field), days in measured for alert in alerts(source, field, days, cleaning.alerts))
    told = sorted(
        (OpenAlert(alert, kept.of(alert)) for alert in found), key=lambda one: one.alert.last_on, reverse=True
    )
    going_on = [one for one in told if one.alert.is_open]
    ended = [one for one in told if not one.alert.is_open]
    return [*sorted(going_on, key=lambda one: one.acknowledged is not None), *ended[:MOST_ENDED]]


def _classes(rows: Iterable[dict[str, Any]], recent: date) -> list[ClassShare]:
    sums: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for row in rows:
        sums[row["happened_on"] > recent].update(json.loads(row["bins"]))
    names = sorted({*sums[True], *sums[False]}, key=lambda name: (-sums[True][name], -sums[False][name], name))
    return [ClassShare(name, sums[True][name], sums[False][name]) for name in names]
