"""What a new belief about who is who changes: the (node, interval) pairs whose person moved."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qianmian.unify.identity.intervals import Ints, Vertices, contains, starts
from qianmian.unify.identity.resolve import Resolution


@dataclass(frozen=True)
class Moves:
    """Intervals of already known nodes whose person differs between two versions.

    Attributes:
        node: node_id.
        since: first microsecond of the interval.
        old: person_id before.
        new: person_id now; 0 = the node is gone.
    """

    node: Ints
    since: Ints
    old: Ints
    new: Ints

    def only(self, keep: NDArray[np.bool_]) -> Moves:
        """The rows that a mask keeps."""
        return Moves(self.node[keep], self.since[keep], self.old[keep], self.new[keep])


def _fingerprints(rows: Resolution) -> tuple[Ints, Ints]:
    """Each node once, with a sum over its rows that changes when any of them does."""
    start = starts(rows.node)
    node = rows.node[start]
    with np.errstate(over="ignore"):
        row = (rows.since * np.int64(0x5851F42D4C957F2D) + 1) * (rows.person * np.int64(0x14057B7EF767814F) + 1)
        return node, np.add.reduceat(row, start) if len(start) else row


def changed_nodes(old: Resolution, new: Resolution) -> Ints:
    """Nodes of the old version whose rows are not exactly the same in the new one."""
    old_node, old_print = _fingerprints(old)
    new_node, new_print = _fingerprints(new)
    if not len(new_node):
        return old_node
    at = np.minimum(np.searchsorted(new_node, old_node), len(new_node) - 1)
    same = (new_node[at] == old_node) & (new_print[at] == old_print)
    changed: Ints = old_node[~same]
    return changed


def _only(rows: Resolution, nodes: Ints) -> Resolution:
    keep = contains(nodes, rows.node)
    return Resolution(rows.node[keep], rows.since[keep], rows.person[keep])


def moves(old: Resolution, new: Resolution) -> Moves:
    """Compare two versions at every instant where either of them changes its mind."""
    if not len(old):
        return Moves(*(np.empty(0, np.int64),) * 4)
    nodes = changed_nodes(old, new)
    before, after = _only(old, nodes), _only(new, nodes)
    pairs = np.unique(np.stack([np.r_[before.node, after.node], np.r_[before.since, after.since]]), axis=1)
    node, since = pairs[0], pairs[1]
    was, becomes = _person_at(before, node, since), _person_at(after, node, since)
    moved = was != becomes
    return Moves(node[moved], since[moved], was[moved], becomes[moved])


def everywhere(old: Resolution, new: Resolution) -> Moves:
    """Compare two resolutions at every instant where either changes its mind; 0 = nobody's."""
    node, since = distinct_pairs(np.r_[old.node, new.node], np.r_[old.since, new.since])
    return Moves(node, since, _person_at(old, node, since), _person_at(new, node, since))


def distinct_pairs(one: Ints, other: Ints) -> tuple[Ints, Ints]:
    """Each pair once, in order."""
    order = np.lexsort((other, one))
    one, other = one[order], other[order]
    is_new = np.append(np.ones(min(len(one), 1), bool), (one[1:] != one[:-1]) | (other[1:] != other[:-1]))
    return one[is_new], other[is_new]


def _person_at(rows: Resolution, node: Ints, at: Ints) -> Ints:
    if not len(rows):
        return np.zeros(len(node), np.int64)
    found = Vertices(rows.node, rows.since, rows.person).at(node, at)
    return np.where(found >= 0, rows.person[found], 0)


def versions(old: Resolution, old_version: Ints, new: Resolution, version: int) -> Ints:
    """The version at which each row of the new resolution was last decided."""
    decided = np.full(len(new), version, np.int64)
    changed = changed_nodes(old, new)
    kept = contains(old.node, new.node) & ~contains(changed, new.node)
    same = contains(new.node, old.node) & ~contains(changed, old.node)
    decided[kept] = old_version[same]  # an unchanged node has the same rows, in the same order
    return decided
