"""The compiled loops of the tag build: sorted rows in, partials out; a person's depend on that person's rows alone."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

_MICROSECONDS_A_DAY = 86_400_000_000.0
#: An instant that is none, in microseconds; a NumPy datetime64 shows it as NaT.
NONE = np.iinfo(np.int64).min


@numba.njit(cache=True, nogil=True)
def row_masks(event: Any, age: Any, line: Any, by_event: Any, by_age: Any, by_line: Any) -> Any:
    """The conditions that each row meets, as bits; ``age`` holds both ages of a row, see `files.ages`."""
    out = np.empty(len(event), np.int64)
    oldest = by_age.shape[1] - 1
    for row in range(len(event)):
        young = by_age[0, min(age[0, row], oldest)] | by_age[1, min(age[1, row], oldest)]
        out[row] = by_event[event[row]] & young & by_line[1 if line[row] > 0 else 0]
    return out


@numba.njit(cache=True, nogil=True)
def counts(start: Any, mask: Any, bits: int) -> Any:
    """For each condition and person, the number of rows that meet it."""
    people = len(start) - 1
    rows = np.zeros((bits, people), np.int32)
    for person in range(people):
        for row in range(start[person], start[person + 1]):
            held = mask[row]
            bit = 0
            while held:
                if held & 1:
                    rows[bit, person] += 1
                held >>= 1
                bit += 1
    return rows


@numba.njit(cache=True, nogil=True)
def first_and_last(start: Any, mask: Any, bit: int, at: Any) -> Any:
    """Instants of the first and the last row of a condition; `NONE` where a person has none."""
    people = len(start) - 1
    first, last = np.full(people, NONE, np.int64), np.full(people, NONE, np.int64)
    for person in range(people):
        for row in range(start[person], start[person + 1]):
            if mask[row] >> bit & 1:
                if first[person] == NONE:
                    first[person] = at[row]
                last[person] = at[row]
    return first, last


@numba.njit(cache=True, nogil=True)
def total(start: Any, mask: Any, bit: int, amount: Any) -> Any:
    """Sum of an integer column over the rows of a condition."""
    people = len(start) - 1
    out = np.zeros(people, np.int64)
    for person in range(people):
        for row in range(start[person], start[person + 1]):
            if mask[row] >> bit & 1:
                out[person] += amount[row]
    return out


@numba.njit(cache=True, nogil=True)
def days(start: Any, mask: Any, bit: int, happened_on: Any) -> Any:
    """Number of different local dates; rows are in the order of time, so equal dates are neighbours."""
    people = len(start) - 1
    out = np.zeros(people, np.int32)
    for person in range(people):
        previous = -1
        for row in range(start[person], start[person + 1]):
            if mask[row] >> bit & 1 and happened_on[row] != previous:
                out[person] += 1
                previous = happened_on[row]
    return out


@numba.njit(cache=True, nogil=True)
def sessions(start: Any, mask: Any, bit: int, at: Any, silence: int) -> Any:
    """Number of sessions whose first row meets the condition; ``silence`` (microseconds) ends a session."""
    people = len(start) - 1
    out = np.zeros(people, np.int32)
    for person in range(people):
        for row in range(start[person], start[person + 1]):
            begins = row == start[person] or at[row] - at[row - 1] > silence
            if begins and mask[row] >> bit & 1:
                out[person] += 1
    return out


@numba.njit(cache=True, nogil=True)
def top(  # noqa: C901, PLR0913, PLR0917  # one loop: numba compiles no closures
    start: Any, mask: Any, bit: int, code: Any, weight: Any, at: Any, half_life_days: float, codes: int
) -> Any:
    """The code with most weight, and its share of all weight; of equals, the one seen last.

    A row's weight halves with every ``half_life_days`` of age; 0 turns that off. Age is counted back from the
    person's own last such row, so that neither the value nor the share changes while the person is silent.
    """
    people = len(start) - 1
    best, share = np.zeros(people, np.int32), np.zeros(people, np.float64)
    weights, seen = np.zeros(codes, np.float64), np.zeros(codes, np.int32)
    for person in range(people):
        begin, end = start[person], start[person + 1]
        anchor, found, sum_ = np.int64(0), 0, 0.0
        for row in range(end - 1, begin - 1, -1):
            if not mask[row] >> bit & 1 or code[row] <= 0:
                continue
            if anchor == 0:
                anchor = at[row]
            if weights[code[row]] == 0.0:
                seen[found] = code[row]
                found += 1
            worth = weight[row]
            if half_life_days > 0.0:
                worth *= 2.0 ** (-(anchor - at[row]) / (_MICROSECONDS_A_DAY * half_life_days))
            weights[code[row]] += worth
            sum_ += worth
        for index in range(found):
            if best[person] == 0 or weights[seen[index]] > weights[best[person]]:
                best[person] = seen[index]
        if sum_ > 0.0:
            share[person] = weights[best[person]] / sum_
        for index in range(found):
            weights[seen[index]] = 0.0
    return best, share


@numba.njit(cache=True, nogil=True)
def groups(start: Any, mask: Any, bit: int, key: Any) -> Any:
    """Number of runs of equal keys among the rows of a condition: lines of one event are neighbours."""
    people = len(start) - 1
    out = np.zeros(people, np.int32)
    for person in range(people):
        seen, previous = False, np.int64(0)
        for row in range(start[person], start[person + 1]):
            if mask[row] >> bit & 1 and not (seen and key[row] == previous):
                out[person] += 1
                seen, previous = True, key[row]
    return out


@numba.njit(cache=True, nogil=True)
def distinct(start: Any, mask: Any, bit: int, code: Any, codes: int) -> Any:
    """Number of different codes among the rows of a condition; code 0 is none."""
    people = len(start) - 1
    out = np.zeros(people, np.int32)
    last_seen_by = np.full(codes, -1, np.int64)
    for person in range(people):
        for row in range(start[person], start[person + 1]):
            if mask[row] >> bit & 1 and code[row] > 0 and last_seen_by[code[row]] != person:
                last_seen_by[code[row]] = person
                out[person] += 1
    return out


@numba.njit(cache=True, nogil=True)
def extremes(start: Any, mask: Any, bit: int, amount: Any) -> Any:
    """The least and the largest value of an integer column over the rows of a condition; `NONE` without rows."""
    people = len(start) - 1
    least, most = np.full(people, NONE, np.int64), np.full(people, NONE, np.int64)
    for person in range(people):
        for row in range(start[person], start[person + 1]):
            if mask[row] >> bit & 1:
                if least[person] == NONE or amount[row] < least[person]:
                    least[person] = amount[row]
                if most[person] == NONE or amount[row] > most[person]:
                    most[person] = amount[row]
    return least, most


@numba.njit(cache=True, nogil=True)
def ends(start: Any, mask: Any, bit: int, code: Any) -> Any:
    """The code of the first and of the last row of a condition that has one; 0 without such rows."""
    people = len(start) - 1
    first, last = np.zeros(people, np.int32), np.zeros(people, np.int32)
    for person in range(people):
        for row in range(start[person], start[person + 1]):
            if mask[row] >> bit & 1 and code[row] > 0:
                if first[person] == 0:
                    first[person] = code[row]
                last[person] = code[row]
    return first, last


@numba.njit(cache=True, nogil=True)
def next_change(start: Any, age: Any, today: int, windows: Any) -> Any:
    """For each person, the first date on which some row leaves some window; the largest date if none will."""
    people = len(start) - 1
    out = np.full(people, np.iinfo(np.int32).max, np.int32)
    for person in range(people):
        for row in range(start[person], start[person + 1]):
            for days_old in (age[0, row], age[1, row]):
                for window in windows:
                    if days_old < window:
                        out[person] = min(out[person], today - days_old + window)
                        break
    return out
