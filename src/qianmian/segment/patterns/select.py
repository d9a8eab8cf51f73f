"""A pattern as the SELECT of a tag: rules of tags know no order of events, the sandbox's SQL does."""

from __future__ import annotations

from datetime import date

from qianmian.core.errors import InputError
from qianmian.query.tree import And, Atom, Compare, Did, Not, Operator, Or, Sequence, Tree
from qianmian.query.window import Last, Window

#: A build's date, as every profile has it.
_TODAY = "(SELECT max(last_seen_on + CAST(days_silent AS INTEGER)) FROM profiles)"
_BEFORE = "RANGE BETWEEN UNBOUNDED PRECEDING AND CAST('1 microsecond' AS INTERVAL) PRECEDING"
_SOME = {(Operator.AT_LEAST, 1), (Operator.MORE, 0)}
_NONE = {(Operator.EQUAL, 0), (Operator.LESS, 1), (Operator.AT_MOST, 0)}


def select_of(tree: Tree) -> str:
    """The SELECT that answers ``yes`` for everybody who meets a condition of deeds and sequences.

    Events of one instant are no sequence to it; a condition walks them by their keys.

    Raises:
        InputError: the condition asks for something else.
    """
    return f"SELECT person_id, 'yes' AS value FROM profiles WHERE {_holds(tree)} ORDER BY person_id"


def _holds(tree: Tree) -> str:
    match tree:
        case And(terms):
            return " AND ".join(f"({_holds(term)})" for term in terms)
        case Or(terms):
            return " OR ".join(f"({_holds(term)})" for term in terms)
        case Not(term):
            return f"NOT ({_holds(term)})"
        case Sequence():
            return f"person_id IN ({_walked(tree)})"
        case Did() if (tree.operator, tree.count) in _SOME | _NONE:
            inside = "IN" if (tree.operator, tree.count) in _SOME else "NOT IN"
            where = f"{_is(tree)}{_window(tree.window)}"
            return f"person_id {inside} (SELECT person_id FROM history WHERE {where})"
    raise InputError("pattern_without_tag", condition=str(tree))


def _walked(sequence: Sequence) -> str:
    """For each step the latest beginning from which the steps led to it, one window over the other."""
    events = " OR ".join(dict.fromkeys(f"({_is(step)})" for step in sequence.steps))
    relation = f"SELECT * FROM history WHERE ({events}){_window(sequence.window)}"
    before = f"OVER (PARTITION BY person_id ORDER BY occurred_at {_BEFORE})"
    for number, step in enumerate(sequence.steps):
        begun = "occurred_at" if number == 0 else f"max(begun_{number - 1}) {before}"
        relation = f"SELECT *, CASE WHEN {_is(step)} THEN {begun} END AS begun_{number} FROM ({relation})"
        if number and sequence.seconds is not None:
            far = f"occurred_at - begun_{number} <= to_seconds({sequence.seconds})"
            kept = f"CASE WHEN {far} THEN begun_{number} END AS begun_{number}"
            relation = f"SELECT * EXCLUDE (begun_{number}), {kept} FROM ({relation})"
    return f"SELECT person_id FROM ({relation}) WHERE begun_{len(sequence.steps) - 1} IS NOT NULL"


def _is(step: Did) -> str:
    return " AND ".join([f"event = {_text(step.event)}", *map(_filter, step.filters)])


def _filter(atom: Atom) -> str:
    match atom:
        case Compare(name, Operator.EQUAL, str(value)):
            return f"{name} = {_text(value)}"
    raise InputError("pattern_without_tag", condition=str(atom))


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _window(window: Window) -> str:
    if isinstance(window, Last):
        return f" AND happened_on > {_TODAY} - {window.days} AND happened_on <= {_TODAY}"
    start, end = (f" AND happened_on {sign} {_date(day)}" if day else "" for sign, day in _ends(window))
    return f"{start}{end} AND happened_on <= {_TODAY}"


def _ends(window: Window) -> tuple[tuple[str, date | None], tuple[str, date | None]]:
    if isinstance(window, Last):
        raise TypeError("it has no fixed ends")
    return (">=", window.start), ("<=", window.end)


def _date(day: date) -> str:
    return f"CAST('{day.isoformat()}' AS DATE)"
