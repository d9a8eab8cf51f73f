"""A tree is bound to a vocabulary: every name is known, and every value gets the type of its field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal

from qianmian.core.messages import Message
from qianmian.core.tables import Type
from qianmian.query.fields import NUMBERS, ORDERED, WHOLE, HistoryField, TagField, Vocabulary
from qianmian.query.parse import parse
from qianmian.query.parts import expanded
from qianmian.query.problems import Place, Problem, nearest, quoted, refusal, shown
from qianmian.query.size import check_size
from qianmian.query.tree import (
    STAGES,
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
    write_value,
)
from qianmian.query.window import read_date

_HOW_TO_WRITE = {
    Type.TEXT: Message("write_text"),
    Type.FLAG: Message("write_flag"),
    Type.DATE: Message("write_date"),
    Type.INSTANT: Message("write_instant"),
}
_TYPES = {
    Type.TEXT: Message("type_text"),
    Type.FLAG: Message("type_flag"),
    Type.NUMBER: Message("type_number"),
    Type.INTEGER: Message("type_integer"),
    Type.SMALL: Message("type_integer"),
    Type.MONEY: Message("type_money"),
    Type.DATE: Message("type_date"),
    Type.INSTANT: Message("type_instant"),
}
_LARGEST = Decimal(10) ** 14  # what money can hold; a wider number would not fit beside it
#: A number in a condition has at most so many decimals, and so has a tag that is one.
DECIMALS = 6

Field = TagField | HistoryField


def bind(tree: Tree, vocabulary: Vocabulary) -> Tree:
    """The tree with typed values.

    Numbers become `Decimal`, dates `date`, instants UTC `datetime`. Binding a bound tree changes nothing.

    Raises:
        ConditionError: a name is unknown, a value does not fit its field, or the tree is too large. It names every
            such mistake, with near names.
    """
    check_size(tree)
    binder = _Binder(vocabulary)
    bound = binder.tree(tree)
    if binder.problems:
        raise refusal(binder.problems)
    check_size(expanded(bound))
    return bound


class _MisfitError(Exception):
    """A value does not fit its field."""

    def __init__(self, message: str, /, **values: object) -> None:
        self.message = Message(message, **values)
        super().__init__(message)


@dataclass
class _Binder:
    """Walks a tree and notes what is wrong, so that an author sees all mistakes at once."""

    vocabulary: Vocabulary
    within: tuple[int, ...] = ()  # audiences whose conditions are being read
    problems: list[Problem] = field(default_factory=list)

    def tree(self, tree: Tree) -> Tree:
        match tree:
            case And(terms):
                return And(tuple(map(self.tree, terms)))
            case Or(terms):
                return Or(tuple(map(self.tree, terms)))
            case Not(term):
                return Not(self.tree(term))
            case Did():
                return self.did(tree)
            case Sequence() | Friends() | Within() | Member() | Journey():
                return self.call(tree)
            case _:
                return self.atom(tree, self.vocabulary.tag, "unknown_tag")

    def did(self, did: Did) -> Did:
        if did.event not in self.vocabulary.events:
            self.unknown("unknown_event", did.event, self.vocabulary.events, did.place)
        return replace(
            did, filters=tuple(self.atom(each, self.vocabulary.filter, "unknown_field") for each in did.filters)
        )

    def step(self, step: Did) -> Did:
        """An event of a sequence, which is walked over numbers: codes of texts, and whole ones."""
        for atom in step.filters:
            named = self.vocabulary.filter.get(atom.name)
            if named and not named.coded and named.type not in WHOLE:
                self.problems.append(Problem(Message("not_in_sequence", name=quoted(atom.name)), atom.place))
        return self.did(step)

    def call(self, call: Sequence | Friends | Within | Member | Journey) -> Tree:
        if isinstance(call, Journey):
            return self.journey(call)
        if isinstance(call, Member):
            return self.member(call)
        if isinstance(call, Sequence):
            return replace(call, steps=tuple(map(self.step, call.steps)))
        for kind in call.tied.kinds:
            if kind not in self.vocabulary.tie_kinds:
                self.unknown("unknown_tie_kind", kind, self.vocabulary.tie_kinds, call.place)
        return replace(call, term=self.tree(call.term))

    def journey(self, journey: Journey) -> Journey:
        if journey.category not in self.vocabulary.categories:
            self.unknown("unknown_category", journey.category, self.vocabulary.categories, journey.place)
        for stage in journey.stages:
            if stage not in STAGES:
                self.unknown("unknown_stage", stage, frozenset(STAGES), journey.place)
        return journey

    def member(self, member: Member) -> Member:
        """With what its people meet, if they are told by that."""
        number = member.audience
        known = self.vocabulary.audience(number)
        if known is None:
            self.problems.append(Problem(Message("unknown_audience", audience=number), member.place))
        elif known.is_deleted:
            self.problems.append(Problem(Message("audience_is_deleted", audience=number), member.place))
        elif number in self.within:
            path = [str(one) for one in (*self.within, number)]
            self.problems.append(Problem(Message("audience_cycle", path=" → ".join(path)), member.place))
        elif not known.is_fixed and not member.moved:
            inner = _Binder(self.vocabulary, (*self.within, number))
            term = inner.tree(parse(known.condition))
            for problem in inner.problems:
                self.problems.append(
                    Problem(Message("audience_unsound", audience=number, why=problem.message), member.place)
                )
            return replace(member, term=term)
        return replace(member, term=None)

    def atom(self, atom: Atom, known: Mapping[str, Field], unknown: str) -> Atom:
        named = known.get(atom.name)
        if named is None:
            self.unknown(unknown, atom.name, known, atom.place)
            return atom
        try:
            return _typed(atom, named)
        except _MisfitError as misfit:
            self.problems.append(Problem(misfit.message, atom.place))
            return atom

    def unknown(
        self, message: str, name: str, known: Mapping[str, Field] | frozenset[str], place: Place | None
    ) -> None:
        if message == "unknown_tag" and name in self.vocabulary.waiting:
            self.problems.append(Problem(Message("tag_waiting", name=quoted(name)), place))
            return
        hint = nearest(name, known)
        if message == "unknown_field" and name in self.vocabulary.tag:
            hint = Message("is_a_tag", name=quoted(name))
        elif message == "unknown_tag" and name in self.vocabulary.filter:
            hint = Message("tells_of_events", name=quoted(name), word=name)
        self.problems.append(Problem(Message(message, name=quoted(name), hint=hint), place))


def _typed(atom: Atom, named: Field) -> Atom:
    """The atom with values of the field's type.

    Raises:
        _MisfitError: the field has no such comparison, or a value is of another type.
    """
    match atom:
        case Compare(_, operator, value):
            if operator not in {Operator.EQUAL, Operator.UNEQUAL}:
                _check_ordered(named, operator)
            return replace(atom, value=_value(value, named))
        case In(_, values):
            return replace(atom, values=tuple(_value(each, named) for each in values))
        case Between(_, low, high):
            _check_ordered(named, "between")
            return _check_range(replace(atom, low=_value(low, named), high=_value(high, named)))
        case Contains(_, text):
            _check_contains(named, text)
            return replace(atom, text=_text(text, named))
        case IsNull():
            return atom


def _check_ordered(named: Field, operator: str) -> None:
    if named.type not in ORDERED:
        raise _MisfitError("no_order", name=quoted(named.name), type=_type_name(named), operator=str(operator))


def _check_range(atom: Between) -> Between:
    if atom.low > atom.high:  # type: ignore[operator]  # both are of one ordered type by now
        raise _MisfitError("nothing_between", low=write_value(atom.low), high=write_value(atom.high))
    return atom


def _check_contains(named: Field, text: Value) -> None:
    if named.type is not Type.TEXT or (isinstance(named, HistoryField) and named.coded):
        raise _MisfitError("not_searched", name=quoted(named.name))
    if text == "":
        raise _MisfitError("empty_search", name=named.name)


def _value(value: Value, named: Field) -> Value:
    """The value in the field's type."""
    if named.type in NUMBERS:
        return _number(value, named)
    if named.type is Type.FLAG and isinstance(value, bool):
        return value
    if named.type is Type.DATE:
        return _date(value, named)
    if named.type is Type.INSTANT:
        return _instant(value, named)
    text = _text(value, named)
    if isinstance(named, TagField) and named.values and text not in named.values:
        raise _MisfitError("never_value", name=quoted(named.name), text=quoted(text), hint=nearest(text, named.values))
    return text


