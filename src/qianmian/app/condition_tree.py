"""From a condition's tree to its JSON, and back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter

from qianmian.app.contracts.condition import (
    AtomTold,
    BetweenTold,
    CompareTold,
    ConditionTold,
    ContainsTold,
    DidTold,
    FlagTold,
    FriendsTold,
    GroupTold,
    InTold,
    JourneyTold,
    MemberTold,
    NotTold,
    NullTold,
    NumberTold,
    SequenceTold,
    StepTold,
    TextTold,
    TiedTold,
    ValueTold,
    WindowTold,
    WithinTold,
)
from qianmian.core.messages import Message
from qianmian.query import tree
from qianmian.query.problems import Problem, quoted, refusal
from qianmian.query.window import MAX_WINDOW_DAYS, Dates, Last, Window, read_seconds, write_seconds

_CONDITION: TypeAdapter[ConditionTold] = TypeAdapter(ConditionTold)


def condition_told(node: tree.Tree) -> ConditionTold:
    """A tree as JSON has it."""
    return _CONDITION.validate_python(_told(node))


def _told(node: tree.Tree) -> dict[str, Any]:  # noqa: PLR0911  # one case a kind of node
    match node:
        case tree.And(terms) | tree.Or(terms):
            return {"type": "and" if isinstance(node, tree.And) else "or", "terms": list(map(_told, terms))}
        case tree.Not(term):
            return {"type": "not", "term": _told(term)}
        case tree.Did():
            counted = {"operator": node.operator, "times": node.count}
            return {"type": "did", **_step(node), "window": _window_told(node.window), **counted}
        case tree.Sequence(steps, seconds, window):
            within = None if seconds is None else write_seconds(seconds)
            return {
                "type": "sequence",
                "steps": list(map(_step, steps)),
                "within": within,
                "window": _window_told(window),
            }
        case tree.Friends(term, tied):
            counted = {"operator": node.operator, "people": node.count}
            return {"type": "friends", "term": _told(term), "tied": _tied_told(tied), **counted}
        case tree.Within(term, hops, tied):
            return {"type": "within", "term": _told(term), "hops": hops, "tied": _tied_told(tied)}
        case tree.Member(audience, moved, build, cause):
            said = {"moved": moved or None, "build": build or None, "cause": cause or None}
            return {"type": "audience", "audience": audience, **said}
        case tree.Journey(category, stages, days):
            return {"type": "journey", "category": category, "stages": list(stages), "days": days or None}
        case _:
            return _atom_told(node)


def _atom_told(atom: tree.Atom) -> dict[str, Any]:
    match atom:
        case tree.Compare(name, operator, value):
            return {"type": "compare", "name": name, "operator": operator, "value": _value_told(value)}
        case tree.In(name, values):
            return {"type": "in", "name": name, "values": list(map(_value_told, values))}
        case tree.Between(name, low, high):
            return {"type": "between", "name": name, "low": _value_told(low), "high": _value_told(high)}
        case tree.IsNull(name):
            return {"type": "null", "name": name}
        case tree.Contains(name, text):
            return {"type": "contains", "name": name, "text": text}


def _value_told(value: tree.Value) -> dict[str, Any]:
    match value:
        case bool():
            return {"type": "flag", "flag": value}
        case Decimal():
            return {"type": "number", "number": f"{value:f}"}
        case date():  # an instant is one too
            return {"type": "text", "text": value.isoformat()}
        case _:
            return {"type": "text", "text": value}


def _step(did: tree.Did) -> dict[str, Any]:
    return {"event": did.event, "filters": list(map(_atom_told, did.filters))}


def _window_told(window: Window) -> dict[str, Any]:
    if isinstance(window, Last):
        return {"last_days": window.days}
    return {"from_on": window.start, "to_on": window.end}


def _tied_told(tied: tree.Tied) -> dict[str, Any]:
    strength = None if tied.strength is None else _value_told(tied.strength)
    return {"kinds": list(tied.kinds), "direction": tied.direction, "strength": strength}


def tree_of(told: ConditionTold) -> tree.Tree:  # noqa: PLR0911  # one case a kind of node
    """The inverse of `condition_told`; what no text can say, `qianmian.query.parse` refuses when it is read back.

    Raises:
        ConditionError: a part says two things, or nothing, where its text would say one.
    """
    match told:
        case GroupTold(terms=[only]):
            return tree_of(only)
        case GroupTold(type="and", terms=terms):
            return tree.And(tuple(map(tree_of, terms)))
        case GroupTold(terms=terms):
            return tree.Or(tuple(map(tree_of, terms)))
        case NotTold(term=term):
            return tree.Not(tree_of(term))
        case DidTold(window=window, operator=operator, times=times):
            return tree.Did(told.event, _filters(told), _window(window), operator, times)
        case SequenceTold(steps=steps, within=within, window=window):
            of = tuple(tree.Did(one.event, _filters(one)) for one in steps)
            return tree.Sequence(of, None if within is None else _seconds(within), _window(window))
        case FriendsTold(term=term, tied=tied, operator=operator, people=people):
            return tree.Friends(tree_of(term), _tied(tied), operator, people)
        case WithinTold(term=term, hops=hops, tied=tied):
            return tree.Within(tree_of(term), hops, _tied(tied))
        case MemberTold() | JourneyTold():
            return _standing(told)
        case _:
            return _atom(told)


def _standing(told: MemberTold | JourneyTold) -> tree.Member | tree.Journey:
    if isinstance(told, MemberTold):
        return tree.Member(told.audience, told.moved or "", told.build or 0, told.cause or "")
    return tree.Journey(told.category, tuple(dict.fromkeys(told.stages)), told.days or 0)


def _atom(told: AtomTold) -> tree.Atom:
    match told:
        case CompareTold(name=name, operator=operator, value=value):
            return tree.Compare(name, operator, _value(value))
        case InTold(name=name, values=values):
            return tree.In(name, tuple(map(_value, values)))
        case BetweenTold(name=name, low=low, high=high):
            return tree.Between(name, _value(low), _value(high))
        case NullTold(name=name):
            return tree.IsNull(name)
        case ContainsTold(name=name, text=text):
            return tree.Contains(name, text)


def _value(told: ValueTold) -> tree.Value:
    match told:
        case NumberTold(number=number):
            return Decimal(number)
        case FlagTold(flag=flag):
            return flag
        case TextTold(text=text):
            return text


def _filters(told: StepTold) -> tuple[tree.Atom, ...]:
    return tuple(map(_atom, told.filters))


def _seconds(within: str) -> int:
    seconds = read_seconds(within)
    if seconds is None:
        raise refusal([Problem(Message("no_stretch", text=quoted(within), most=MAX_WINDOW_DAYS))])
    return seconds


def _window(told: WindowTold) -> Window:
    if told.last_days is not None and (told.from_on or told.to_on):
        raise refusal([Problem(Message("second_window", word="'last'"))])
    return Dates(told.from_on, told.to_on) if told.last_days is None else Last(told.last_days)


def _tied(told: TiedTold) -> tree.Tied:
    strength = None if told.strength is None else Decimal(told.strength.number)
    return tree.Tied(tuple(dict.fromkeys(told.kinds)), told.direction, strength)
