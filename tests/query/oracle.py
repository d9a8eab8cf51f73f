"""What a condition means, said as plainly as possible: one person, lists of dicts, no SQL, no codes.

It shares nothing with the compiler but the tree, so that the two agree only if both are right.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise, product
from typing import Any

from qianmian.query.tree import (
    And,
    Between,
    Compare,
    Contains,
    Did,
    Friends,
    In,
    IsNull,
    Journey,
    Not,
    Or,
    Sequence,
    Tied,
    Tree,
    Within,
)
from qianmian.query.window import Dates, Last, Window
from tests.query.vocabulary import NOW, STAYS

Row = Mapping[str, Any]
_COMPARE = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_LINE_FIELDS = {"category"}
_COLUMNS = {"note": "remark"}


@dataclass(frozen=True)
class Shop:
    """Everything that a condition may ask about."""

    people: Iterable[Row]
    history: Iterable[Row]
    ties: Iterable[Row]
    today: date

    def of(self, person: Row) -> list[Row]:
        return [row for row in self.history if row["person_id"] == person["person_id"]]


def members(
    tree: Tree, people: Iterable[Row], history: Iterable[Row], today: date, ties: Iterable[Row] = ()
) -> set[int]:
    """The ids of the people who meet a bound condition."""
    shop = Shop(people, history, ties, today)
    return {person["person_id"] for person in people if holds(tree, person, shop)}


def holds(tree: Tree, person: Row, shop: Shop) -> bool:
    """Whether one person meets the condition."""
    match tree:
        case And(terms):
            return all(holds(term, person, shop) for term in terms)
        case Or(terms):
            return any(holds(term, person, shop) for term in terms)
        case Not(term):
            return not holds(term, person, shop)
        case Did():
            return _COMPARE[tree.operator](times(tree, shop.of(person), shop.today), tree.count)
        case Sequence() | Friends() | Within() | Journey():
            return call_holds(tree, person, shop)
        case _:
            return atom_holds(tree, person)


def call_holds(tree: Tree, person: Row, shop: Shop) -> bool:
    if isinstance(tree, Journey):
        return stands(tree, person, shop.today)
    return followed(tree, person, shop) if isinstance(tree, Sequence) else is_among(tree, person, shop)


def stands(journey: Journey, person: Row, today: date) -> bool:
    """Whether a stay in a stage that somebody has now with the category is what is asked for."""
    mine = [stay for stay in STAYS if stay["person_id"] == person["person_id"] and stay["stage"] in journey.stages]
    now = [stay for stay in mine if stay["category"] == journey.category and stay["began_at"] <= NOW < stay["ended_at"]]
    return any(not journey.days or stay["began_at"].date() > today - timedelta(days=journey.days) for stay in now)


def followed(sequence: Sequence, person: Row, shop: Shop) -> bool:
    """Whether some choice of different events, in order, makes the steps within the time: every choice is tried."""
    fits = [
        {(row["occurred_at"], row["event_key"]) for row in shop.of(person) if is_step(step, row, sequence, shop.today)}
        for step in sequence.steps
    ]
    return any(
        all(one < other for one, other in pairwise(chosen))
        and (sequence.seconds is None or (chosen[-1][0] - chosen[0][0]).total_seconds() <= sequence.seconds)
        for chosen in product(*fits)
    )


def is_step(step: Did, row: Row, sequence: Sequence, today: date) -> bool:
    if row["event"] != step.event or not in_window(sequence.window, row["happened_on"], today):
        return False
    return all(atom_holds(each, row) for each in step.filters)


def is_among(social: Friends | Within, person: Row, shop: Shop) -> bool:
    """Whether a person is tied as asked to enough people who meet a condition."""
    if isinstance(social, Within):
        return met(social.term, social.hops, social.tied, person, shop) > 0
    return _COMPARE[social.operator](met(social.term, 1, social.tied, person, shop), social.count)


def met(term: Tree, hops: int, tied: Tied, person: Row, shop: Shop) -> int:
    """How many others within so many ties of a person meet a condition."""
    near = reached = {person["person_id"]}
    for _ in range(hops):
        near = {other for one in near for other in next_to(one, tied, shop)}
        reached = reached | near
    others = reached - {person["person_id"]}
    return len([other for other in shop.people if other["person_id"] in others and holds(term, other, shop)])


def next_to(person: int, tied: Tied, shop: Shop) -> set[int]:
    """The people to whom somebody is tied as asked."""
    near = set()
    for tie in shop.ties:
        if person not in {tie["from"], tie["to"]} or (tied.kinds and tie["kind"] not in tied.kinds):
            continue
        if tied.strength is not None and tie["strength"] < tied.strength:
            continue
        acted = "out" if tie["from"] == person else "in"
        if tied.direction in {None, acted} or tie["kind"] == "group_buy":
            near.add(tie["to"] if tie["from"] == person else tie["from"])
    return near


def times(did: Did, history: Iterable[Row], today: date) -> int:
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
