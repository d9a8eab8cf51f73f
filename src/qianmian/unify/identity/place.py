"""Whose an event is: one SQL join that gives every row of a relation its person."""

from __future__ import annotations

from qianmian.lake.connection import Connection

#: A node with more intervals than this is looked up by time instead of trying all of them for each of its events.
#: The second look-up reads the relation once more (20 M events: 39 s instead of 11), so it is for till and kiosk alone.
MANY_INTERVALS = 4096

_OWNERS = """
CREATE OR REPLACE TEMP {kind} owners AS
SELECT node_id, coalesce(since, '-infinity'::TIMESTAMPTZ) AS since,
       coalesce(until, 'infinity'::TIMESTAMPTZ) AS until, person_id
FROM persons {among}
"""
_BUSY = """
CREATE OR REPLACE TEMP TABLE busy AS
SELECT node_id FROM owners WHERE since > '-infinity' GROUP BY node_id HAVING count(*) > $many
"""


def show_owners(connection: Connection, among: str = "") -> None:
    """Prepare a connection that sees `persons` for `placed`.

    Args:
        connection: the connection.
        among: SELECT of the node_ids that will be placed, if they are few: only their intervals are looked at.
    """
    kind, few = ("TABLE", f"SEMI JOIN ({among}) USING (node_id)") if among else ("VIEW", "")
    connection.execute(_OWNERS.format(kind=kind, among=few))
    connection.execute(_BUSY, {"many": MANY_INTERVALS})


def placed(connection: Connection, relation: str) -> str:
    """SQL that adds ``person_id`` to a relation with ``node_id`` and ``occurred_at``; rows of node 0 are left out.

    Args:
        connection: prepared by `show_owners`.
        relation: name of a view or table of the connection.
    """
    by_interval = f"""
    SELECT rows.*, owners.person_id FROM {relation} AS rows
    JOIN owners
    ON rows.node_id = owners.node_id AND rows.occurred_at >= owners.since AND rows.occurred_at < owners.until
    WHERE rows.node_id <> 0"""
    if not connection.execute("SELECT count(*) FROM busy").fetchall()[0][0]:
        return by_interval
    return f"""{by_interval} AND rows.node_id NOT IN (SELECT node_id FROM busy)
    UNION ALL
    SELECT rows.*, busy_owners.person_id FROM (SELECT * FROM {relation} SEMI JOIN busy USING (node_id)) AS rows
    ASOF JOIN (SELECT * FROM owners SEMI JOIN busy USING (node_id)) AS busy_owners
    ON rows.node_id = busy_owners.node_id AND rows.occurred_at >= busy_owners.since"""
