"""What ``audience(…)`` says behind the number: comparisons become an entry or exit."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from qianmian.core.messages import Message
from qianmian.query.problems import Place, Problem, refusal
from qianmian.query.tree import CAUSES, MOVES, Atom, Compare, Member, Operator

_MOST = 10**9


def member(number: Decimal, atoms: Iterable[Atom], place: Place) -> Member:
    """The part of a tree that a number and comparisons say.

    Raises:
        ConditionError: something else is said than with which build, and by which cause, people entered or left.
    """
    found = Member(_whole(number, place), place=place)
    for atom in atoms:
        match atom:
            case Compare(name, Operator.EQUAL, Decimal() as build) if name in MOVES and not found.moved:
                found = Member(found.audience, name, _whole(build, atom.place), found.cause, place=place)
            case Compare("cause", Operator.EQUAL, str() as cause) if cause in CAUSES and not found.cause:
                found = Member(found.audience, found.moved, found.build, cause, place=place)
            case _:
                raise _refused(atom.place)
    if found.cause and not found.moved:
        raise _refused(place)
    return found


def _whole(number: Decimal, place: Place | None) -> int:
    if number != int(number) or not 0 < number < _MOST:
        raise _refused(place)
    return int(number)


def _refused(place: Place | None) -> Exception:
    return refusal([Problem(Message("write_audience", causes=list(CAUSES)), place)])
