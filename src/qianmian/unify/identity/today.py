"""Whose an id is today: a person_id names a vertex, and vertices go from one person to another."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from qianmian.lake.connection import Connection, fetch
from qianmian.unify.identity.intervals import FROM_THE_BEGINNING
from qianmian.unify.identity.resolve import vertex_id

Ids = NDArray[np.int64]

_BEGUN = "SELECT node_id, person_id FROM persons SEMI JOIN asked USING (node_id) WHERE since IS NULL ORDER BY node_id"
_LATER = f"""
SELECT node_id, coalesce(epoch_us(since), {FROM_THE_BEGINNING}) AS since, person_id FROM persons
WHERE since IS NOT NULL
"""


def people_today(connection: Connection, ids: Ids) -> Ids:
    """Who each id's vertex belongs to now; 0 = it is gone.

    Args:
        connection: sees `persons`.
        ids: person_ids of any earlier time.
    """
    connection.register("asked", pa.table({"node_id": np.unique(ids)}))
    begun = fetch(connection, _BEGUN)
    found = _found(ids, begun.column("node_id").to_numpy(), begun.column("person_id").to_numpy())
    if found.all():
        return found
    later = fetch(connection, _LATER)
    vertices = vertex_id(later.column("node_id").to_numpy().copy(), later.column("since").to_numpy())
    order = np.argsort(vertices)
    of_later = _found(ids, vertices[order], later.column("person_id").to_numpy()[order])
    return np.where(found == 0, of_later, found)


def _found(ids: Ids, known: Ids, people: Ids) -> Ids:
    """The person of each id among known ones, which are ascending; 0 = not among them."""
    if not len(known):
        return np.zeros(len(ids), np.int64)
    at = np.minimum(np.searchsorted(known, ids), len(known) - 1)
    found: Ids = np.where(known[at] == ids, people[at], 0)
    return found
