"""A condition as a tree of frozen values; `str` writes it in canonical text that parses to an equal tree.

    condition = And | Or | Not | atom | Did | Sequence | Friends | Within | Member | Journey
    atom      = Compare | In | Between | IsNull | Contains     on a tag, or inside ``did(…)`` on a history field

Read a tree with ``match``. `place` tells where a node stood in its author's text; it takes no part in equality.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from qianmian.query.problems import Place
from qianmian.query.window import EVER, Window, write_seconds

MAX_STEPS = 8
MAX_HOPS = 3  # further away is everybody

RESERVED = frozenset(
    {
        *("and", "or", "not", "in", "between", "is", "null", "contains", "true", "false"),
        *("did", "last", "from", "to", "sequence", "friends", "within", "audience", "journey"),
    }
)
#: Stages of a purchase journey, from the first to the furthest.
STAGES = ("awakened", "comparing", "deciding", "bought", "engaging", "loyal")

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
class Sequence(Node):
    """``sequence(did('Product Viewed'), did('Order Completed'), within='7d')``: events of a person, one after another.

    Attributes:
        steps: two or more; of each only event and filters are asked.
        seconds: from the first event to the last, at most; None = however long.
        window: the dates on which all of them happened.
    """

    steps: tuple[Did, ...]
    seconds: int | None = None
    window: Window = EVER
    place: Place | None = field(default=None, compare=False, repr=False)


#: Where a tie leads, seen from the person who is asked about.
DIRECTIONS = ("out", "in")


@dataclass(frozen=True)
class Tied:
    """Which ties of a person count; all of them, unless something is said.

    Attributes:
        kinds: kinds of tie; empty = any.
        direction: one of `DIRECTIONS`; None = either. What ties both alike leads either way.
        strength: how close the two are at least, by their ties of all kinds: from 0 to 1.
    """

    kinds: tuple[str, ...] = ()
    direction: str | None = None
    strength: Decimal | None = None

    def __str__(self) -> str:
        kinds = [Compare("kind", Operator.EQUAL, self.kinds[0])] if len(self.kinds) == 1 else []
        said: list[Atom] = [*kinds, In("kind", self.kinds)] if len(self.kinds) > 1 else [*kinds]
        if self.direction is not None:
            said.append(Compare("direction", Operator.EQUAL, self.direction))
        if self.strength is not None:
            said.append(Compare("strength", Operator.AT_LEAST, self.strength))
        return "".join(f", {atom}" for atom in said)


ANY_TIE = Tied()


@dataclass(frozen=True)
class Friends(Node):
    """``friends(lifecycle = 'loyal', kind = 'invite') >= 2``: how many people tied to a person meet a condition.

    Attributes:
        term: what they meet.
        tied: the ties that count.
        operator: how the number of people is compared.
        count: with what; somebody without any tie has 0 friends.
    """

    term: Tree
    tied: Tied = ANY_TIE
    operator: Operator = Operator.AT_LEAST
    count: int = 1
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Within(Node):
    """``within(lifecycle = 'loyal', hops = 2)``: so few ties lead from a person to somebody else who meets a condition.

    Attributes:
        term: what the other meets.
        hops: ties on the way, at most; from 1 to `MAX_HOPS`.
        tied: the ties that count, each in its direction.
    """

    term: Tree
    hops: int
    tied: Tied = ANY_TIE
    place: Place | None = field(default=None, compare=False, repr=False)


#: What ``audience(…)`` can say of people's stays, and why they began or ended.
MOVES = ("entered_in", "left_in")
CAUSES = ("definition", "merge", "behaviour", "late", "window")


@dataclass(frozen=True)
class Member(Node):
    """``audience(3)``, ``audience(3, left_in = 5, cause = 'window')``: who is in a saved audience, or came or went.

    Attributes:
        audience: its number.
        moved: one of `MOVES`; empty = whoever is in it.
        build: number of the build that found it.
        cause: one of `CAUSES`; empty = any.
        term: of who is in a dynamic one, what they meet: known once it is bound; None = who it is stands in a table.
    """

    audience: int
    moved: str = ""
    build: int = 0
    cause: str = ""
    term: Tree | None = None
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Journey(Node):
    """``journey('美妆', last='7d') in ('comparing', 'deciding')``: where somebody stands with a category, now.

    Attributes:
        category: of goods.
        stages: one or more of `STAGES`.
        days: the stage began on one of so many dates, today the last; 0 = whenever.
    """

    category: str
    stages: tuple[str, ...]
    days: int = 0
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


Leaf: TypeAlias = Atom | Did | Sequence | Friends | Within | Member | Journey
Tree: TypeAlias = And | Or | Not | Leaf


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
        case Sequence() | Friends() | Within() | Member() | Journey():
            return _write_call(tree)
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
    said = [write_value(did.event), *map(str, did.filters), *_write_window(did.window)]
    return f"did({', '.join(said)}){_write_times(did)}"


def _write_window(window: Window) -> list[str]:
    return [] if window == EVER else [str(window)]


def _write_call(call: Sequence | Friends | Within | Member | Journey) -> str:
    match call:
        case Journey(category, stages, days):
            since = [f"last='{days}d'"] if days else []
            named = ", ".join(map(write_value, stages))
            which = f"= {named}" if len(stages) == 1 else f"in ({named})"
            return f"journey({', '.join([write_value(category), *since])}) {which}"
        case Member(audience, moved, build, cause):
            said = [f"{moved} = {build}"] if moved else []
            return (
                f"audience({', '.join([str(audience), *said, *([f'cause = {write_value(cause)}'] if cause else [])])})"
            )
        case Within(term, hops, tied):
            return f"within({term}, hops = {hops}{tied})"
        case Friends(term, tied):
            return f"friends({term}{tied}){_write_times(call)}"
        case Sequence(steps, seconds, window):
            within = [] if seconds is None else [f"within='{write_seconds(seconds)}'"]
            return f"sequence({', '.join([*map(_write_did, steps), *within, *_write_window(window)])})"


def _write_times(counted: Did | Friends) -> str:
    at_least_once = (counted.operator, counted.count) == (Operator.AT_LEAST, 1)
    return "" if at_least_once else f" {counted.operator} {counted.count}"


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
