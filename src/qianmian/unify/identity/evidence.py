"""What is read for a new version of who is who: all evidence, or that which new evidence can have an effect on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from qianmian.core.people import NAMESPACES
from qianmian.lake.connection import Connection, fetch
from qianmian.unify.identity.by_hand import NO_DECISIONS, Decisions
from qianmian.unify.identity.company import changed_hands, shared
from qianmian.unify.identity.intervals import Ints, Vertices, contains
from qianmian.unify.identity.limits import Statements
from qianmian.unify.identity.resolve import Together
from qianmian.unify.identity.rules import DAY, Rules

_EVERY_BATCH = 2**63 - 1
#: Microseconds before 1970 at which nothing is stated.
LONG_AGO = 10**17
#: What values that name nobody say is not heard.
_HEARD = """
CREATE TEMP VIEW heard AS
    FROM links ANTI JOIN blocked AS one ON links.a = one.node_id ANTI JOIN blocked AS other ON links.b = other.node_id
    WHERE batch <= getvariable('until');
CREATE TEMP VIEW named_nodes AS FROM nodes ANTI JOIN blocked USING (node_id) WHERE batch <= getvariable('until');
"""
#: What an increment looks at: whoever is named by new evidence or a new decision, all that they were ever seen with,
#: every node of all those people, and whomever evidence would join to them. Nothing else can change: who is a person is
#: decided within a component of the graph of evidence. A node in scope may have intervals of people out of it, whose
#: evidence is not all here: those stay as they were.
_NEAR = """
CREATE TEMP TABLE named AS
    SELECT a AS node_id FROM heard WHERE batch > getvariable('batch')
    UNION SELECT b FROM heard WHERE batch > getvariable('batch') AND b <> 0
    UNION SELECT node_id FROM named_nodes WHERE batch > getvariable('batch')
    UNION SELECT node_id FROM decided;
CREATE TEMP TABLE near AS
    FROM (FROM named UNION SELECT a FROM heard SEMI JOIN named ON b = node_id
          UNION SELECT b FROM heard SEMI JOIN named ON a = node_id
          UNION SELECT a FROM merged SEMI JOIN named ON b = node_id  -- somebody may be merged before they are known
          UNION SELECT b FROM merged SEMI JOIN named ON a = node_id)
    WHERE node_id <> 0;  -- the other end of a sign-out is no node
CREATE TEMP TABLE touched AS SELECT DISTINCT person_id FROM persons SEMI JOIN near USING (node_id);
CREATE TEMP TABLE latest AS FROM touched;
"""
#: Whom evidence or a decision that was refused would join to those who were found last: what is refused may depend on
#: them.
_REFUSED = """
CREATE OR REPLACE TEMP TABLE latest AS
WITH held AS (SELECT DISTINCT node_id FROM persons SEMI JOIN latest USING (person_id)),
told AS (
    SELECT DISTINCT a, "at" AS a_at, b, "at" AS b_at FROM heard WHERE kind <> 'sign_out' AND rule <> 'order_number'
    AND (a IN (FROM held) OR b IN (FROM held))
    UNION FROM merged WHERE a IN (FROM held) OR b IN (FROM held)),
ends AS (SELECT a AS node_id FROM told UNION SELECT b FROM told),
owned AS (
    SELECT node_id, coalesce(since, '-infinity'::TIMESTAMPTZ) AS since, person_id
    FROM persons SEMI JOIN ends USING (node_id)),
whose AS (
    SELECT one.person_id AS one, other.person_id AS other
    FROM told ASOF JOIN owned AS one ON a = one.node_id AND a_at >= one.since
    ASOF JOIN owned AS other ON b = other.node_id AND b_at >= other.since
    WHERE one.person_id <> other.person_id)
SELECT other AS person_id FROM whose WHERE one IN (FROM touched) AND other NOT IN (FROM touched)
UNION SELECT one FROM whose WHERE other IN (FROM touched) AND one NOT IN (FROM touched)
"""
_SCOPE = """
CREATE TEMP TABLE believed AS SELECT * FROM persons SEMI JOIN touched USING (person_id);
CREATE TEMP TABLE scope AS FROM near UNION SELECT node_id FROM believed;
CREATE TEMP TABLE known AS SELECT named_nodes.* FROM named_nodes SEMI JOIN scope USING (node_id);
CREATE TEMP TABLE evidence AS
    SELECT * FROM heard WHERE a IN (SELECT node_id FROM scope) OR b IN (SELECT node_id FROM scope);
