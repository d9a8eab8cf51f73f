"""What is read for a new version of who is who: all evidence, or that which new evidence can have an effect on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from qianmian.core.people import NAMESPACES
from qianmian.lake.connection import Connection, fetch
from qianmian.unify.identity.intervals import Ints, contains
from qianmian.unify.identity.resolve import Together

#: What an increment looks at: whoever is named by new evidence, all that this evidence was ever seen with, and every
#: node of all those people. Nothing else can change: a person is a component of the graph of evidence. A node in scope
#: may have intervals of people out of it, whose evidence is not all here: those stay as they were.
_SCOPE = """
CREATE TEMP TABLE named AS
    SELECT a AS node_id FROM links WHERE batch > getvariable('batch')
    UNION SELECT b FROM links WHERE batch > getvariable('batch') AND b <> 0
    UNION SELECT node_id FROM nodes WHERE batch > getvariable('batch');
CREATE TEMP TABLE near AS
    FROM (FROM named UNION SELECT a FROM links SEMI JOIN named ON b = node_id
          UNION SELECT b FROM links SEMI JOIN named ON a = node_id)
    WHERE node_id <> 0;  -- the other end of a sign-out is no node
CREATE TEMP TABLE touched AS SELECT DISTINCT person_id FROM persons SEMI JOIN near USING (node_id);
CREATE TEMP TABLE believed AS SELECT * FROM persons SEMI JOIN touched USING (person_id);
CREATE TEMP TABLE scope AS FROM near UNION SELECT node_id FROM believed;
CREATE TEMP TABLE known AS SELECT nodes.* FROM nodes SEMI JOIN scope USING (node_id);
CREATE TEMP TABLE evidence AS
    SELECT * FROM links WHERE a IN (SELECT node_id FROM scope) OR b IN (SELECT node_id FROM scope);
"""
_EVERYTHING = """
CREATE TEMP VIEW known AS FROM nodes;
CREATE TEMP VIEW evidence AS FROM links;
CREATE TEMP VIEW believed AS FROM persons;
"""
_NODES = f"""
SELECT node_id, coalesce(list_position(?, namespace) - 1, {len(NAMESPACES)})::TINYINT AS priority
FROM known WHERE node_id <> 0 ORDER BY node_id
"""
#: A sign-out that names the user alone says nothing about any device; a user_id is the user's for all time.
_SIGNED = f"""
CREATE TEMP VIEW signed AS
SELECT CASE kind WHEN 'sign_in' THEN b ELSE a END AS node, epoch_us("at") AS at_us,
       CASE kind WHEN 'sign_in' THEN a ELSE 0 END AS user, source, event_id
FROM evidence
WHERE kind = 'sign_in'
   OR kind = 'sign_out' AND a NOT IN (SELECT node_id FROM known WHERE namespace = '{NAMESPACES[0]}')
"""
_IN_TIME = "SELECT node, at_us, user FROM signed ORDER BY node, at_us"
#: The few that are told of one node and instant are put in order by the words that name their events.
_IN_ORDER = "SELECT node, at_us, user FROM signed SEMI JOIN tied USING (node) ORDER BY node, at_us, source, event_id"
_TOGETHER = """
SELECT a, b, epoch_us("at") AS at_us FROM evidence WHERE kind = 'together' AND rule <> 'order_number'
"""
_ORDERED = """
SELECT b AS order_node, arg_min(a, ("at", source, event_id)) AS node, epoch_us(min("at")) AS at_us
FROM evidence WHERE rule = 'order_number' GROUP BY b ORDER BY b
"""


@dataclass(frozen=True)
class Evidence:
    """Arrays that a resolution is made from.

    Attributes:
        nodes: node_ids, ascending.
        priority: strength of each node's namespace; 0 is the strongest, `len(NAMESPACES)` an order number.
        signed_node: node of each sign-in or sign-out, sorted by (node, instant).
        signed_at: its instant, microseconds.
        signed_user: node of the user who signed in; 0 in a sign-out.
        together: pairs seen on one event.
        order_node: nodes of order numbers that were paid, ascending.
        payer: node that paid each.
        paid_at: when, microseconds.
    """

    nodes: Ints
    priority: NDArray[np.int8]
    signed_node: Ints
    signed_at: Ints
    signed_user: Ints
    together: Together
    order_node: Ints
    payer: Ints
    paid_at: Ints


def show_scope(connection: Connection, *, anew: bool) -> None:
    """Prepare a connection that sees nodes, links and persons: ``known``, ``evidence`` and ``believed``.

    Unless everything is resolved anew, ``touched(person_id)`` lists the people who may change.
    """
    connection.execute(_EVERYTHING if anew else _SCOPE)


def read_evidence(connection: Connection) -> Evidence:
    """The evidence in scope; the connection is prepared by `show_scope`."""
    known = read(connection, _NODES, list(NAMESPACES))
    connection.execute(_SIGNED)
    signed = read(connection, _IN_TIME)
    if len(tied := _tied(signed["node"], signed["at_us"])):
        connection.register("tied", pa.table({"node": tied}))
        places = contains(tied, signed["node"])
        signed |= {name: _replaced(signed[name], places, part) for name, part in read(connection, _IN_ORDER).items()}
    seen, paid = read(connection, _TOGETHER), read(connection, _ORDERED)
    return Evidence(
        known["node_id"],
        known["priority"],
        signed["node"],
        signed["at_us"],
        signed["user"],
        Together(seen["a"], seen["b"], seen["at_us"]),
        paid["order_node"],
        paid["node"],
        paid["at_us"],
    )


def read(connection: Connection, sql: str, *values: Any) -> dict[str, NDArray[Any]]:
    """The columns of a SELECT as arrays, in its order."""
    table = fetch(connection, sql, list(values))
    return {name: table.column(name).to_numpy() for name in table.column_names}


def _tied(node: Ints, at: Ints) -> Ints:
    """Nodes of which two statements bear the same instant; statements are sorted by (node, instant)."""
    tied: Ints = np.unique(node[1:][(node[1:] == node[:-1]) & (at[1:] == at[:-1])])
    return tied


def _replaced(values: Ints, places: NDArray[np.bool_], part: Ints) -> Ints:
    """A copy in which the marked places hold a part."""
    whole = values.copy()  # what came from Arrow cannot be written
    whole[places] = part
    return whole
