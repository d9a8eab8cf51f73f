"""A condition as a tree of frozen values; `str` writes it in canonical text that parses to an equal tree.

    condition = And | Or | Not | atom | Did
    atom      = Compare | In | Between | IsNull | Contains     on a tag, or inside ``did(…)`` on a history field

Read a tree with ``match``. `place` tells where a node stood in its author's text; it takes no part in equality.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from qianmian.core.errors import ConditionError
from qianmian.query.problems import Place

MAX_TERMS = 500  # beyond it the database plans for seconds and cannot be interrupted
MAX_DEPTH = 20
MAX_LENGTH = 20_000  # characters
MAX_WINDOW_DAYS = 3_660

RESERVED = frozenset(
    {"and", "or", "not", "in", "between", "is", "null", "contains", "did", "true", "false", "last", "from", "to"}
)

Value: TypeAlias = str | Decimal | bool | date | datetime


class Operator(StrEnum):
    """How two values are compared."""

    EQUAL = "="
    UNEQUAL = "!="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="


class Node:
    """Anything in a tree; `str` writes it."""

    def __str__(self) -> str:
        return write(self)  # type: ignore[arg-type]  # every node is one of the classes of Tree


@dataclass(frozen=True)
class Compare(Node):
    """``spend_90d >= 500``; false where the field is empty, whatever the operator."""

    name: str
    operator: Operator
    value: Value
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class In(Node):
    """``region in ('上海', '浙江')``."""

    name: str
    values: tuple[Value, ...]
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Between(Node):
    """``orders_30d between 1 and 3``; both ends belong."""

    name: str
    low: Value
    high: Value
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class IsNull(Node):
    """``preferred_category is null``."""

    name: str
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Contains(Node):
    """``city contains '州'``: the text stands somewhere in the value, letter for letter."""

    name: str
    text: Value
    place: Place | None = field(default=None, compare=False, repr=False)


Atom: TypeAlias = Compare | In | Between | IsNull | Contains


@dataclass(frozen=True)
class Last:
    """``last='7d'``: the n local dates that end with today."""

    days: int

    def dates(self, today: date) -> tuple[date, date]:
        """First and last date of the window.

        >>> Last(7).dates(date(2026, 11, 11))
        (datetime.date(2026, 11, 5), datetime.date(2026, 11, 11))
        """
        return today - timedelta(days=self.days - 1), today

    def __str__(self) -> str:
        return f"last='{self.days}d'"


@dataclass(frozen=True)
class Dates:
    """``from='2026-10-01', to='2026-10-31'``: local dates, both belong; either may be left out."""

    start: date | None = None
    end: date | None = None

    def dates(self, today: date) -> tuple[date, date]:
        """First and last date of the window; what comes after today never counts."""
        return self.start or date.min, min(self.end or today, today)

    def __str__(self) -> str:
        parts = (("from", self.start), ("to", self.end))
        return ", ".join(f"{word}='{day.isoformat()}'" for word, day in parts if day)


EVER = Dates()
Window: TypeAlias = Last | Dates


@dataclass(frozen=True)
class Did(Node):
    """``did('Order Completed', category='美妆', last='7d') >= 2``: how many such events a person has.

    Attributes:
        event: name of the event.
        filters: atoms that must all hold on one and the same row of history.
        window: the dates that count; `EVER` for all up to today.
        operator: how the number of events is compared.
        count: with what; somebody without any history has 0 events.
    """

    event: str
    filters: tuple[Atom, ...] = ()
    window: Window = EVER
    operator: Operator = Operator.AT_LEAST
    count: int = 1
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class And(Node):
    """All of two or more terms hold."""

    terms: tuple[Tree, ...]


@dataclass(frozen=True)
class Or(Node):
    """At least one of two or more terms holds."""

    terms: tuple[Tree, ...]


@dataclass(frozen=True)
class Not(Node):
    """The term does not hold; true where a comparison met an empty field."""

    term: Tree


Tree: TypeAlias = And | Or | Not | Atom | Did


def write(tree: Tree) -> str:
    """The canonical text of a tree.

    >>> str(Not(In("region", ("上海",))))
    "region not in ('上海')"
    """
    match tree:
        case And(terms):
            return " and ".join(_grouped(term) for term in terms)
        case Or(terms):
            return " or ".join(f"({term})" if isinstance(term, Or) else str(term) for term in terms)
        case Not(term):
            return _write_not(term)
        case Did():
            return _write_did(tree)
        case _:
            return _write_atom(tree)


def _write_not(term: Tree) -> str:
    match term:
        case IsNull(name):
            return f"{name} is not null"
        case In() | Between() | Contains():
            return _write_atom(term, "not ")
        case _:
            return f"not {_grouped(term)}"


def _grouped(tree: Tree) -> str:
    return f"({tree})" if isinstance(tree, And | Or) else str(tree)


def _write_atom(atom: Atom, negation: str = "") -> str:
    match atom:
        case Compare(name, operator, value):
            return f"{name} {operator} {write_value(value)}"
        case In(name, values):
            return f"{name} {negation}in ({', '.join(map(write_value, values))})"
        case Between(name, low, high):
            return f"{name} {negation}between {write_value(low)} and {write_value(high)}"
        case IsNull(name):
            return f"{name} is null"
        case Contains(name, text):
            return f"{name} {negation}contains {write_value(text)}"


def _write_did(did: Did) -> str:
    window = [] if did.window == EVER else [str(did.window)]
    call = f"did({', '.join([write_value(did.event), *map(str, did.filters), *window])})"
    at_least_once = (did.operator, did.count) == (Operator.AT_LEAST, 1)
    return call if at_least_once else f"{call} {did.operator} {did.count}"


def write_value(value: Value) -> str:
    """A value as a condition writes it.

    >>> write_value("O'Neil"), write_value(Decimal("1E+3")), write_value(date(2026, 10, 1))
    ("'O''Neil'", '1000', "'2026-10-01'")
    """
    match value:
        case bool():
            return "true" if value else "false"
        case Decimal():
            return f"{value:f}"
        case date():  # an instant is one too
            return f"'{value.isoformat()}'"
        case _:
            return "'" + value.replace("'", "''") + "'"


def read_date(text: str) -> date | None:
    """The date that a text like ``2026-10-01`` stands for; None for any other spelling.

    >>> read_date("2026-10-01"), read_date("2026-02-30"), read_date("20261001")
    (datetime.date(2026, 10, 1), None, None)
    """
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.isoformat() == text else None


def check_size(tree: Tree) -> None:
    """Refuse a tree that the database would plan for too long.

    Raises:
        ConditionError: more than `MAX_TERMS` terms, or nested deeper than `MAX_DEPTH`.
    """
    terms = _count_terms(tree, 0)
    if terms > MAX_TERMS:
        raise ConditionError("condition_too_many_terms", terms=terms, most=MAX_TERMS)


def _count_terms(tree: Tree, depth: int) -> int:
    if depth > MAX_DEPTH:
        raise too_deep()
    match tree:
        case And(terms) | Or(terms):
            return sum(_count_terms(term, depth + 1) for term in terms)
        case Not(term):
            return _count_terms(term, depth + 1)
        case Did(filters=filters):
            return 1 + len(filters)
        case _:
            return 1


def too_deep() -> ConditionError:
    """The error for a condition nested deeper than `MAX_DEPTH`."""
    return ConditionError("condition_too_deep", most=MAX_DEPTH)