"""
_EVERYTHING = """
CREATE TEMP VIEW known AS FROM named_nodes;
CREATE TEMP VIEW evidence AS FROM heard;
CREATE TEMP VIEW believed AS FROM persons;
"""
_NODES = f"""
SELECT node_id, coalesce(list_position(?, namespace) - 1, {len(NAMESPACES)})::TINYINT AS priority
FROM known WHERE node_id <> 0 ORDER BY node_id
"""
#: A sign-out that names the user alone says nothing about any device; a user_id is the user's for all time.
_SIGNED = f"""
CREATE OR REPLACE TEMP VIEW signed AS
SELECT CASE kind WHEN 'sign_in' THEN b ELSE a END AS node, epoch_us("at") AS at_us,
       CASE kind WHEN 'sign_in' THEN a ELSE 0 END AS user, source, event_id
FROM evidence
WHERE kind = 'sign_in'
   OR kind = 'sign_out' AND a NOT IN (SELECT node_id FROM known WHERE namespace = '{NAMESPACES[0]}')
"""
_IN_TIME = "SELECT node, at_us, user FROM signed ORDER BY node, at_us"
#: The few that are told of one node and instant are put in order by the words that name their events.
_IN_ORDER = """
SELECT node, at_us, user FROM signed SEMI JOIN tied USING (node) ORDER BY node, at_us, source, event_id, user
"""
#: All that joins: what nodes were seen with, and who signed in on them.
_JOINS = """
CREATE OR REPLACE TEMP VIEW joins AS
SELECT a, b, epoch_us("at") AS at_us, kind = 'sign_in' AS signed, source, event_id
FROM evidence WHERE kind <> 'sign_out' AND rule <> 'order_number'
"""
_TOGETHER = """
SELECT a, b, at_us FROM joins ANTI JOIN shared AS one ON a = one.node_id ANTI JOIN shared AS other ON b = other.node_id
WHERE NOT signed
"""
_JOINS_IN_ORDER = """
SELECT a, b, at_us, signed,
       NOT signed AND (a IN (FROM shared) OR b IN (FROM shared)) AS shared
FROM joins WHERE a IN (FROM asked) OR b IN (FROM asked) ORDER BY at_us, source, event_id, a, b
"""
_MANY = """
WITH several AS (SELECT b FROM joins GROUP BY b HAVING count(*) > $most),
many AS (SELECT b FROM joins SEMI JOIN several USING (b) GROUP BY b HAVING count(DISTINCT a) > $most)
SELECT b AS node, list_position($by, namespace)::TINYINT AS kind, a AS other, at_us
FROM joins SEMI JOIN many USING (b) JOIN nodes ON a = node_id
WHERE list_contains($by, namespace) ORDER BY node, kind, at_us, other
"""
#: Statements about the nodes of a namespace that were known for longer than evidence holds.
_LONG_KNOWN = """
WITH told AS (SELECT a AS node_id, b AS other, "at" FROM evidence WHERE rule <> 'order_number'
              UNION ALL SELECT b, a, "at" FROM evidence WHERE rule <> 'order_number' AND b <> 0),
about AS (SELECT * FROM told SEMI JOIN (SELECT node_id FROM known WHERE namespace = $namespace) USING (node_id)),
long AS (
    SELECT node_id FROM about GROUP BY node_id HAVING epoch_us(max("at")) - epoch_us(min("at")) > $span)
SELECT node_id AS node, epoch_us("at") AS at_us, other FROM about SEMI JOIN long USING (node_id)
ORDER BY node, at_us
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
        signed_user: node of the user who signed in; 0 in a sign-out; −1 where somebody else comes to hold it.
        together: pairs seen on one event, without shared identifiers.
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


@dataclass(frozen=True)
class Scope:
    """What is resolved.

    Attributes:
        anew: whether everything is.
        blocked: nodes that name nobody: they belong to no one, and what was said of them is not heard.
        by_hand: what people decided.
        decided: nodes about which they decided something since persons were resolved.
        until: highest batch that is heard.
    """

    anew: bool
    blocked: Iterable[int] = ()
    by_hand: Decisions = NO_DECISIONS
    decided: Iterable[int] = ()
    until: int = _EVERY_BATCH


def show_scope(connection: Connection, scope: Scope) -> None:
    """Prepare a connection that sees nodes, links and persons: ``known``, ``evidence`` and ``believed``.

    Unless everything is resolved anew, ``touched(person_id)`` lists the people who may change.
    """
    connection.execute("SET VARIABLE until = $until", {"until": scope.until})
    for name, nodes in (("blocked", scope.blocked), ("decided", scope.decided)):
        connection.register(name, pa.table({"node_id": pa.array(nodes, pa.int64())}))
    connection.execute(_HEARD)
    if scope.anew:
        connection.execute(_EVERYTHING)
        return
    connection.register("merged", _merged(scope.by_hand))
    connection.execute(_NEAR)
    while connection.execute("SELECT count(*) FROM latest").fetchall()[0][0]:
        connection.execute(_REFUSED)
        connection.execute("INSERT INTO touched FROM latest")
    connection.execute(_SCOPE)


