"""Which identifier, in which of its times, a name means to a decision about who is who."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qianmian.app.people import find_person, node_of
from qianmian.app.workspace import Workspace
from qianmian.core.errors import InputError
from qianmian.core.people import ORDER, id_number
from qianmian.lake.connection import Connection
from qianmian.unify.identity.by_hand import End
from qianmian.unify.identity.evidence import read
from qianmian.unify.identity.intervals import FROM_THE_BEGINNING
from qianmian.unify.identity.resolve import vertex_id

#: Every interval of a person, and of a name itself; a hashed id stands in no `nodes`.
_HELD = f"""
SELECT node_id, coalesce(epoch_us(since), {FROM_THE_BEGINNING}) AS since, person_id
FROM persons SEMI JOIN nodes USING (node_id) WHERE person_id = $person ORDER BY node_id, since
"""
_NAMESPACE = "SELECT namespace FROM nodes WHERE node_id = $node LIMIT 1"


_NEWEST = f"""
SELECT coalesce(epoch_us(since), {FROM_THE_BEGINNING}), person_id FROM persons WHERE node_id = $node
ORDER BY since DESC NULLS LAST LIMIT 1
"""


@dataclass(frozen=True)
class Named:
    """What a name means.

    Attributes:
        end: an identifier, in a time.
        person: whose it is by the last build.
        namespace: what kind it is.
    """

    end: End
    person: int
    namespace: str


def find_end(workspace: Workspace, connection: Connection, name: str) -> Named:
    """The identifier that a name means: of a person, the one that names them; else its newest time.

    Args:
        workspace: the shop.
        connection: has views of ``persons`` and ``nodes``.
        name: ``namespace:value``, a bare user_id, ``person:<id>``, or ``id:<id>`` of an answer.

    Raises:
        UnknownNameError: nobody is known by that name.
        InputError: it is an order number, which joins nobody.
    """
    head, _, text = name.partition(":")
    is_id = head in ("person", "id")
    person = find_person(workspace, connection, f"person:{text}" if is_id else name)
    held = read(connection, _HELD, {"person": person})
    if is_id:
        wanted = person if head == "person" else id_number(text)
        mine = vertex_id(held["node_id"], held["since"]) == wanted
    else:
        mine = held["node_id"] == node_of(workspace, name)
    place = int(np.flatnonzero(mine)[-1])
    return _named(connection, End(int(held["node_id"][place]), int(held["since"][place])), person)


def newest_end(connection: Connection, node: int) -> Named | None:
    """An identifier in its newest time; None = it is nobody's any more."""
    found = connection.execute(_NEWEST, {"node": node}).fetchall()
    return _named(connection, End(node, int(found[0][0])), int(found[0][1])) if found else None


def _named(connection: Connection, end: End, person: int) -> Named:
    namespace = str(connection.execute(_NAMESPACE, {"node": end.node}).fetchall()[0][0])
    if namespace.startswith(f"{ORDER}:"):
        raise InputError("decision_order")
    return Named(end, person, namespace)
