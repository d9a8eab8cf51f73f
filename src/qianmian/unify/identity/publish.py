"""The publish task: links in, a new version of who is who out."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from qianmian.core.people import NAMESPACES
from qianmian.engines.base import Context, Output
from qianmian.lake.connection import fetch
from qianmian.unify.identity.changes import Moves, moves, versions
from qianmian.unify.identity.intervals import FROM_THE_BEGINNING, Ints, vertices
from qianmian.unify.identity.resolve import Resolution, Together, listed, resolve

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
CREATE TEMP TABLE scope AS FROM near UNION SELECT node_id FROM persons SEMI JOIN touched USING (person_id);
CREATE TEMP TABLE known AS SELECT nodes.* FROM nodes SEMI JOIN scope USING (node_id);
CREATE TEMP TABLE evidence AS
    SELECT * FROM links WHERE a IN (SELECT node_id FROM scope) OR b IN (SELECT node_id FROM scope);
CREATE TEMP TABLE believed AS SELECT * FROM persons SEMI JOIN touched USING (person_id);
CREATE TEMP VIEW untouched AS SELECT * FROM persons ANTI JOIN touched USING (person_id);
"""
_EVERYTHING = """
CREATE TEMP VIEW known AS FROM nodes;
CREATE TEMP VIEW evidence AS FROM links;
CREATE TEMP VIEW believed AS FROM persons;
CREATE TEMP VIEW untouched AS FROM persons LIMIT 0;
"""
_NODES = f"""
SELECT node_id, coalesce(list_position(?, namespace) - 1, {len(NAMESPACES)})::TINYINT AS priority
FROM known WHERE node_id <> 0 ORDER BY node_id
"""
#: A sign-out that names the user alone says nothing about any device; a user_id is the user's for all time.
_SIGNED = f"""
SELECT CASE kind WHEN 'sign_in' THEN b ELSE a END AS node, epoch_us("at") AS at_us,
       CASE kind WHEN 'sign_in' THEN a ELSE 0 END AS user
FROM evidence
WHERE kind = 'sign_in'
   OR kind = 'sign_out' AND a NOT IN (SELECT node_id FROM known WHERE namespace = '{NAMESPACES[0]}')
ORDER BY node, at_us, source, event_id
"""
_TOGETHER = """
SELECT a, b, epoch_us("at") AS at_us FROM evidence WHERE kind = 'together' AND rule <> 'order_number'
"""
_ORDERED = """
SELECT b AS order_node, arg_min(a, ("at", source, event_id)) AS node, epoch_us(min("at")) AS at_us
FROM evidence WHERE rule = 'order_number' GROUP BY b ORDER BY b
"""
_BEFORE = f"""
SELECT node_id, coalesce(epoch_us(since), {FROM_THE_BEGINNING}) AS since, person_id, version
FROM believed ORDER BY node_id, believed.since NULLS FIRST
"""
_NOW = f"""
SELECT resolved.* FROM resolved ANTI JOIN untouched
ON resolved.node_id = untouched.node_id
    AND resolved.since = coalesce(epoch_us(untouched.since), {FROM_THE_BEGINNING})
ORDER BY resolved.node_id, resolved.since
"""
_AFTER = "FROM untouched UNION ALL BY NAME FROM decided ORDER BY node_id, since NULLS FIRST"
_COUNTS = """
SELECT (SELECT count(*) FROM nodes), (SELECT count(*) FROM links), (SELECT count(*) FROM persons)
"""


def publish(context: Context) -> Output:
    """Resolve the evidence into a new version of `persons`, and say what `moved`.

    Params:
        version: number of the new identity version.
        batch: highest batch that the last build read (see `Folded`).
        anew: whether everybody is resolved; else only whom new evidence can touch.
        erasing: whether people were erased; then no row of `moved` names anybody who is gone.
    """
    version = int(context.params["version"])
    with context.connect("nodes", "links", "persons") as connection:
        connection.execute(_EVERYTHING if context.params["anew"] else _SCOPE)

        def read(sql: str, *values: Any) -> dict[str, NDArray[Any]]:
            table = fetch(connection, sql, list(values))
            return {name: table.column(name).to_numpy() for name in table.column_names}

        nodes = read(_NODES, list(NAMESPACES))
        signed, seen, ordered = read(_SIGNED), read(_TOGETHER), read(_ORDERED)
        before = read(_BEFORE)
        resolved = _resolved(nodes, signed, Together(seen["a"], seen["b"], seen["at_us"]), ordered)
        connection.register("resolved", pa.table(vars(resolved)).rename_columns(["node_id", "since", "person_id"]))
        now = resolved if context.params["anew"] else Resolution(*read(_NOW).values())
        old = Resolution(before["node_id"], before["since"], before["person_id"])
        connection.register("decided", _persons(now, versions(old, before["version"], now, version)))
        files = {"persons": (context.write("persons", fetch(connection, _AFTER)),)}
        counted = connection.execute(_COUNTS).fetchall()[0]
    moved = moves(old, now)
    if context.params["erasing"]:
        moved = moved.only(np.isin(moved.node, now.node) & np.isin(moved.old, now.node))
    if len(moved.node):
        files["moved"] = (context.write("moved", _moved(moved, version)),)
    return Output(files, {"nodes": counted[0], "moved": len(moved.node)}, rows_read=sum(counted))


def _resolved(
    nodes: dict[str, NDArray[Any]], signed: dict[str, NDArray[Any]], seen: Together, ordered: dict[str, NDArray[Any]]
) -> Resolution:
    """People first, without order numbers, which never join anybody; then each order follows its payer."""
    human = nodes["priority"] < len(NAMESPACES)
    found = vertices(nodes["node_id"][human], signed["node"], signed["at_us"], signed["user"])
    rank = nodes["priority"][human][np.searchsorted(nodes["node_id"][human], found.node)]
    person = resolve(found, rank, seen)
    people = listed(found, person)
    orders = nodes["node_id"][~human]
    if not len(orders):
        return people
    payer = orders.copy()
    place = np.searchsorted(ordered["order_node"], orders)
    place = np.minimum(place, max(len(ordered["order_node"]) - 1, 0))
    if len(ordered["order_node"]):
        paid = ordered["order_node"][place] == orders
        at = found.at(ordered["node"][place], ordered["at_us"][place])
        payer = np.where(paid & (at >= 0), person[at], orders)
    node = np.concatenate([people.node, orders])
    order = np.argsort(node, kind="stable")
    since = np.concatenate([people.since, np.full(len(orders), FROM_THE_BEGINNING)])
    return Resolution(node[order], since[order], np.concatenate([people.person, payer])[order])


def _instants(micros: Ints) -> pa.Array:
    return pa.array(micros, mask=micros == FROM_THE_BEGINNING).cast(pa.timestamp("us", tz=str(UTC)))


def _persons(rows: Resolution, version: Ints) -> pa.Table:
    return pa.table(
        {"node_id": rows.node, "since": _instants(rows.since), "person_id": rows.person, "version": version}
    )


def _moved(rows: Moves, version: int) -> pa.Table:
    return pa.table(
        {
            "version": np.full(len(rows.node), version),
            "node_id": rows.node,
            "since": _instants(rows.since),
            "old": rows.old,
            "new": rows.new,
        }
    )
