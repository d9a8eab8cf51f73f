"""Which ties ``friends(…)`` and ``within(…)`` count: comparisons behind their condition become typed values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from qianmian.core.messages import Message
from qianmian.query.problems import Problem, nearest, quoted, refusal
from qianmian.query.tree import DIRECTIONS, MAX_HOPS, Atom, Compare, In, Operator, Tied

OF_FRIENDS = ("kind", "direction", "strength")
OF_WITHIN = ("hops", *OF_FRIENDS)


def by_name(atoms: Iterable[Atom], known: tuple[str, ...]) -> dict[str, Atom]:
    """The comparisons by what they compare.

    Raises:
        ConditionError: one compares something else, or what another compares.
    """
    found: dict[str, Atom] = {}
    for atom in atoms:
        if atom.name not in known:
            message = Message("unknown_of_ties", name=quoted(atom.name), hint=nearest(atom.name, known))
            raise refusal([Problem(message, atom.place)])
        if atom.name in found:
            raise refusal([Problem(Message("twice_of_ties", name=atom.name), atom.place)])
        found[atom.name] = atom
    return found


def tied(found: Mapping[str, Atom]) -> Tied:
    """The ties that count; whether there is such a kind, only a vocabulary knows.

    Raises:
        ConditionError: something is compared in a way that has no meaning here.
    """
    return Tied(_kinds(found.get("kind")), _direction(found.get("direction")), _strength(found.get("strength")))


def hops(found: Mapping[str, Atom]) -> int | None:
    """How many ties may lie on the way; None if nothing is said.

    Raises:
        ConditionError: it is no whole number from 1 to `MAX_HOPS`.
    """
    match found.get("hops"):
        case None:
            return None
        case Compare(_, Operator.EQUAL, Decimal() as many) if many in range(1, MAX_HOPS + 1):
            return int(many)
        case other:
            raise refusal([Problem(Message("write_hops", most=MAX_HOPS), other.place)])


def _kinds(atom: Atom | None) -> tuple[str, ...]:
    match atom:
        case None:
            return ()
        case Compare(_, Operator.EQUAL, str() as kind):
            return (kind,)
        case In(_, values) if all(isinstance(value, str) for value in values):
            return tuple(dict.fromkeys(map(str, values)))
        case _:
            raise refusal([Problem(Message("write_kind"), atom.place)])


def _direction(atom: Atom | None) -> str | None:
    match atom:
        case None:
            return None
        case Compare(_, Operator.EQUAL, str() as direction) if direction in DIRECTIONS:
            return direction
        case _:
            raise refusal([Problem(Message("write_direction"), atom.place)])


def _strength(atom: Atom | None) -> Decimal | None:
    match atom:
        case None:
            return None
        case Compare(_, Operator.AT_LEAST, Decimal() as strength) if 0 <= strength <= 1:
            return strength
        case _:
            raise refusal([Problem(Message("write_strength"), atom.place)])
