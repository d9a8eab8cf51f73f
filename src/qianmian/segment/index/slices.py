"""The compiled loops over bit slices: codes in, slices out; a range of codes in, people out.

Slices have the shape (blocks, bits, words): for each block of people one row of words a bit of the codes, highest
first. A block's rows stand together, so that what is compared lies in the first cache; loops over words become vector
instructions.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from qianmian.segment.index.sets import WORDS

_ONE = np.uint64(1)


def room(people: int, bits: int) -> NDArray[np.uint64]:
    """Where slices are written, everything 0; made by NumPy, which asks the system for large pages."""
    out = np.empty((-(-people // (64 * WORDS)), bits, WORDS), np.uint64)
    out[...] = 0
    return out


@numba.njit(cache=True, nogil=True)
def slice_codes(codes: Any, out: Any) -> None:
    """Slice codes (unsigned, one a person); who is beyond the last has code 0."""
    some = np.zeros(64, np.uint64)
    for word in range((len(codes) + 63) // 64):
        some[:] = 0
        for place in range(min(64, len(codes) - word * 64)):
            some[place] = codes[word * 64 + place]
        _slice(some, out, word)


@numba.njit(cache=True, nogil=True)
def slice_keys(keys: Any, filled: Any, low: Any, step: Any, out: Any) -> None:
    """Slice keys, counted from the lowest in steps, from 1; 0 where there is none."""
    some = np.zeros(64, np.uint64)
    for word in range((len(keys) + 63) // 64):
        some[:] = 0
        for place in range(min(64, len(keys) - word * 64)):
            row = word * 64 + place
            if filled[row]:
                above = np.uint64(keys[row]) - np.uint64(low)
                some[place] = (above // step if step != _ONE else above) + _ONE
        _slice(some, out, word)


@numba.njit(cache=True, nogil=True)
def _slice(codes: Any, out: Any, word: int) -> None:
    """Turn the codes of 64 people into one word a bit."""
    bits = out.shape[1]
    for bit in range(bits):
        shift, found = np.uint64(bits - 1 - bit), np.uint64(0)
        for place in range(64):
            found |= ((codes[place] >> shift) & _ONE) << np.uint64(place)
        out[word // WORDS, bit, word % WORDS] = found


@numba.njit(cache=True, nogil=True)
def add_between(slices: Any, low: Any, high: Any, among: Any, out: Any) -> None:
    """Add to ``out`` those of ``among`` whose code is from low to high; a bound that excludes nobody is not read.

    Args:
        slices: see the module.
        low: uint64; 0 asks nothing.
        high: uint64; not below low.
        among: a set of people.
        out: the same shape.
    """
    blocks, bits, words = slices.shape
    top = (_ONE << np.uint64(bits)) - _ONE if bits < 64 else ~np.uint64(0)
    equal, met = np.empty(words, np.uint64), np.empty(words, np.uint64)
    for block in range(blocks):
        some = np.uint64(0)
        for word in range(words):
            met[word] = among[block, word]
            some |= met[word]
        if not some:
            continue
        if low == high:
            _keep_equal(slices[block], low, met)
        else:
            if low:
                _keep_beyond(slices[block], low, equal, met, np.uint64(0))
            if high < top:
                _keep_beyond(slices[block], high, equal, met, ~np.uint64(0))
        for word in range(words):
            out[block, word] |= met[word]


@numba.njit(cache=True, nogil=True)
def _keep_equal(rows: Any, code: Any, met: Any) -> None:
    """Keep those of a block whose code is this one."""
    bits, words = rows.shape
    left = _ONE
    for bit in range(bits):
        if not left:
            return
        left = np.uint64(0)
        # all ones where the code has no such bit, so that one loop serves both
        turned = ((code >> np.uint64(bits - 1 - bit)) & _ONE) - _ONE
        row = rows[bit]
        for word in range(words):
            here = met[word] & (row[word] ^ turned)
            met[word] = here
            left |= here


@numba.njit(cache=True, nogil=True)
def _keep_beyond(rows: Any, code: Any, equal: Any, met: Any, turned: Any) -> None:
    """Keep those of a block whose code is at least this one; at most, if everything is turned by all ones.

    A person is decided at the first bit, from the top, in which both codes differ.
    """
    bits, words = rows.shape
    for word in range(words):
        equal[word] = met[word]
        met[word] = 0
    left = _ONE
    for bit in range(bits):
        if not left:
            return
        left = np.uint64(0)
        row = rows[bit]
        if ((code >> np.uint64(bits - 1 - bit)) ^ turned) & _ONE:
            for word in range(words):
                here = equal[word] & (row[word] ^ turned)
                equal[word] = here
                left |= here
        else:
            for word in range(words):
                value, before = row[word] ^ turned, equal[word]
                met[word] |= before & value
                here = before & ~value
                equal[word] = here
                left |= here
    for word in range(words):
        met[word] |= equal[word]


@numba.njit(cache=True, nogil=True)
def add_listed(slices: Any, wanted: Any, among: Any, out: Any) -> None:
    """Add to ``out`` those of ``among`` whose code is wanted: one flag a code; for codes that lie scattered."""
    blocks, bits, words = slices.shape
    for block in range(blocks):
        for word in range(words):
            rest, bit = among[block, word], np.uint64(0)
            while rest:
                if rest & _ONE:
                    code = np.uint64(0)
                    for row in range(bits):
                        code = code << _ONE | (slices[block, row, word] >> bit & _ONE)
                    if wanted[code]:
                        out[block, word] |= _ONE << bit
                rest >>= _ONE
                bit += _ONE