def _number(value: Value, named: Field) -> Decimal:
    if not isinstance(value, Decimal) or not value.is_finite():
        raise _misfit(value, named)
    if abs(value) >= _LARGEST or value != round(value, DECIMALS):
        raise _MisfitError("number_too_long", number=quoted(write_value(value)), decimals=DECIMALS)
    return value


def _text(value: Value, named: Field) -> str:
    if named.type is not Type.TEXT or not isinstance(value, str):
        raise _misfit(value, named)
    if any("\ud800" <= each <= "\udfff" for each in value):
        raise _MisfitError("half_character", text=quoted(value))
    return value


def _date(value: Value, named: Field) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    found = read_date(value) if isinstance(value, str) else None
    if found is None:
        raise _misfit(value, named)
    return found


def _instant(value: Value, named: Field) -> datetime:
    try:
        instant = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        raise _misfit(value, named) from None
    if not isinstance(instant, datetime) or instant.tzinfo is None:
        raise _misfit(value, named)
    return instant.astimezone(UTC)


def _misfit(value: Value, named: Field) -> _MisfitError:
    kind = Message({bool: "type_flag", Decimal: "type_number", str: "type_text"}.get(type(value), "type_date"))
    said = quoted(value) if isinstance(value, str) else shown(write_value(value))
    hint = _HOW_TO_WRITE.get(named.type, Message("write_number"))
    return _MisfitError(
        "of_other_type", name=quoted(named.name), type=_type_name(named), value=said, kind=kind, hint=hint
    )


def _type_name(named: Field) -> Message:
    return _TYPES[named.type]
