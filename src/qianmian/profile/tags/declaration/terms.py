"""A condition becomes SQL over a person's partials and tags, and the partials that it needs."""

from __future__ import annotations

import hashlib
import json
import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from qianmian.core.errors import ConditionError
from qianmian.core.messages import Message
from qianmian.core.tables import Type
from qianmian.profile.history.fields import FILTERS
from qianmian.profile.tags.basic import BASIC
from qianmian.profile.tags.declare import Tag
from qianmian.profile.tags.partial import Condition, Fold, Partial, Where
from qianmian.query.bind import bind
from qianmian.query.fields import TagField, Vocabulary
from qianmian.query.parse import parse
from qianmian.query.parts import terms_of
from qianmian.query.problems import Place, Problem, refusal
from qianmian.query.tree import (
    And,
    Atom,
    Between,
    Compare,
    Contains,
    Did,
    Friends,
    In,
    IsNull,
    Journey,
    Member,
    Not,
    Operator,
    Or,
    Sequence,
    Tree,
    Value,
    Within,
)
from qianmian.query.window import EVER, Last

#: Fields that tell of a product of an event.
OF_PRODUCTS = frozenset(field.name for field in FILTERS if field.line)
_HOURS = range(24)


@dataclass(frozen=True)
class Term:
    """A condition, made ready to be asked of one person's partials.

    Attributes:
        sql: true, or not; over the names of partials and tags.
        text: the condition in one spelling.
        needs: partials that it names.
        uses: tags that it names.
    """

    sql: str
    text: str
    needs: tuple[Partial, ...]
    uses: tuple[str, ...]


def term(text: str, known: Mapping[str, Tag]) -> Term:
    """Read a condition on one person, as a layer of a tag has it.

    Args:
        text: in the condition language; ``did`` with a window that moves, no ``sequence``, ``friends`` or ``within``.
        known: tags that it can name.

    Raises:
        ConditionError: it does not parse, names something unknown, or asks what partials do not tell.
    """
    tree = parse(text)
    bound = bind(tree, _vocabulary(known.values(), tree))
    writer = _Writer()
    sql = writer.term(bound)
    if writer.problems:
        raise refusal(writer.problems)
    return Term(sql, str(bound), tuple(dict.fromkeys(writer.needs)), tuple(dict.fromkeys(writer.uses)))


def rows_where(text: str) -> tuple[Where, ...]:
    """Read a filter on rows of history: comparisons with ``and`` between them.

    Raises:
        ConditionError: it does not parse, names something unknown, or joins filters in another way.
    """
    tree = parse(text)
    terms = tree.terms if isinstance(tree, And) else (tree,)
    atoms = [one for one in terms if isinstance(one, Compare | In | Between)]
    if len(atoms) < len(terms):
        raise ConditionError("tag_where")
    did = bind(Did("any", tuple(atoms)), _vocabulary((), Did("any")))
    assert isinstance(did, Did)
    return tuple(map(_where, did.filters))


def condition(
    events: tuple[str, ...],
    window_days: int | None = None,
    where: tuple[Where, ...] = (),
    *,
    lines: bool = False,
    as_money: bool = False,
) -> Condition:
    """The condition on rows of history; what says the same has the same name, whoever declares it."""
    made = Condition("", events, window_days, lines, as_money, where)
    said = json.dumps(asdict(made), sort_keys=True)
    name = _BASIC.get(made) or f"c_{hashlib.sha256(said.encode()).hexdigest()[:12]}"
    return replace(made, name=name)


_BASIC = {replace(need.condition, name=""): need.condition.name for tag in BASIC for need in tag.needs}


def counted(events: tuple[str, ...], window_days: int | None, where: tuple[Where, ...]) -> Partial:
    """How many events there are; of one with several products, a filter on products counts one."""
    if any(one.field in OF_PRODUCTS for one in where):
        return Partial(condition(events, window_days, where, lines=True), Fold.EVENTS)
    return Partial(condition(events, window_days, where), Fold.COUNT)


def text_sql(text: str) -> str:
    """A text as SQL in which none of its signs stands, only their numbers: a view binds no values.

    >>> text_sql("美'")
    "decode(unhex('E7BE8E27'))"
    """
    return f"decode(unhex('{text.encode().hex().upper()}'))"


