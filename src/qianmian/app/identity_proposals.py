"""Pairs for the review queue: what rules refused though it was seen often; and the wishes that a review leads to."""

from __future__ import annotations

from collections import Counter
from math import log2

import numpy as np

from qianmian.app.identity_decisions import DecisionKind, IdentityDecisions, Wish
from qianmian.app.identity_ends import Named, newest_end
from qianmian.app.identity_preview import merge_of_ends
from qianmian.app.identity_review import IdentityReview, Review
from qianmian.app.identity_rules import IdentityRules, blocked_nodes
from qianmian.app.shop import ANALYSE, Shop
from qianmian.core.errors import InputError
from qianmian.core.people import NAMESPACES
from qianmian.lake.connection import Connection
from qianmian.unify.contracts import Proposal, Reason
from qianmian.unify.identity.by_hand import End
from qianmian.unify.identity.evidence import Scope, read, show_scope
from qianmian.unify.identity.intervals import FROM_THE_BEGINNING
from qianmian.unify.identity.refused import Refused, refused

PRODUCER = "rules/1"
#: A pair with less speaking for it is not worth anybody's eyes.
LEAST_WEIGHT = 0.0
_TABLES = ("nodes", "links", "persons")
#: Whose each identifier is in its newest time, and how many accounts that person has.
_WHOSE = """
WITH newest AS (
    SELECT node_id, max_by(person_id, coalesce(since, '-infinity'::TIMESTAMPTZ)) AS person_id FROM persons
    WHERE node_id IN (SELECT unnest($nodes)) GROUP BY node_id),
accounts AS (
    SELECT person_id, count(*) AS accounts FROM persons SEMI JOIN newest USING (person_id)
    SEMI JOIN (SELECT node_id FROM nodes WHERE namespace = $account) USING (node_id) GROUP BY person_id)
SELECT node_id, person_id, coalesce(accounts, 0) AS accounts FROM newest LEFT JOIN accounts USING (person_id)
"""
#: Somebody under whose identifiers nothing was ever done has no profile.
_PROFILED = "SELECT person_id FROM partials WHERE person_id IN (SELECT unnest($people))"


def find_pairs(shop: Shop, *, purpose: str = ANALYSE) -> int:
    """Fill the queue with what identity rules refused, and take out what needs nobody's eyes any more.

    Returns:
        How many pairs wait that did not wait before.

    Raises:
        PurposeError: the purpose is not registered.
        NotBuiltError: nothing was built yet.
    """
    workspace = shop.workspace
    rules = IdentityRules(workspace.catalogue, workspace.clock).rules()
    by_hand = IdentityDecisions(workspace.catalogue, workspace.clock).standing()
    review = IdentityReview(workspace.catalogue, workspace.clock)
    with shop.asking(purpose, *_TABLES) as (found, computed):
        connection = found.connection
        show_scope(connection, Scope(True, blocked_nodes(workspace, rules), until=computed.batch))
        pairs = refused(connection, rules, by_hand)
        whose = _whose(connection, np.r_[pairs.a, pairs.b].tolist())
        added = review.propose(_proposals(pairs, whose))
        review.expire(_settled(connection, review.pairs()))
    return added


def _whose(connection: Connection, nodes: list[int]) -> dict[int, tuple[int, int]]:
    told = read(connection, _WHOSE, {"nodes": nodes, "account": NAMESPACES[0]})
    columns = (told[name].tolist() for name in ("node_id", "person_id", "accounts"))
    return {node: (person, accounts) for node, person, accounts in zip(*columns, strict=True)}


def _proposals(pairs: Refused, whose: dict[int, tuple[int, int]]) -> list[Proposal]:
    """Pairs of two people of whom at most one has accounts, as far as more speaks for them than against them."""
    rows = zip(*(getattr(pairs, name).tolist() for name in ("a", "b", "statements", "rank")), strict=True)
    told = [(a, b, count, rank) for a, b, count, rank in rows if a in whose and b in whose]
    others = Counter(node for a, b, _, _ in told for node in (a, b))
    made = []
    for a, b, count, rank in told:
        (one, mine), (other, theirs) = whose[a], whose[b]
        if one != other and not (mine and theirs):
            made.append(_proposal(a, b, count, max(others[a], others[b]), rank))
    return [one for one in made if one.weight >= LEAST_WEIGHT]


def _proposal(a: int, b: int, count: int, others: int, rank: int) -> Proposal:
    """How often both were seen together speaks for it, with how many others one of both was seen against it."""
    reasons = (
        Reason("refused_by", "shared" if rank < 0 else f"limit {NAMESPACES[rank]}", 0.0),
        Reason("seen_together", _about(count), log2(1 + count)),
        Reason("seen_with_others", _about(others), 0 - log2(others)),
    )
    weight = sum(one.weight for one in reasons)
    return Proposal(a, b, weight, 2**weight / (1 + 2**weight), reasons, PRODUCER)


def _about(count: int) -> str:
    """A number that changes only when it has doubled: a few more of the same are no new evidence.

    >>> _about(1), _about(7), _about(8)
    ('1', '4+', '8+')
    """
    return "1" if count == 1 else f"{1 << (count.bit_length() - 1)}+"


def whose_newest(shop: Shop, nodes: list[int], *, purpose: str) -> dict[int, tuple[int, bool]]:
    """Whose identifiers are in their newest time, by the last build, and whether that person has a profile."""
    with shop.asking(purpose, *_TABLES) as (found, _):
        whose = {node: person for node, (person, _) in _whose(found.connection, nodes).items()}
        rows = found.connection.execute(_PROFILED, {"people": sorted({*whose.values()})}).fetchall()
    profiled = {person for (person,) in rows}
    return {node: (person, person in profiled) for node, person in whose.items()}


def _settled(connection: Connection, waiting: list[Review]) -> list[int]:
    nodes = [node for one in waiting for node in (one.proposal.node_a, one.proposal.node_b)]
    whose = _whose(connection, nodes) if nodes else {}
    people = ((one, [whose.get(node) for node in (one.proposal.node_a, one.proposal.node_b)]) for one in waiting)
    return [one.number for one, (a, b) in people if a is None or b is None or a[0] == b[0]]


def accepted_wish(shop: Shop, pair: Proposal, *, accounts_too: bool = False, purpose: str = ANALYSE) -> Wish:
    """The merge by which a pair is accepted.

    Raises:
        InputError: both are one person already, have accounts, each another one, or one of both is gone.
    """
    with shop.asking(purpose, *_TABLES) as (found, _):
        return merge_of_ends(found.connection, *_ends(found.connection, pair), accounts_too=accounts_too)


def refused_wish(shop: Shop, pair: Proposal, *, purpose: str = ANALYSE) -> Wish:
    """The split by which a pair is refused: the other is not the first one's, at no time.

    Raises:
        InputError: one of both is gone.
    """
    with shop.asking(purpose, *_TABLES) as (found, _):
        one, other = _ends(found.connection, pair)
    return Wish(DecisionKind.SPLIT, (one.end,), (End(other.end.node, FROM_THE_BEGINNING),))


def _ends(connection: Connection, pair: Proposal) -> tuple[Named, Named]:
    one, other = (newest_end(connection, node) for node in (pair.node_a, pair.node_b))
    if one is None or other is None:
        raise InputError("proposal_gone")
    return one, other
