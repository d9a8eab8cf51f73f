"""The publish task: links in, a new version of who is who out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC

import numpy as np
import pyarrow as pa

from qianmian.core.people import NAMESPACES
from qianmian.engines.base import Context, Output
from qianmian.lake.connection import Connection, fetch
from qianmian.unify.identity.by_hand import NO_DECISIONS, Decisions
from qianmian.unify.identity.changes import Moves, moves, versions
from qianmian.unify.identity.evidence import Evidence, Scope, read, read_evidence, read_in_order, show_scope
from qianmian.unify.identity.intervals import FROM_THE_BEGINNING, Ints, starts, vertices
from qianmian.unify.identity.limits import Statements
from qianmian.unify.identity.resolve import Resolution, listed, resolve
from qianmian.unify.identity.rules import Rules

_BEFORE = f"""
SELECT node_id, coalesce(epoch_us(since), {FROM_THE_BEGINNING}) AS since, person_id, version
FROM believed ORDER BY node_id, believed.since NULLS FIRST
"""
#: Intervals of the nodes that were resolved which people out of scope hold.
_KEPT = """
CREATE TEMP TABLE kept AS SELECT * FROM persons SEMI JOIN resolved USING (node_id) ANTI JOIN touched USING (person_id)
"""
_NOW = f"""
SELECT resolved.* FROM resolved ANTI JOIN kept
ON resolved.node_id = kept.node_id AND resolved.since = coalesce(epoch_us(kept.since), {FROM_THE_BEGINNING})
ORDER BY resolved.node_id, resolved.since
"""
#: A node with anything new is written with all its intervals, those of people out of scope too.
_AFTER = """
FROM (SELECT node_id, since, person_id, version FROM kept UNION ALL BY NAME FROM decided) SEMI JOIN changed
USING (node_id) ORDER BY node_id, since NULLS FIRST
"""


@dataclass(frozen=True)
class Belief:
    """A new version of who is who, against the last one.

    Attributes:
        resolution: what was resolved.
        persons: rows of `persons`: everybody's, or all those of nodes of which any is new.
        gone: nodes that have none any more, where not everything was resolved.
        moved: intervals of known nodes whose person is another one.
    """

    resolution: Resolution
    persons: pa.Table
    gone: Ints
    moved: Moves


def publish(context: Context) -> Output:
    """Resolve the evidence into a new version of `persons`, and say what `moved`.

    Params:
        build: number of the build.
        version: number of the new identity version.
        batch: highest batch that the last build read (see `Folded`).
        anew: whether everybody is resolved; else only whom new evidence can touch.
        erasing: whether people were erased; then no row of `moved` names anybody who is gone.
        rules: by which traces become people, see `Rules.to_json`.
        blocked: nodes that name nobody.
        by_hand: what people decided, see `Decisions.to_json`.
        decided: nodes about which they decided something since the last build.
    """
    version, layer = int(context.params["version"]), int(context.params["build"])
    rules, by_hand = Rules.from_json(context.params["rules"]), Decisions.from_json(context.params["by_hand"])
    scope = Scope(bool(context.params["anew"]), context.params["blocked"], by_hand, context.params["decided"])
    with context.connect("nodes", "links", "persons") as connection:
        belief = believe(connection, scope, rules, version)
    persons = [context.write("persons", belief.persons, layer=layer)]
    if len(belief.gone):
        persons.append(context.write_gone("persons", pa.table({"node_id": belief.gone}), layer=layer))
    moved, known = belief.moved, belief.resolution.node
    if context.params["erasing"]:
        moved = moved.only(np.isin(moved.node, known) & np.isin(moved.old, known))
    files = {
        "persons": tuple(persons),
        "moved": (context.write("moved", _moved(moved, version)),) if len(moved.node) else (),
    }
    read_rows = {name: _rows(context, name) for name in ("nodes", "links", "persons")}
    summary = {"nodes": read_rows["nodes"], "moved": len(moved.node)}
    return Output(files, summary, rows_read=sum(read_rows.values()))


def believe(connection: Connection, scope: Scope, rules: Rules, version: int) -> Belief:
    """Resolve what is in scope, and say what is new against `persons`.

    Args:
        connection: sees nodes, links and persons.
        scope: what is resolved, and what people decided.
        rules: by which traces become people.
        version: number of the new identity version.
    """
    show_scope(connection, scope)
    before = read(connection, _BEFORE)
    old = Resolution(before["node_id"], before["since"], before["person_id"])
    now = resolved(connection, rules, scope.by_hand)
    if not scope.anew:
        now = without_kept(connection, now)
    decided_in = versions(old, before["version"], now, version)
    persons = _persons(now, decided_in)
    if scope.anew:
        return Belief(now, persons, np.empty(0, np.int64), moves(old, now))
    changed = np.sort(np.concatenate([now.node[decided_in == version], np.setdiff1d(old.node, now.node)]))
    changed = changed[starts(changed)]
    persons = _changed(connection, persons.drop_columns(["until"]), changed)
    return Belief(now, persons, np.setdiff1d(changed, persons.column("node_id").to_numpy()), moves(old, now))


def _rows(context: Context, table: str) -> int:
    return sum(file.rows for file in context.lake.files(context.snapshot, table))


def resolved(connection: Connection, rules: Rules, by_hand: Decisions = NO_DECISIONS) -> Resolution:
    """Who is who by all evidence in scope; the connection is prepared by `show_scope`."""
    evidence = read_evidence(connection, rules, by_hand)
    return decided(evidence, rules, lambda asked: read_in_order(connection, asked), by_hand)


def decided(
    evidence: Evidence, rules: Rules, in_order: Callable[[Ints], Statements], by_hand: Decisions = NO_DECISIONS
) -> Resolution:
    """People first, without order numbers, which never join anybody; then each order follows its payer.

    Args:
        evidence: what is known.
        rules: whose limits hold.
        in_order: gives all statements about some nodes, see `resolve`.
        by_hand: what people decided.
    """
    human = evidence.priority < len(NAMESPACES)
    nodes, priority = evidence.nodes[human], evidence.priority[human]
    found = vertices(nodes, evidence.signed_node, evidence.signed_at, evidence.signed_user)
    ranks = priority[np.searchsorted(nodes, found.node)]
    person = resolve(found, ranks, evidence.together, rules, in_order, by_hand)
    people = listed(found, person)
    orders = evidence.nodes[~human]
    if not len(orders):
        return people
    payer = orders.copy()
    if len(evidence.order_node):
        place = np.minimum(np.searchsorted(evidence.order_node, orders), len(evidence.order_node) - 1)
        at = found.at(evidence.payer[place], evidence.paid_at[place])
        paid = (evidence.order_node[place] == orders) & (at >= 0)
        payer = np.where(paid, person[at], orders)
    node = np.concatenate([people.node, orders])
    order = np.argsort(node, kind="stable")
    since = np.concatenate([people.since, np.full(len(orders), FROM_THE_BEGINNING)])
    return Resolution(node[order], since[order], np.concatenate([people.person, payer])[order])


def without_kept(connection: Connection, now: Resolution) -> Resolution:
    """The resolution but for the intervals of people out of scope, which ``kept`` then has as they were."""
    connection.register("resolved", pa.table(vars(now)).rename_columns(["node_id", "since", "person_id"]))
    connection.execute(_KEPT)
    return Resolution(*read(connection, _NOW).values())


def _changed(connection: Connection, decided: pa.Table, changed: Ints) -> pa.Table:
    """All intervals of the nodes that changed, also those of people out of scope."""
    connection.register("decided", decided)
    connection.register("changed", pa.table({"node_id": changed}))
    rows = fetch(connection, _AFTER)
    until = _until(rows.column("node_id").to_numpy(), rows.column("since").combine_chunks())
    return rows.append_column("until", until)


def _instants(micros: Ints) -> pa.Array:
    return pa.array(micros, mask=micros == FROM_THE_BEGINNING).cast(pa.timestamp("us", tz=str(UTC)))


def _persons(rows: Resolution, version: Ints) -> pa.Table:
    since = _instants(rows.since)
    return pa.table(
        {
            "node_id": rows.node,
            "since": since,
            "until": _until(rows.node, since),
            "person_id": rows.person,
            "version": version,
        }
    )


def _until(node: Ints, since: pa.Array) -> pa.Array:
    """When the next interval of the same node begins; rows are sorted by (node, since)."""
    same = np.append(node[1:] == node[:-1], [False])[: len(node)]
    return since.take(pa.array(np.arange(1, len(node) + 1), mask=~same))


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
