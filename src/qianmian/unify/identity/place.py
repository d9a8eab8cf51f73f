"""Whose an event is: one SQL step that gives every row of a relation its person."""

from __future__ import annotations

#: Nodes with one row for all time are joined by hash; those with intervals, few, by the last start before the event.
INTERVALS = """
CREATE TEMP TABLE parted AS SELECT DISTINCT node_id FROM persons WHERE since IS NOT NULL;
CREATE TEMP TABLE intervals AS
    SELECT node_id, coalesce(since, '-infinity'::TIMESTAMPTZ) AS since, person_id
    FROM persons SEMI JOIN parted USING (node_id);
CREATE TEMP VIEW whole AS SELECT node_id, person_id FROM persons ANTI JOIN parted USING (node_id);
"""


def placed(relation: str) -> str:
    """SQL that adds ``person_id`` to a relation with ``node_id`` and ``occurred_at``; rows of node 0 are left out.

    Args:
        relation: name of a view or table of the connection, on which `INTERVALS` has run.
    """
    return f"""
    SELECT rows.*, whole.person_id FROM {relation} AS rows JOIN whole USING (node_id) WHERE rows.node_id <> 0
    UNION ALL
    SELECT rows.*, intervals.person_id
    FROM (SELECT * FROM {relation} SEMI JOIN parted USING (node_id)) AS rows
    ASOF JOIN intervals ON rows.node_id = intervals.node_id AND rows.occurred_at >= intervals.since
    """
