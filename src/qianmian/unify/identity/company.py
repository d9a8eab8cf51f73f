"""Who is seen with an identifier: too many make it shared, and others after a long silence make it somebody else's."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from qianmian.unify.identity.intervals import Ints


def shared(node: Ints, kind: NDArray[np.int8], other: Ints, at: Ints, *, most: int, span: int) -> Ints:
    """Nodes that are seen with more than so many different others of one kind within a span, ascending.

    Of statements that follow each other about the same other the first counts: an import keeps no more of them.

    Args:
        node: whom each statement is about; statements are sorted by (node, kind, instant).
        kind: namespace of the other, as a number.
        other: node that it was seen with.
        at: instant, microseconds.
        most: how many are not too many.
        span: within which they are counted, microseconds.
    """
    found: Ints = np.unique(node[_crowded(node, kind, other, at, most, span)])
    return found


@numba.njit(cache=True)
def _crowded(node: Any, kind: Any, other: Any, at: Any, most: Any, span: Any) -> Any:
    """Whether more than so many others follow within the span of each statement."""
    found = np.zeros(len(node), np.bool_)
    seen = np.empty(most + 1, np.int64)
    for row in range(len(node)):
        if row and node[row - 1] == node[row] and kind[row - 1] == kind[row] and other[row - 1] == other[row]:
            continue
        count, later = 0, row
        while later < len(node) and node[later] == node[row] and kind[later] == kind[row]:
            if at[later] - at[row] >= span or count > most:
                break
            is_new = True
            for place in range(count):
                is_new &= seen[place] != other[later]
            if is_new:
                seen[count] = other[later]
                count += 1
            later += 1
        found[row] = count > most
    return found


def changed_hands(node: Ints, at: Ints, other: Ints, span: int) -> NDArray[np.bool_]:
    """Which statements are the first of a new holder: of a node that was silent for longer than a span, in new company.

    Args:
        node: whom each statement is about; statements are sorted by (node, instant).
        at: instant, microseconds.
        other: node that it was seen with; 0 = none.
        span: how long evidence holds, microseconds.
    """
    found: NDArray[np.bool_] = _turns(node, at, other, span)
    return found


@numba.njit(cache=True)
def _turns(node: Any, at: Any, other: Any, span: Any) -> Any:
    found = np.zeros(len(node), np.bool_)
    held = 0  # the first statement of the present holder
    row = 0
    while row < len(node):
        end = row  # what is said of one instant is said at once
        while end < len(node) and node[end] == node[row] and at[end] == at[row]:
            end += 1
        if row == 0 or node[row - 1] != node[row]:
            held = row
        elif at[row] - at[row - 1] > span and _is_new(other, held, row, end):
            found[row], held = True, row
        row = end
    return found


@numba.njit(cache=True)
def _is_new(other: Any, held: Any, row: Any, end: Any) -> Any:
    """Whether statements name somebody, and nobody of those named before."""
    names_any = False
    for now in range(row, end):
        if other[now] == 0:
            continue
        names_any = True
        for before in range(held, row):
            if other[before] == other[now]:
                return False
    return names_any
