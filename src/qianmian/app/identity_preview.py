"""What a decision about who is who would change, on what the last build read; nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa

from qianmian.app.identity_decisions import Decision, DecisionKind, IdentityDecisions, Wish, nodes_since, standing
from qianmian.app.identity_ends import Named, find_end
from qianmian.app.identity_rules import IdentityRules, blocked_nodes
from qianmian.app.identity_simulation import Affected, Example, Pairs, affected, examples
from qianmian.app.plan import published_decisions, published_rules
from qianmian.app.shop import ANALYSE, Shop
from qianmian.app.workspace import Workspace
from qianmian.core.errors import InputError
from qianmian.core.people import NAMESPACES
from qianmian.lake.connection import Connection
from qianmian.privacy.database import microseconds
from qianmian.unify.identity.by_hand import Decisions, End
from qianmian.unify.identity.changes import Moves, everywhere
from qianmian.unify.identity.evidence import LONG_AGO, Scope, read, show_scope
from qianmian.unify.identity.intervals import FROM_THE_BEGINNING, contains
from qianmian.unify.identity.publish import resolved
from qianmian.unify.identity.resolve import Resolution

_TABLES = ("nodes", "links", "persons", "events", "orders")
#: Rows of which somebody else would be the person; a row belongs to the interval of its node that holds its instant.
_MOVED = """
WITH mine AS (SELECT {columns} FROM {table} SEMI JOIN changes USING (node_id) WHERE batch <= $until)
SELECT {told} FROM mine ASOF JOIN changes
ON mine.node_id = changes.node_id AND mine.occurred_at >= changes.since WHERE before <> after
"""
_EVENTS = _MOVED.format(table="events", columns="node_id, occurred_at", told="count(*)")
_ORDERS = _MOVED.format(
    table="orders", columns="node_id, occurred_at, net", told="count(*), coalesce(sum(net), 0)::DECIMAL(18,4)"
)
_HUMAN = """
SELECT DISTINCT node_id FROM nodes WHERE list_contains($namespaces, namespace) AND node_id IN (SELECT unnest($nodes))
ORDER BY node_id
"""
_ACCOUNTS = """
SELECT DISTINCT node_id FROM persons SEMI JOIN (SELECT node_id FROM nodes WHERE namespace = $account) USING (node_id)
WHERE person_id = $person
"""


@dataclass(frozen=True)
class Preview:
    """What a decision would change; it takes effect with the next build.

    Attributes:
        people_before: people whom it concerns, as they are.
        people_after: as they would be.
        events: events that would be somebody else's.
        orders: orders that would be.
        net: their amount less refunds.
        people: who would change, the largest first.
        audiences: saved audiences with members who would change, most of them first.
    """

    people_before: int
    people_after: int
    events: int
    orders: int
    net: Decimal
    people: tuple[Example, ...]
    audiences: tuple[Affected, ...]


def merge_wish(shop: Shop, one: str, other: str, *, accounts_too: bool = False, purpose: str = ANALYSE) -> Wish:
    """The wish that two names are one person's.

    Args:
        shop: the shop.
        one: ``namespace:value``, a bare user_id, ``person:<id>`` or ``id:<id>`` of an answer.
        other: the same.
        accounts_too: whether it also joins two people who have accounts.
        purpose: what they are looked up for.

    Raises:
        UnknownNameError: nobody is known by a name, or nothing was built yet.
        InputError: both are one person already, or have accounts, each another one.
    """
    with shop.asking(purpose, *_TABLES) as (found, _):
        ends = [find_end(shop.workspace, found.connection, name) for name in (one, other)]
        return merge_of_ends(found.connection, *ends, accounts_too=accounts_too)


def merge_of_ends(connection: Connection, one: Named, other: Named, *, accounts_too: bool) -> Wish:
    """The wish that two identifiers are one person's; see `merge_wish`."""
    if one.person == other.person:
        raise InputError("decision_one_already")
    mine, theirs = (_accounts(connection, end.person) for end in (one, other))
    if not accounts_too and not (mine <= theirs or theirs <= mine):
        raise InputError("decision_two_accounts")
    return Wish(DecisionKind.MERGE, (one.end,), (other.end,), accounts_too)


