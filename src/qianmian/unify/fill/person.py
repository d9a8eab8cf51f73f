"""Gaps filled by what the same person had before or after."""

from __future__ import annotations

from qianmian.engines.base import Context, Output
from qianmian.unify.fill.cells import judged, output, show_cells, show_events
from qianmian.unify.fill.groups import numbered, show_known, show_usual
from qianmian.unify.fill.rules import BY_PERSON
from qianmian.unify.identity.place import placed, show_owners

#: Of any event of the person that has the field; the nearest in time on one side.
_NEIGHBOURS = """
CREATE OR REPLACE TEMP TABLE neighbours AS
SELECT event_key, is_asked, is_empty, is_hidden, value,
       last_value(value IGNORE NULLS) OVER before AS near, count(value) OVER before AS known,
       last_value(CASE WHEN NOT is_hidden THEN value END IGNORE NULLS) OVER before AS near_seen
FROM ({placed})
WINDOW before AS (PARTITION BY person_id ORDER BY occurred_at {way}, event_key {way}
                  ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
"""
_GUESSED = """
CREATE OR REPLACE TEMP VIEW filled AS
SELECT event_key, near AS value, known, NULL::DOUBLE AS doubt FROM neighbours
WHERE is_asked AND is_empty AND near IS NOT NULL;
CREATE OR REPLACE TEMP VIEW tried AS
SELECT value, near_seen AS guess FROM neighbours WHERE is_asked AND is_hidden
"""


def fill_by_person(context: Context) -> Output:
    """Fill gaps by the same person's value before or after, of all events at once: a person may have many nodes.

    Params: see `learn`.
    """
    with context.connect("events", "persons") as connection:
        show_events(context, connection)
        show_known(context, connection)
        show_owners(connection)
        found = []
        for place, fill in numbered(context):
            if fill.method in BY_PERSON:
                show_cells(connection, place, fill, context.buckets)
                show_usual(connection, place, fill)
                way = "ASC" if fill.method == "forward" else "DESC"
                connection.execute(_NEIGHBOURS.format(placed=placed(connection, "cells"), way=way))
                connection.execute(_GUESSED)
                found.append(judged(context, connection, place, fill))
    return output(context, found)
