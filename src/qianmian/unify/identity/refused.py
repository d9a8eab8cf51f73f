"""Evidence that rules did not follow: pairs that were seen together, and are not one person's for it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qianmian.core.people import NAMESPACES
from qianmian.lake.connection import Connection
from qianmian.unify.identity.by_hand import Decisions, kept_apart
from qianmian.unify.identity.evidence import read, read_evidence, read_in_order
from qianmian.unify.identity.intervals import Ints, Vertices, vertices
from qianmian.unify.identity.limits import LIMIT
from qianmian.unify.identity.resolve import joined
from qianmian.unify.identity.rules import Rules

_SHARED = """
SELECT a, b, count(*) AS statements, max(at_us) AS at_us FROM joins
WHERE NOT signed AND (a IN (FROM shared) OR b IN (FROM shared)) GROUP BY a, b ORDER BY a, b
"""


@dataclass(frozen=True)
class Refused:
    """Pairs of identifiers in their newest times.

    Attributes:
        a: the stronger node.
        b: the weaker one.
        statements: how often they were seen together, less what an import did not keep.
        rank: of the namespace of which a person may have no more; −1 = one of both is shared.
    """

    a: Ints
    b: Ints
    statements: Ints
    rank: Ints


def refused(connection: Connection, rules: Rules, by_hand: Decisions) -> Refused:
    """What limits refused, and what was seen with shared identifiers; all is in scope, see `show_scope`."""
    evidence = read_evidence(connection, rules, by_hand)
    human = evidence.priority < len(NAMESPACES)
    nodes, priority = evidence.nodes[human], evidence.priority[human]
    found = vertices(nodes, evidence.signed_node, evidence.signed_at, evidence.signed_user)
    ranks = priority[np.searchsorted(nodes, found.node)]
    split = kept_apart(found, by_hand.splits)
    _, judgements = joined(
        found, ranks, evidence.together, rules, lambda asked: read_in_order(connection, asked), split
    )
    limited = [edges.only(edges.refused >= LIMIT) for edges in judgements]
    none = np.empty(0, np.int64)
    left, right, rank = (
        np.concatenate([none, *(getattr(edges, part) for edges in limited)]) for part in ("left", "right", "refused")
    )
    told = read(connection, _SHARED)
    ends = [found.at(told[end], told["at_us"]) for end in ("a", "b")]
    known = (ends[0] >= 0) & (ends[1] >= 0)
    return _newest(
        found,
        np.r_[left, ends[0][known]],
        np.r_[right, ends[1][known]],
        np.r_[np.ones(len(left), np.int64), told["statements"][known]],
        np.r_[rank.astype(np.int64) - LIMIT, np.full(int(known.sum()), -1)],
    )


def _newest(found: Vertices, left: Ints, right: Ints, statements: Ints, rank: Ints) -> Refused:
    """Each pair once; without those that speak of a time in which an identifier is no more."""
    last: NDArray[np.bool_] = np.append(found.node[1:] != found.node[:-1], True)[: len(found.node)]
    keep = last[left] & last[right]
    pairs = np.stack([found.node[left][keep], found.node[right][keep]])
    unique, first, place = np.unique(pairs, axis=1, return_index=True, return_inverse=True)
    count = np.bincount(place.reshape(-1), statements[keep], minlength=unique.shape[1]).astype(np.int64)
    return Refused(unique[0], unique[1], count, rank[keep][first])
