"""What a person did, session by session, the newest first."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from qianmian.app.answers import Computed
from qianmian.app.questions.cursor import cursor, place_of
from qianmian.app.questions.left_out import LeftOut, by_reason, left_out_of
from qianmian.app.shop import Shop
from qianmian.collect.goods import item_states
from qianmian.core.errors import UnknownNameError
from qianmian.core.people import id_number
from qianmian.lake.connection import Connection
from qianmian.profile.history.events import events_behind
from qianmian.profile.history.files import column
from qianmian.profile.portrait import person_rows

#: Events listed of one session; a longer one says how many it has.
MOST_EVENTS = 200
#: Money in history is in 1/10,000 of the currency.
_UNIT = Decimal(10_000)
_TITLES = item_states("title", where="valid_from <= $now AND item_id IN (SELECT item FROM told)")
_EVENTS = f"""
WITH asked AS (SELECT unnest($keys) AS event_key),
first_lines AS (SELECT event_key, item_id AS line_item FROM event_lines SEMI JOIN asked USING (event_key)
                WHERE line = 0 AND day IN (SELECT unnest($days))),
told AS (
    SELECT event_key, source, event_id, name, occurred_at, channel, device_type, region, order_id, currency, properties,
           coalesce(item_id, line_item) AS item
    FROM events SEMI JOIN asked USING (event_key) LEFT JOIN first_lines USING (event_key)
    WHERE day IN (SELECT unnest($days)) AND {{where}}),
named AS (SELECT source, item_id AS item, arg_max(title, valid_from) AS title FROM ({_TITLES}) GROUP BY ALL)
SELECT told.*, title FROM told LEFT JOIN named USING (source, item)
"""


@dataclass(frozen=True)
class TimelineItem:
    """The product that an event is about, or the first of several."""

    source: str
    item_id: str
    title: str | None


@dataclass(frozen=True)
class TimelineEvent:
    """Something that a person did.

    Attributes:
        amount: money that it moved: an order's payment, a refund with minus; None = none.
        properties: what else the source said, personal values masked.
        left_out: why it does not count; None = it counts.
    """

    source: str
    event_id: str
    name: str
    occurred_at: datetime
    channel: str | None
    device_type: str | None
    region: str | None
    item: TimelineItem | None
    order_id: str | None
    amount: Decimal | None
    currency: str | None
    properties: dict[str, Any] | None
    left_out: str | None


@dataclass(frozen=True)
class Visit:
    """A session: events without a longer silence between them.

    Attributes:
        rows: how many events it has.
        events: the newest of them, newest first.
    """

    began_at: datetime
    ended_at: datetime
    rows: int
    events: list[TimelineEvent]


@dataclass(frozen=True)
class Timeline:
    """A page of sessions, newest first, with the cursor of the next page, and how many of all events do not count."""

    sessions: list[Visit]
    next: str | None
    left_out: list[LeftOut]
    computed: Computed


def timeline(shop: Shop, person: str, *, purpose: str, after: str | None = None, limit: int = 10) -> Timeline:
    """A page of a person's sessions.

    Args:
        shop: the shop.
        person: id of the person.
        purpose: what it is looked up for.
        after: cursor of the page; None = the newest sessions.
        limit: sessions on a page.

    Raises:
        PurposeError: the purpose is not registered.
        UnknownNameError: nobody has that id, or did anything up to the last build.
    """
    number, silence = id_number(person), timedelta(minutes=shop.workspace.settings.session_minutes)
    with shop.asking(purpose, "events", "event_lines", "left_out", "persons") as (found, computed):
        left = left_out_of(found.connection, number)
        rows = _all_rows(person_rows(found, number), left)
        if not rows.num_rows:
            raise UnknownNameError("no_person", person=person)
        at = column(rows, "occurred_at")
        bounds = _bounds(at, silence // timedelta(microseconds=1))
        if after:
            [before] = place_of(after, int)
            bounds = [each for each in bounds if at[each[0]] < before]
        shown = bounds[-limit:][::-1]
        told = _events(found.connection, rows, shown, computed.instant)
    more = len(bounds) > limit
    instants = rows.column("occurred_at")
    visits = [
        Visit(
            instants[begin].as_py(),
            instants[end - 1].as_py(),
            end - begin,
            [told[index] for index in range(end - 1, max(begin, end - MOST_EVENTS) - 1, -1) if index in told],
        )
        for begin, end in shown
    ]
    after = cursor(int(at[shown[-1][0]])) if more else None
    return Timeline(visits, after, by_reason(left.column("reason").to_pylist()), computed)


def _all_rows(history: pa.Table, left: pa.Table) -> pa.Table:
    """One row an event, whether it counts or not, in the order of time; ``reason`` is empty for one that counts."""
    counted = history.filter(pc.equal(history.column("line"), 0)).select(
        ["event_key", "node_id", "occurred_at", "amount"]
    )
    return pa.concat_tables([counted, left], promote_options="default").sort_by(
        [("occurred_at", "ascending"), ("event_key", "ascending")]
    )


def _bounds(at: NDArray[np.int64], silence: int) -> list[tuple[int, int]]:
    """First row of each session and the row after its last."""
    begins = np.concatenate([[0], np.flatnonzero(np.diff(at) > silence) + 1])
    ends = np.append(begins[1:], len(at))
    return list(zip(begins.tolist(), ends.tolist(), strict=True))


def _events(
    connection: Connection, rows: pa.Table, bounds: list[tuple[int, int]], now: datetime
) -> dict[int, TimelineEvent]:
    """The events behind rows of history, by row; one that was undone since the build is none."""
    spans = [np.arange(max(begin, end - MOST_EVENTS), end) for begin, end in bounds]
    index = np.concatenate([np.empty(0, np.int64), *spans]).astype(np.int64)
    shown = rows.take(pa.array(index))
    by_key = events_behind(connection, _EVENTS, shown, {"now": now})
    amounts, reasons = shown.column("amount").to_pylist(), shown.column("reason").to_pylist()
    keys = column(shown, "event_key").tolist()
    told = zip(index.tolist(), keys, amounts, reasons, strict=True)
    return {at: _event(by_key[key], amount or 0, reason) for at, key, amount, reason in told if key in by_key}


def _event(row: Mapping[str, Any], amount: int, reason: str | None) -> TimelineEvent:
    item = TimelineItem(row["source"], row["item"], row["title"]) if row["item"] else None
    kept = ("source", "event_id", "name", "occurred_at", "channel", "device_type", "region", "order_id", "currency")
    return TimelineEvent(
        **{name: row[name] for name in kept},
        item=item,
        amount=amount / _UNIT if amount else None,
        properties=properties_of(row["properties"]),
        left_out=reason,
    )


def properties_of(text: str | None) -> dict[str, Any] | None:
    """The properties of an event; None if it has none."""
    told = json.loads(text) if text else None
    return told if isinstance(told, dict) else None