def _vocabulary(known: Iterable[Tag], tree: Tree) -> Vocabulary:
    """Any event may be named: a shop has events of its own, and some come only later."""
    fields = tuple(TagField(tag.name, tag.type, tag.values) for tag in known)
    return Vocabulary(fields, frozenset(_events(tree)), FILTERS, lambda _column, _text: None)


def _events(tree: Tree) -> Iterable[str]:
    if isinstance(tree, Did):
        yield tree.event
    for one in tree.steps if isinstance(tree, Sequence) else terms_of(tree):
        yield from _events(one)


class _Writer:
    """Walks a bound tree, and notes what is needed and what cannot be told."""

    def __init__(self) -> None:
        self.needs: list[Partial] = []
        self.uses: list[str] = []
        self.problems: list[Problem] = []

    def term(self, tree: Tree) -> str:
        match tree:
            case And(terms):
                return " AND ".join(f"({self.term(one)})" for one in terms)
            case Or(terms):
                return " OR ".join(f"({self.term(one)})" for one in terms)
            case Not(one):
                return f"({self.term(one)}) IS NOT TRUE"
            case Did():
                return self.did(tree)
            case Sequence() | Friends() | Within() | Member() | Journey():
                return self.refuse("tag_of_others", tree.place)
            case _:
                self.uses.append(tree.name)
                return compared(tree, tree.name)

    def did(self, did: Did) -> str:
        if did.window != EVER and not isinstance(did.window, Last):
            return self.refuse("tag_moving_window", did.place)
        if any(isinstance(one, IsNull | Contains) for one in did.filters):
            return self.refuse("tag_where", did.place)
        days = did.window.days if isinstance(did.window, Last) else None
        need = counted((did.event,), days, tuple(map(_where, did.filters)))
        self.needs.append(need)
        return f"coalesce({need.name}, 0) {did.operator} {did.count:d}"

    def refuse(self, message: str, place: Place | None) -> str:
        self.problems.append(Problem(Message(message), place))
        return "false"


def compared(atom: Atom, column: str) -> str:
    """A comparison of a column with values that stand in it as numbers."""
    match atom:
        case Compare(_, sign, value):
            return f"{column} {sign} {_literal(value)}"
        case In(_, values):
            return f"{column} IN ({', '.join(map(_literal, values))})"
        case Between(_, low, high):
            return f"{column} BETWEEN {_literal(low)} AND {_literal(high)}"
        case IsNull():
            return f"{column} IS NULL"
        case Contains(_, text):
            return f"contains({column}, {_literal(text)})"


def _literal(value: Value) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case Decimal():
            return f"{value:f}"
        case datetime():
            return f"TIMESTAMPTZ '{value.isoformat()}'"
        case date():
            return f"DATE '{value.isoformat()}'"
        case _:
            return text_sql(value)


def _where(atom: Atom) -> Where:
    """A filter as the words that pass, or do not."""
    field = next(one for one in FILTERS if one.name == atom.name)
    if field.type is Type.INTEGER:
        return Where(atom.name, tuple(str(hour) for hour in _HOURS if _passes(atom, hour)))
    match atom:
        case Compare(name, Operator.UNEQUAL, value):
            return Where(name, (str(value),), excluded=True)
        case Compare(name, _, value):
            return Where(name, (str(value),))
        case In(name, values):
            return Where(name, tuple(map(str, values)))
    raise ConditionError("tag_where")


def _passes(atom: Atom, hour: int) -> bool:
    match atom:
        case Compare(_, sign, Decimal() as value):
            return _COMPARE[sign](hour, value)
        case In(_, values):
            return hour in values
        case Between(_, Decimal() as low, Decimal() as high):
            return low <= hour <= high
    raise ConditionError("tag_where")


_COMPARE: Mapping[Operator, Callable[[Any, Any], bool]] = {
    Operator.EQUAL: operator.eq,
    Operator.UNEQUAL: operator.ne,
    Operator.LESS: operator.lt,
    Operator.AT_MOST: operator.le,
    Operator.MORE: operator.gt,
    Operator.AT_LEAST: operator.ge,
}