def _merged(by_hand: Decisions) -> pa.Table:
    """Pairs of identifiers that people merged, each in the time that holds an instant."""
    ends = np.array([(*one.one, *one.other) for one in by_hand.merges], np.int64).reshape(-1, 4).T
    a, a_at, b, b_at = ends
    # `FROM_THE_BEGINNING` is no instant that DuckDB has
    instants = (pa.array(np.maximum(at, -LONG_AGO)).cast(pa.timestamp("us", tz="UTC")) for at in (a_at, b_at))
    return pa.table([a, next(instants), b, next(instants)], names=["a", "a_at", "b", "b_at"])


def read_evidence(connection: Connection, rules: Rules, by_hand: Decisions = NO_DECISIONS) -> Evidence:
    """The evidence in scope; the connection is prepared by `show_scope`."""
    known = read(connection, _NODES, list(NAMESPACES))
    connection.execute(_SIGNED)
    connection.execute(_JOINS)
    signed = read(connection, _IN_TIME)
    if len(tied := _tied(signed["node"], signed["at_us"])):
        connection.register("tied", pa.table({"node": tied}))
        places = contains(tied, signed["node"])
        signed |= {name: _replaced(signed[name], places, part) for name, part in read(connection, _IN_ORDER).items()}
    connection.register("shared", pa.table({"node_id": _shared(connection, rules)}))
    seen, paid = read(connection, _TOGETHER), read(connection, _ORDERED)
    return Evidence(
        known["node_id"],
        known["priority"],
        *_with_turns(
            _turns(connection, rules, by_hand, known["node_id"]), signed["node"], signed["at_us"], signed["user"]
        ),
        Together(seen["a"], seen["b"], seen["at_us"]),
        paid["order_node"],
        paid["node"],
        paid["at_us"],
    )


def read_in_order(connection: Connection, nodes: Ints) -> Statements:
    """All that joins some nodes to others, in the order of time; the connection has been read by `read_evidence`."""
    connection.register("asked", pa.table({"node_id": nodes}))
    told = read(connection, _JOINS_IN_ORDER)
    return Statements(told["a"], told["b"], told["at_us"], told["signed"], told["shared"])


def _shared(connection: Connection, rules: Rules) -> Ints:
    """Nodes that join nobody who is merely seen with them."""
    if rules.shared is None:
        return np.empty(0, np.int64)
    told = read(connection, _MANY, {"most": rules.shared.most, "by": list(rules.shared.by)})
    most, span = rules.shared.most, rules.shared.within_days * DAY
    return shared(told["node"], told["kind"], told["other"], told["at_us"], most=most, span=span)


def _turns(connection: Connection, rules: Rules, by_hand: Decisions, known: Ints) -> tuple[Ints, Ints]:
    """Nodes and instants from which they are somebody else's: for their evidence ran out, or somebody said so."""
    node, at = by_hand.cuts()
    here = contains(known, node)
    nodes, instants = [node[here]], [at[here]]
    for namespace, days in rules.holds_days:
        told = read(connection, _LONG_KNOWN, {"namespace": namespace, "span": days * DAY})
        turns = changed_hands(told["node"], told["at_us"], told["other"], days * DAY)
        nodes.append(told["node"][turns])
        instants.append(told["at_us"][turns])
    turned, since = np.concatenate(nodes), np.concatenate(instants)
    order = np.lexsort((since, turned))
    return turned[order], since[order]


def _with_turns(turns: tuple[Ints, Ints], node: Ints, at: Ints, user: Ints) -> tuple[Ints, Ints, Ints]:
    """Sign-ins and sign-outs with the instants from which a node is somebody else's."""
    turned, since = turns
    if not len(turned):
        return node, at, user
    # before what is said at that instant: who signs in then has it
    before = np.maximum(Vertices(node, at, user).at(turned, since - 1) + 1, np.searchsorted(node, turned))
    return np.insert(node, before, turned), np.insert(at, before, since), np.insert(user, before, -1)


def read(connection: Connection, sql: str, *values: Any) -> dict[str, NDArray[Any]]:
    """The columns of a SELECT as arrays, in its order; values are bound by their place, or by name as one mapping."""
    named = values[0] if len(values) == 1 and isinstance(values[0], dict) else list(values)
    table = fetch(connection, sql, named)
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
