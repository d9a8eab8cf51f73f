"""The evidence near some identifiers: what was ever said of them and of the people who hold them, within a bound."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from qianmian.core.people import NAMESPACES, ORDER
from qianmian.lake.connection import Connection, fetch
from qianmian.unify.identity.by_hand import NO_DECISIONS, Decisions
from qianmian.unify.identity.intervals import FROM_THE_BEGINNING, Ints
from qianmian.unify.identity.why import KINDS, Graph, Said, Statements, graph, ruled

#: Statements that are read at most; identifiers likewise.
MOST = 20_000

#: Orders follow who paid, and join nobody: they are looked at where they are asked for by name.
_SCOPE = f"""
CREATE OR REPLACE TEMP TABLE near_scope AS
WITH holders AS (SELECT DISTINCT person_id FROM persons WHERE node_id IN (SELECT unnest($nodes)))
SELECT node_id FROM nodes
WHERE batch <= $batch AND (node_id IN (SELECT unnest($nodes)) OR NOT starts_with(namespace, '{ORDER}:')
  AND node_id IN (SELECT node_id FROM persons SEMI JOIN holders USING (person_id)))
ORDER BY list_contains($nodes, node_id) DESC, node_id LIMIT $most
"""
_SAID = f"""
CASE WHEN rule = 'order_number' THEN '{Said.PAID}' WHEN kind = 'sign_in' THEN '{Said.SIGNED_IN}'
     WHEN kind = 'sign_out' THEN '{Said.SIGNED_OUT}' ELSE '{Said.TOGETHER}' END
"""
_ABOUT = """
CREATE OR REPLACE TEMP TABLE near_links AS
SELECT DISTINCT a, b, kind, rule, source, event_id, "at" FROM links
WHERE batch <= $batch AND (a IN (FROM near_scope) OR b IN (FROM near_scope))
  AND (rule <> 'order_number' OR b IN (SELECT unnest($nodes)))
ORDER BY "at", source, event_id, a, b LIMIT $most
"""
#: The other ends have their own times: who was signed in there says whether being seen together joins.
_BESIDE = """
INSERT INTO near_links
WITH ends AS (SELECT a AS node_id FROM near_links UNION SELECT b FROM near_links),
beside AS (FROM ends ANTI JOIN near_scope USING (node_id) SEMI JOIN nodes USING (node_id))
SELECT DISTINCT a, b, kind, rule, source, event_id, "at" FROM links
WHERE batch <= $batch AND (kind = 'sign_in' AND b IN (FROM beside) OR kind = 'sign_out' AND a IN (FROM beside))
  AND (a, b, kind, source, event_id) NOT IN (SELECT (a, b, kind, source, event_id) FROM near_links)
ORDER BY "at", source, event_id, a, b LIMIT $most
"""
_NAMED = """
CREATE OR REPLACE TEMP TABLE near_names AS
WITH ends AS (SELECT a AS node_id FROM near_links UNION SELECT b FROM near_links UNION FROM near_scope)
SELECT node_id, any_value(namespace) AS namespace FROM nodes SEMI JOIN ends USING (node_id) GROUP BY node_id
"""
_TOLD = f"""
WITH known AS (SELECT node_id FROM near_names)
SELECT a, b, epoch_us("at") AS at_us, {_SAID} AS said, rule, source, event_id, "at" FROM near_links
WHERE a IN (FROM known) AND (b = 0 OR b IN (FROM known)) ORDER BY "at", source, event_id, a, b
"""
_HOLDERS = f"""
SELECT node_id, coalesce(epoch_us(since), {FROM_THE_BEGINNING}) AS since, person_id
FROM persons WHERE node_id IN (SELECT unnest($nodes))
"""


@dataclass(frozen=True)
class Near:
    """Evidence near some identifiers, as a graph.

    Attributes:
        graph: its vertices and edges.
        rows: the statements that `Edge.statements` names: rule, source, event_id, at.
        namespaces: of each node of the graph.
        persons: person_id of each vertex by the last build; 0 = the build knows no such interval.
        is_cut: whether there is more than was read.
    """

    graph: Graph
    rows: pa.Table
    namespaces: dict[int, str]
    persons: Ints
    is_cut: bool


def near(
    connection: Connection, nodes: Sequence[int], batch: int, by_hand: Decisions = NO_DECISIONS, *, most: int = MOST
) -> Near:
    """Everything said of some nodes and of all nodes of the people who hold them, or ever did.

    Args:
        connection: has views of ``nodes``, ``links`` and ``persons``.
        nodes: node_ids.
        batch: highest batch that counts.
        by_hand: decisions that the build heard.
        most: statements and nodes that are read at most.
    """
    asked = {"nodes": list(nodes), "batch": batch, "most": most}
    connection.execute(_SCOPE, asked)
    connection.execute(_ABOUT, asked)
    about = _count(connection)
    connection.execute(_BESIDE, {"batch": batch, "most": most})
    is_cut = about >= most or _count(connection) - about >= most or _count(connection, "near_scope") >= most
    connection.execute(_NAMED)
    rows = fetch(connection, _TOLD)
    namespaces = dict(connection.execute("SELECT node_id, namespace FROM near_names ORDER BY node_id").fetchall())
    held = {(node, since): person for node, since, person in _held(connection, namespaces)}
    found = _graph(rows, namespaces, sorted(held))
    pairs = zip(found.vertices.node.tolist(), found.vertices.since.tolist(), strict=True)
    persons = np.array([held.get(pair, 0) for pair in pairs], np.int64)
    return Near(ruled(found, persons, by_hand), rows, namespaces, persons, is_cut)


def _count(connection: Connection, table: str = "near_links") -> int:
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])


def _held(connection: Connection, namespaces: Iterable[int]) -> list[tuple[int, int, int]]:
    """Node, since and person of every interval that the last build knows."""
    rows = fetch(connection, _HOLDERS, {"nodes": list(namespaces)})
    return list(zip(*(rows.column(name).to_pylist() for name in ("node_id", "since", "person_id")), strict=True))


def _graph(rows: pa.Table, namespaces: dict[int, str], held: list[tuple[int, int]]) -> Graph:
    """What is held from an instant at which nobody signed in or out is cut there, by a rule."""
    a, b, at = (rows.column(name).to_numpy().astype(np.int64) for name in ("a", "b", "at_us"))
    said = np.array([KINDS.index(Said(one)) for one in rows.column("said").to_pylist()], np.int8)
    nodes = np.array(sorted(namespaces), np.int64)
    users = np.array([node for node in nodes.tolist() if namespaces[node] == NAMESPACES[0]], np.int64)
    signs = ~np.isin(said, [KINDS.index(Said.TOGETHER), KINDS.index(Said.PAID)])
    told = {pair for ends in (a, b) for pair in zip(ends[signs].tolist(), at[signs].tolist(), strict=True)}
    cuts = [pair for pair in held if pair[1] != FROM_THE_BEGINNING and pair not in told]
    node, since = np.array(cuts, np.int64).reshape(-1, 2).T
    return graph(nodes, users, Statements(a, b, at, said), (node, since))
