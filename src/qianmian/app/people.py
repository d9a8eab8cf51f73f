"""Finding a person by any name: the identifiers that the shop knows lead to nodes, and nodes to people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from qianmian.app.workspace import Workspace
from qianmian.core.errors import UnknownNameError
from qianmian.core.people import id_number, parse_identifier
from qianmian.lake.connection import Connection, fetch
from qianmian.privacy.masking import mask_value
from qianmian.privacy.pseudonyms import pseudonymise
from qianmian.profile.history import files
from qianmian.profile.history.rows import SCHEMA
from qianmian.profile.reading import Reading
from qianmian.unify.identity.today import people_today

#: A node's person now is that of its last interval.
_PERSON = "SELECT person_id FROM persons WHERE node_id = $node ORDER BY since DESC NULLS LAST LIMIT 1"
_NODES = """
WITH mine AS (
    SELECT node_id, min(since) AS since, bool_or(since IS NULL) AS is_from_the_beginning
    FROM persons WHERE person_id = $person GROUP BY node_id)
SELECT mine.* FROM mine JOIN nodes USING (node_id) ORDER BY node_id
"""


def find_person(workspace: Workspace, connection: Connection, name: str) -> int:
    """The person_id of ``namespace:value``, of a bare user_id, or of ``person:<id>``.

    Args:
        workspace: the shop.
        connection: has a view of ``persons``.
        name: as people write it.

    Raises:
        UnknownNameError: nobody is known by that name; the value is shown masked.
    """
    head, _, text = name.partition(":")
    if head == "person":  # an id names a vertex; the node that it may look like can be somebody else's by now
        [person] = people_today(connection, np.array([id_number(text)]))
        shown = name
    else:
        node, identifier = node_of(workspace, name), parse_identifier(name)
        found = connection.execute(_PERSON, {"node": node}).fetchall() if node else []
        person = found[0][0] if found else 0
        shown = f"{identifier.namespace}:{mask_value(identifier.value)}"
    if not person:
        raise UnknownNameError("nobody_known", person=shown)
    return int(person)


def node_of(workspace: Workspace, name: str) -> int:
    """The node of ``namespace:value`` or a bare user_id; 0 = its value names nobody."""
    identifier = parse_identifier(name)
    nodes, _, _ = pseudonymise(workspace.keys.node, identifier.namespace, [identifier.value])
    return int(nodes[0])


def identifiers_of(workspace: Workspace, connection: Connection, person: int, *, masked: bool) -> list[dict[str, Any]]:
    """The identifiers of a person with the start of their first interval, masked or as they are.

    Args:
        workspace: the shop.
        connection: has views of ``persons`` and ``nodes``.
        person: person_id.
        masked: whether values are shown only in part.
    """
    rows = fetch(connection, _NODES, {"person": person}).to_pylist()
    known = workspace.vault.reveal([row["node_id"] for row in rows])
    told = []
    for row in rows:
        identifier = known.get(row["node_id"])
        if identifier:
            value = mask_value(identifier.value) if masked else identifier.value
            since = None if row["is_from_the_beginning"] else row["since"]
            told.append({"namespace": identifier.namespace, "value": value, "since": since})
    return sorted(told, key=lambda one: (one["namespace"], one["value"]))


def acting_names(workspace: Workspace, reading: Reading, people: Sequence[int]) -> dict[int, list[dict[str, str]]]:
    """The masked names under which each of several people did something.

    Their rows of history are found by binary search; all names of somebody are found only by reading everybody's.

    Args:
        workspace: the shop.
        reading: what the last build left.
        people: person_ids.
    """
    wanted = np.array(sorted(people), np.int64)
    rows = [files.of_people(part, wanted).select(["person_id", "node_id"]) for part in reading.parts]
    pairs = pa.concat_tables([SCHEMA.empty_table().select(["person_id", "node_id"]), *rows])
    known = workspace.vault.reveal(pairs.column("node_id").unique().to_pylist())
    told: dict[int, set[tuple[str, str]]] = {person: set() for person in people}
    for pair in pairs.group_by(["person_id", "node_id"]).aggregate([]).to_pylist():
        identifier = known.get(pair["node_id"])
        if identifier:
            told[pair["person_id"]].add((identifier.namespace, mask_value(identifier.value)))
    return {
        person: [{"namespace": namespace, "value": value} for namespace, value in sorted(names)]
        for person, names in told.items()
    }
