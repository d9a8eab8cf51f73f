"""A set of people as bits: made from numbers or flags, counted, and listed again."""

from __future__ import annotations

from typing import Any, TypeAlias

import numba
import numpy as np
from numpy.typing import NDArray

#: Words of a block; 4,096 people whose slices of a column fit into the first cache.
WORDS = 64
PEOPLE_A_BLOCK = 64 * WORDS

People: TypeAlias = NDArray[np.uint64]
"""Shape (blocks, `WORDS`): bit ``number % 64`` of word ``number // 64`` says whether somebody is in it."""


def nobody(people: int) -> People:
    """The empty set of a build of so many people."""
    return np.zeros((-(-people // PEOPLE_A_BLOCK), WORDS), np.uint64)


def everybody(people: int) -> People:
    """The set of all of them."""
    found = nobody(people)
    words = found.reshape(-1)
    words[: people // 64] = np.iinfo(np.uint64).max
    if people % 64:
        words[people // 64] = (1 << people % 64) - 1
    return found


def of_flags(flags: NDArray[np.bool_]) -> People:
    """Those whose flag is set; one flag a person."""
    found = nobody(len(flags))
    packed = np.packbits(flags, bitorder="little")
    found.reshape(-1).view(np.uint8)[: len(packed)] = packed
    return found


def size(found: People) -> int:
    """How many they are."""
    return int(np.bitwise_count(found).sum(dtype=np.int64))


def numbers(found: People, most: int | None = None) -> NDArray[np.int64]:
    """Their numbers, ascending; at most so many."""
    listed = np.empty(size(found) if most is None else min(most, size(found)), np.int64)
    _list(found.reshape(-1), listed)
    return listed


@numba.njit(cache=True, nogil=True)
def _list(words: Any, listed: Any) -> None:
    found = 0
    for word in range(len(words)):
        rest = words[word]
        bit = 0
        while rest:
            if found == len(listed):
                return
            if rest & np.uint64(1):
                listed[found] = word * 64 + bit
                found += 1
            rest >>= np.uint64(1)
            bit += 1
