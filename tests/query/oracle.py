"""What a condition means, said as plainly as possible: one person, lists of dicts, no SQL, no codes.

It shares nothing with the compiler but the tree, so that the two agree only if both are right.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from qianmian.query.tree import And, Between, Compare, Contains, Dates, Did, In, IsNull, Last, Not, Or, Tree, Window

Row = Mapping[str, Any]
_COMPARE = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_LINE_FIELDS = {"category"}
_COLUMNS = {"note": "remark"}


def members(tree: Tree, people: Sequence[Row], history: Sequence[Row], today: date) -> set[int]:
    """The ids of the people who meet a bound condition."""
    return {
        person["person_id"]
        for person in people
        if holds(tree, person, [row for row in history if row["person_id"] == person["person_id"]], today)
    }


def holds(tree: Tree, person: Row, history: Sequence[Row], today: date) -> bool:
    """Whether one person, with this history, meets the condition."""
    match tree:
        case And(terms):
            return all(holds(term, person, history, today) for term in terms)
        case Or(terms):
            return any(holds(term, person, history, today) for term in terms)
        case Not(term):
            return not holds(term, person, history, today)
        case Did():
            return _COMPARE[tree.operator](times(tree, history, today), tree.count)
        case _:
            return atom_holds(tree, person)


def times(did: Did, history: Sequence[Row], today: date) -> int:
    """How many events of one person a ``did(…)`` finds."""
    rows = [
        row
        for row in history
        if row["event"] == did.event
        and in_window(did.window, row["happened_on"], today)
        and all(atom_holds(each, row) for each in did.filters)
    ]
    if any(each.name in _LINE_FIELDS for each in did.filters):
        return len({row["event_key"] for row in rows})
    return len([row for row in rows if row["line"] == 0])


def in_window(window: Window, day: date, today: date) -> bool:
    if day > today:
        return False
    match window:
        case Last(days):
            return day > today - timedelta(days=days)
        case Dates(start, end):
            return (start is None or start <= day) and (end is None or day <= end)


def atom_holds(atom: Tree, row: Row) -> bool:
    value = row[_COLUMNS.get(atom.name, atom.name)]
    if isinstance(atom, IsNull):
        return value is None
    if value is None:
        return False
    match atom:
        case Compare(_, sign, other):
            return _COMPARE[sign](value, like(other, value))
        case In(_, values):
            return any(value == like(other, value) for other in values)
        case Between(_, low, high):
            return like(low, value) <= value <= like(high, value)
        case Contains(_, text):
            return text in value
    raise AssertionError(f"the oracle does not know {atom!r}")


def like(literal: Any, value: Any) -> Any:
    """A number next to a floating-point value is read as the nearest one; money and counts stay exact."""
    return float(literal) if isinstance(value, float) and isinstance(literal, Decimal) else literal
