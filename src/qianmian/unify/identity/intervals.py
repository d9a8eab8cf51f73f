"""When an identifier was whose: sign-ins and sign-outs become intervals, and each interval is a vertex."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

#: The instant before all instants, in microseconds: an interval that has no start.
FROM_THE_BEGINNING = np.iinfo(np.int64).min


@dataclass(frozen=True)
class Vertices:
    """Intervals of nodes, sorted by (node, since).

    Attributes:
        node: node_id of the interval.
        since: first microsecond of the interval; `FROM_THE_BEGINNING` if it has no start.
        owner: node_id of the user signed in during the interval; 0 = nobody.
    """

    node: Ints
    since: Ints
    owner: Ints

    def at(self, node: Ints, at: Ints) -> Ints:
        """Index of the interval that holds each (node, instant); −1 where the node is unknown."""
        found: Ints = _locate(self.node, self.since, *self._shelves, node, at)
        return found

    @cached_property
    def _shelves(self) -> tuple[int, Ints]:
        """How far a node is shifted to its top bits, and where the vertices with the same ones begin.

        Nodes are hashes, spread evenly: a few lie together, which is all that is searched.
        """
        bits = max(len(self.node).bit_length() - 2, 0)
        return 63 - bits, _begins(self.node, 63 - bits, 1 << bits)


@numba.njit(cache=True)
def _begins(node: Any, shift: Any, shelves: Any) -> Any:
    begins, shelf = np.empty(shelves + 1, np.int64), 0
    for vertex in range(len(node)):
        while shelf <= node[vertex] >> shift:
            begins[shelf] = vertex
            shelf += 1
    begins[shelf:] = len(node)
    return begins


@numba.njit(cache=True)
def _locate(nodes: Any, sinces: Any, shift: Any, begins: Any, node: Any, at: Any) -> Any:
    """For each (node, instant), the last vertex of the node with since ≤ instant."""
    found = np.empty(len(node), np.int64)
    for row in range(len(node)):
        shelf = node[row] >> shift
        begin, high = begins[shelf], begins[shelf + 1]
        low = begin
        while low < high:  # one search over the pair, not one over each part
            middle = (low + high) >> 1
            if nodes[middle] < node[row] or (nodes[middle] == node[row] and sinces[middle] <= at[row]):
                low = middle + 1
            else:
                high = middle
        found[row] = low - 1 if low > begin and nodes[low - 1] == node[row] else -1
    return found


@numba.njit(cache=True)
def _intervals(nodes: Any, node: Any, at: Any, user: Any) -> Any:
    """Walk sign-ins (user > 0), sign-outs (user = 0) and changes of hands (user < 0), sorted by (node, instant)."""
    room = len(nodes) + len(node)
    out_node, out_since, out_owner = np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, np.int64)
    last, row = -1, 0
    for one in nodes:
        last += 1
        out_node[last], out_since[last], out_owner[last] = one, FROM_THE_BEGINNING, 0
        while row < len(node) and node[row] < one:  # of an order number, which is nobody's in time
            row += 1
        while row < len(node) and node[row] == one:
            started, owner = out_since[last], out_owner[last]
            if user[row] > 0 and owner == 0 and started == FROM_THE_BEGINNING:
                out_owner[last] = user[row]  # what precedes the first sign-in is that person's
            elif user[row] != owner or (owner == 0 and started == FROM_THE_BEGINNING):
                if started != at[row]:
                    last += 1
                out_node[last], out_since[last], out_owner[last] = one, at[row], max(user[row], 0)
            row += 1
    return out_node[: last + 1], out_since[: last + 1], out_owner[: last + 1]


def vertices(nodes: Ints, signed_node: Ints, signed_at: Ints, signed_user: Ints) -> Vertices:
    """All vertices: one for each quiet node, one for each interval of a node that people signed in on.

    Args:
        nodes: every node_id, sorted and unique.
        signed_node: node of each sign-in or sign-out; sorted by (node, instant). What is none of these is left out.
        signed_at: its instant in microseconds.
        signed_user: node_id of the user who signed in; 0 in a sign-out; −1 where somebody else comes to hold it.

    Returns:
        The vertices, sorted by (node, since).
    """
    return Vertices(*_intervals(nodes, signed_node, signed_at, signed_user))


def apart(found: Vertices, left: Ints, right: Ints) -> NDArray[np.bool_]:
    """Whether two vertices are each signed in to a different user; by index."""
    owner, other = found.owner[left], found.owner[right]
    different: NDArray[np.bool_] = (owner != 0) & (other != 0) & (owner != other)
    return different


def contains(values: Ints, wanted: Ints) -> NDArray[np.bool_]:
    """Whether each wanted number is among sorted values."""
    if not len(values):
        return np.zeros(len(wanted), bool)
    found: NDArray[np.bool_] = values[np.minimum(np.searchsorted(values, wanted), len(values) - 1)] == wanted
    return found


def starts(values: Ints) -> Ints:
    """Where each run of equal numbers begins; of sorted ones, where each is first."""
    return np.flatnonzero(np.append(np.ones(min(len(values), 1), bool), values[1:] != values[:-1]))
