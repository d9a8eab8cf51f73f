"""Which flagged events the last build did not count: of a person, and of a range of dates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from qianmian.lake.connection import Connection, fetch
from qianmian.unify.identity.place import placed, show_owners

_BETWEEN = """
SELECT reason, count(*) AS events FROM left_out
WHERE (occurred_at AT TIME ZONE $zone)::DATE BETWEEN $first AND $last GROUP BY reason ORDER BY events DESC, reason
"""
_OF_PERSON = """
CREATE TEMP TABLE left_out_here AS
FROM left_out SEMI JOIN (SELECT node_id FROM persons WHERE person_id = $person) AS mine USING (node_id)
"""


@dataclass(frozen=True)
class LeftOut:
    """Events that are not counted, and why.

    Attributes:
        reason: a rule of flags, ``traffic``, or ``traffic.…`` with its reason.
        events: how many.
    """

    reason: str
    events: int


def left_out_between(connection: Connection, zone: str, first: date, last: date) -> list[LeftOut]:
    """How many events of a range of local dates the last build did not count, the commonest reason first.

    Args:
        connection: has a view of ``left_out``.
        zone: the workspace's time zone.
        first: first date.
        last: last date; it belongs to the range.
    """
    rows = fetch(connection, _BETWEEN, {"zone": zone, "first": first, "last": last}).to_pylist()
    return [LeftOut(**row) for row in rows]


def left_out_of(connection: Connection, person: int) -> pa.Table:
    """``event_key``, ``node_id``, ``occurred_at``, ``reason`` of a person's events that the last build did not count.

    Args:
        connection: has views of ``left_out`` and ``persons``.
        person: person_id.
    """
    connection.execute(_OF_PERSON, {"person": person})
    show_owners(connection, "SELECT node_id FROM left_out_here")
    query = f"SELECT event_key, node_id, occurred_at, reason FROM ({placed(connection, 'left_out_here')})"
    return fetch(connection, f"{query} WHERE person_id = $person ORDER BY occurred_at, event_key", {"person": person})


def by_reason(reasons: Iterable[str]) -> list[LeftOut]:
    """How often each reason is given, the commonest first."""
    return [LeftOut(*one) for one in Counter(reasons).most_common()]