def split_wish(
    shop: Shop, person: str, apart: Sequence[str], *, since: datetime | None = None, purpose: str = ANALYSE
) -> Wish:
    """The wish that names are not a person's.

    Args:
        shop: the shop.
        person: what stays, named as in `merge_wish`; of a person it is the identifier that names them.
        apart: what goes.
        since: from when on; None = all along.
        purpose: what they are looked up for.

    Raises:
        UnknownNameError: nobody is known by a name, or nothing was built yet.
        InputError: a name is to be split from itself, or an account in time.
    """
    with shop.asking(purpose, *_TABLES) as (found, _):
        stays = find_end(shop.workspace, found.connection, person)
        goes = [find_end(shop.workspace, found.connection, name) for name in apart]
    if since is not None and any(one.namespace == NAMESPACES[0] for one in goes):
        raise InputError("decision_account_since")
    if not goes or (since is None and any(one.end.node == stays.end.node for one in goes)):
        raise InputError("decision_itself")
    at = FROM_THE_BEGINNING if since is None else microseconds(since)
    end = stays.end
    if any(one.end.node == end.node for one in goes):
        end = End(end.node, at - 1)
    others = sorted({End(one.end.node, at) for one in goes})
    return Wish(DecisionKind.SPLIT, (end,), tuple(others), cut_at=since)


def undo_wish(shop: Shop, decision: int) -> Wish:
    """The wish that a decision holds no longer.

    Raises:
        UnknownNameError: there is none of that number.
        InputError: it was undone before, or is an undo itself.
    """
    log = IdentityDecisions(shop.workspace.catalogue, shop.workspace.clock)
    return Wish(DecisionKind.UNDO, undoes=log.undoable(decision).decision)


def preview(shop: Shop, wish: Wish, *, purpose: str = ANALYSE) -> Preview:
    """What a wish would change beside all decisions that stand.

    Raises:
        PurposeError: the purpose is not registered.
        NotBuiltError: nothing was built yet.
    """
    workspace = shop.workspace
    before = IdentityDecisions(workspace.catalogue, workspace.clock).all()
    after = _after(before, wish, workspace.clock.now())
    nodes = nodes_since(after, published_decisions(workspace))
    with shop.asking(purpose, *_TABLES) as (found, computed):
        sides = standing(before), standing(after)
        old, new = _resolutions(workspace, found.connection, sides, nodes, computed.batch)
        return _told(workspace, found.connection, old, new, computed.batch)


def _after(before: Sequence[Decision], wish: Wish, at: datetime) -> list[Decision]:
    """The decisions with one more."""
    made = Decision(max((one.decision for one in before), default=0) + 1, wish, "", "", at)
    return [made, *(replace(one, undone_by=made.decision) if one.decision == wish.undoes else one for one in before)]


def _resolutions(
    workspace: Workspace, connection: Connection, sides: tuple[Decisions, Decisions], nodes: Iterable[int], batch: int
) -> tuple[Resolution, Resolution]:
    """Who is who around some nodes without and with a wish; around everybody if the rules changed since the build."""
    rules = IdentityRules(workspace.catalogue, workspace.clock).rules()
    both = Decisions((*sides[0].merges, *sides[1].merges))
    anew = published_rules(workspace) != rules.digest
    connection.execute("SET VARIABLE batch = $batch", {"batch": batch})
    show_scope(connection, Scope(anew, blocked_nodes(workspace, rules), both, nodes, until=batch))
    old, new = (resolved(connection, rules, one) for one in sides)
    return old, new


def _told(workspace: Workspace, connection: Connection, old: Resolution, new: Resolution, batch: int) -> Preview:
    nodes = np.unique(np.r_[old.node, new.node])
    human = read(connection, _HUMAN, {"namespaces": list(NAMESPACES), "nodes": nodes.tolist()})["node_id"]
    seen = everywhere(old.only(human), new.only(human))
    pairs = Pairs.of(seen.old, seen.new)
    concerned = seen.only(contains(np.unique(seen.node[seen.old != seen.new]), seen.node))
    connection.register("changes", _changes(concerned))
    events = int(connection.execute(_EVENTS, {"until": batch}).fetchall()[0][0])
    orders, net = connection.execute(_ORDERS, {"until": batch}).fetchall()[0]
    return Preview(
        people_before=len(pairs.changed),
        people_after=len(np.unique(seen.new[contains(pairs.changed, seen.old) & (seen.new != 0)])),
        events=events,
        orders=int(orders),
        net=net,
        people=examples(workspace, pairs, seen.node, seen.old),
        audiences=affected(workspace, pairs.changed),
    )


def _changes(seen: Moves) -> pa.Table:
    instants = pa.array(np.maximum(seen.since, -LONG_AGO)).cast(pa.timestamp("us", tz="UTC"))
    return pa.table({"node_id": seen.node, "since": instants, "before": seen.old, "after": seen.new})


def _accounts(connection: Connection, person: int) -> set[int]:
    rows = connection.execute(_ACCOUNTS, {"account": NAMESPACES[0], "person": person}).fetchall()
    return {int(node) for (node,) in rows}
