"""Who stands where in a purchase journey, as of an instant."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from qianmian.lake.connection import Connection, fetch
from qianmian.query.tree import Journey

_IN = """
SELECT DISTINCT person_id FROM journey_stages
WHERE category = $category AND stage IN (SELECT unnest($stages))
    AND began_at BETWEEN $since AND $now AND ended_at > $now ORDER BY person_id
"""
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


def people_in(
    connection: Connection, journey: Journey, category: str, *, now: datetime, today: date, zone: str
) -> NDArray[np.int64]:
    """The people whom a ``journey(…)`` is about, ascending.

    Args:
        connection: sees `journey_stages`.
        journey: stages, and in how many dates they began.
        category: the word that its category's is read as.
        now: an instant of today.
        today: the local date.
        zone: of local dates.
    """
    since = first_instant(today, journey.days, zone) if journey.days else _EVER
    asked = {"category": category, "stages": list(journey.stages), "now": now, "since": since}
    found: NDArray[np.int64] = fetch(connection, _IN, asked).column("person_id").to_numpy()
    return found


def first_instant(today: date, days: int, zone: str) -> datetime:
    """The beginning of the first of so many local dates, of which today is the last."""
    return datetime.combine(today - timedelta(days=days - 1), time.min, ZoneInfo(zone))
