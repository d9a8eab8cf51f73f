"""People in whose history events follow one another: one compiled walk over sorted rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from qianmian.query.fields import Vocabulary
from qianmian.query.tree import Atom, Between, Compare, Contains, Did, In, IsNull, Operator, Sequence, Value

_EPOCH = date(1970, 1, 1)
_NEVER = np.iinfo(np.int64).min
_COMPARE: dict[Operator, Any] = {
    Operator.EQUAL: np.equal,
    Operator.UNEQUAL: np.not_equal,
    Operator.LESS: np.less,
    Operator.AT_MOST: np.less_equal,
    Operator.MORE: np.greater,
    Operator.AT_LEAST: np.greater_equal,
}

Columns = Callable[[str], NDArray[Any]]
"""Name of a column of ``history`` → its values: codes (0 = empty), whole numbers, microseconds, days since 1970."""


def people_of(sequence: Sequence, columns: Columns, vocabulary: Vocabulary, today: date) -> NDArray[np.int64]:
    """The people who did the steps one after another, each with an event of its own; ascending.

    Of events of one instant, that with the lower key comes first.

    Args:
        sequence: bound to the vocabulary.
        columns: rows sorted by (person_id, occurred_at, event_key), all rows of a person.
        vocabulary: gives the codes of texts.
        today: the local date on which windows end.
    """
    first, last = (int((day - _EPOCH).days) for day in sequence.window.dates(today))
    event = columns("event")
    by_event = np.zeros(int(event.max(initial=0)) + 1, np.uint8)
    for bit, step in enumerate(sequence.steps):
        code = vocabulary.code_of("event", step.event)
        if code is not None and code < len(by_event):
            by_event[code] |= np.uint8(1 << bit)
    found: NDArray[np.int64] = _walk(
        columns("person_id"),
        columns("occurred_at"),
        columns("event_key"),
        event,
        columns("happened_on"),
        by_event,
        _held(sequence.steps, columns, vocabulary),
        (first, last),
        len(sequence.steps),
        np.iinfo(np.int64).max if sequence.seconds is None else sequence.seconds * 1_000_000,
    )
    return found


def _held(steps: tuple[Did, ...], columns: Columns, vocabulary: Vocabulary) -> NDArray[np.uint8]:
    """For each row the steps whose filters it meets, as bits; empty = no step has any."""
    held = np.empty(0, np.uint8)
    for bit, step in enumerate(steps):
        if not step.filters:
            continue
        met = _filtered(step, columns, vocabulary)
        if not len(held):
            held = np.full(len(met), 255, np.uint8)
        held[~met] &= np.uint8(255 - (1 << bit))
    return held


def rows_of(step: Did, columns: Columns, vocabulary: Vocabulary) -> NDArray[np.bool_]:
    """The rows that are a step of a sequence, whenever they happened; see `people_of`."""
    code = vocabulary.code_of("event", step.event)
    met: NDArray[np.bool_] = columns("event") == (-1 if code is None else code)
    return met & _filtered(step, columns, vocabulary) if step.filters else met


def _filtered(step: Did, columns: Columns, vocabulary: Vocabulary) -> NDArray[np.bool_]:
    met: NDArray[np.bool_] = np.logical_and.reduce([_meets(atom, columns, vocabulary) for atom in step.filters])
    return met


def _meets(atom: Atom, columns: Columns, vocabulary: Vocabulary) -> NDArray[np.bool_]:
    """The rows on which a filter holds; none on which its field is empty."""
    named = vocabulary.filter[atom.name]
    column = columns(named.column)
    filled = column != 0 if named.coded else np.ones(len(column), np.bool_)

    def value(given: Value) -> Any:
        if named.coded:
            code = vocabulary.code_of(named.column, str(given))
            return -1 if code is None else code
        return float(given) if isinstance(given, Decimal) else given

    match atom:
        case IsNull():
            return ~filled
        case Compare(_, operator, given):
            found = _COMPARE[operator](column, value(given))
        case In(_, values):
            found = np.isin(column, [value(given) for given in values])
        case Between(_, low, high):
            found = (column >= value(low)) & (column <= value(high))
        case Contains():
            raise TypeError(f"{named.name!r} is no number; bind refuses it")
    met: NDArray[np.bool_] = found & filled
    return met


@numba.njit(cache=True, nogil=True)
def _walk(  # noqa: C901, PLR0913, PLR0917  # one loop: numba compiles no closures
    person: Any, at: Any, key: Any, event: Any, day: Any, by_event: Any, held: Any, days: Any, steps: int, longest: int
) -> Any:
    """For each step, the latest instant of a first step from which the steps led to it: a later one never hurts."""
    found, people = np.empty(1024, np.int64), 0
    begun, before = np.full(steps, _NEVER, np.int64), np.full(steps, _NEVER, np.int64)
    current, last_key, done = np.int64(-1), np.int64(-1), False
    for row in range(len(person)):
        bits = by_event[event[row]]
        if not bits or day[row] < days[0] or day[row] > days[1]:
            continue
        if len(held):
            bits &= held[row]
        if person[row] != current:
            current, last_key, done = person[row], np.int64(-1), False
            begun[:] = _NEVER
        if done or not bits:
            continue
        if key[row] != last_key:  # the lines of one event make one step
            last_key = key[row]
            before[:] = begun
        if bits & 1:
            begun[0] = at[row]
        for step in range(1, steps):
            if bits >> step & 1 and before[step - 1] != _NEVER and at[row] - before[step - 1] <= longest:
                begun[step] = max(begun[step], before[step - 1])
        if begun[steps - 1] != _NEVER:
            done = True
            if people == len(found):
                found = np.append(found, np.empty(people, np.int64))
            found[people] = current
            people += 1
    return found[:people]
