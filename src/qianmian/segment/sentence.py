"""A condition as a sentence, for who does not read its language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from qianmian.core.language import Language
from qianmian.core.messages import Message
from qianmian.profile.journey.definition import STAGE_WORDS
from qianmian.profile.tags.declare import Tag
from qianmian.profile.tags.formulas import VALUES
from qianmian.profile.tags.partial import EVENTS
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
    Tied,
    Tree,
    Value,
    Within,
)
from qianmian.query.window import EVER, Last, Window, write_seconds

_COMPARED = {
    Operator.EQUAL: "said_equal",
    Operator.UNEQUAL: "said_unequal",
    Operator.LESS: "said_less",
    Operator.AT_MOST: "said_at_most",
    Operator.MORE: "said_more",
    Operator.AT_LEAST: "said_at_least",
}
_NUMBERS = {
    Operator.EQUAL: "number_equal",
    Operator.UNEQUAL: "number_unequal",
    Operator.LESS: "number_less",
    Operator.AT_MOST: "number_at_most",
    Operator.MORE: "number_more",
    Operator.AT_LEAST: "number_at_least",
}
#: What each cause of an entry or exit is called.
CAUSE_WORDS = {
    "behaviour": Message("cause_behaviour"),
    "window": Message("cause_window"),
    "definition": Message("cause_definition"),
    "merge": Message("cause_merge"),
    "late": Message("cause_late"),
    "erasure": Message("cause_erasure"),
}
Titles = Mapping[str, Message | str]
_SOME = {(Operator.AT_LEAST, 1), (Operator.MORE, 0)}
_NONE = {(Operator.EQUAL, 0), (Operator.LESS, 1), (Operator.AT_MOST, 0)}
_FIELDS: Titles = {
    "category": Message("by_category"),
    "brand": Message("by_brand"),
    "price_band": Message("by_price_band"),
    "channel": Message("by_channel"),
    "device_type": Message("by_device_type"),
    "region": Message("by_region"),
    "hour": Message("by_hour"),
    "item": Message("by_item"),
}
_STRETCHES = {"d": "stretch_days", "h": "stretch_hours", "m": "stretch_minutes"}
_KINDS = {
    "follow": Message("tie_follow"),
    "like": Message("tie_like"),
    "comment": Message("tie_comment"),
    "share": Message("tie_share"),
    "invite": Message("tie_invite"),
    "group_buy": Message("tie_group_buy"),
    "chat": Message("tie_chat"),
    "gift": Message("tie_gift"),
    "household": Message("tie_household"),
}


def sentence(tree: Tree, tags: Iterable[Tag], language: Language) -> str:
    """What a condition says, in words.

    Args:
        tree: the condition; a name that nobody knows stands as it is.
        tags: their titles are said.
        language: of the words.
    """
    titles: dict[str, Message | str] = {**_FIELDS}
    titles |= {tag.name: tag.zh if language is Language.ZH else tag.en for tag in tags}
    return _said(tree, titles).what(language)


def _said(tree: Tree, titles: Titles) -> Message:  # noqa: PLR0911  # one case a kind of node
    match tree:
        case And(terms):
            return Message("said_all", terms=[_grouped(term, titles) for term in terms])
        case Or(terms):
            return Message("said_any", terms=[_grouped(term, titles) for term in terms])
        case Not(term):
            return _not(term, titles)
        case Did() | Sequence():
            return _done(tree)
        case Friends() | Within():
            return _tied_to(tree, titles)
        case Member() | Journey():
            return _member(tree) if isinstance(tree, Member) else _journey(tree)
        case _:
            return _compared(tree, titles)


def _member(member: Member) -> Message:
    number = member.audience
    if not member.moved:
        return Message("said_in_audience", audience=number)
    why = Message("said_cause", cause=CAUSE_WORDS[member.cause]) if member.cause else ""
    entered = "said_entered" if member.moved == "entered_in" else "said_left"
    return Message(entered, audience=number, build=member.build, why=why)


def _journey(journey: Journey) -> Message:
    stages = [STAGE_WORDS.get(stage, stage) for stage in journey.stages]
    if journey.days:
        return Message("said_journey_since", category=journey.category, stages=stages, days=journey.days)
    return Message("said_journey", category=journey.category, stages=stages)


def _not(term: Tree, titles: Titles) -> Message:
    if isinstance(term, IsNull):
        return Message("said_known", name=titles.get(term.name, term.name))
    return Message("said_not", what=_said(term, titles))


def _grouped(tree: Tree, titles: Titles) -> Message:
    said = _said(tree, titles)
    return Message("said_group", what=said) if isinstance(tree, And | Or) else said


def _compared(atom: Atom, titles: Titles) -> Message:
    name = titles.get(atom.name, atom.name)
    match atom:
        case Compare(_, operator, value):
            return Message(_COMPARED[operator], name=name, value=_value(value))
        case In(_, values):
            return Message("said_in", name=name, values=list(map(_value, values)))
        case Between(_, low, high):
            return Message("said_between", name=name, low=_value(low), high=_value(high))
        case IsNull():
            return Message("said_unknown", name=name)
        case Contains(_, text):
            return Message("said_contains", name=name, text=text)


def _value(value: Value) -> Message | str:
    match value:
        case bool():
            return Message("said_yes" if value else "said_no")
        case Decimal():
            return f"{value:,f}"
        case date():  # an instant is one too
            return value.isoformat()
        case _:
            return VALUES.get(value, value)


def _done(done: Did | Sequence) -> Message:
    window = _window(done.window)
    if isinstance(done, Did):
        return Message("said_did", event=_event(done), times=_times(done), window=window)
    steps = [_event(step) for step in done.steps]
    if done.seconds is None:
        return Message("said_sequence", steps=steps, window=window)
    return Message("said_sequence_within", steps=steps, window=window, within=_stretch(done.seconds))


def _stretch(seconds: int) -> Message:
    written = write_seconds(seconds)
    return Message(_STRETCHES[written[-1]], many=written[:-1])


def _event(did: Did) -> Message:
    event = EVENTS.get(did.event) or Message("verbatim", text=did.event)
    if not did.filters:
        return event
    return Message("said_filtered", event=event, filters=[_compared(each, _FIELDS) for each in did.filters])


def _times(did: Did) -> Message:
    if (did.operator, did.count) in _NONE:
        return Message("times_never")
    if (did.operator, did.count) in _SOME:
        return Message("times_some")
    return Message("times", number=_number(did))


def _number(counted: Did | Friends) -> Message:
    return Message(_NUMBERS[counted.operator], count=counted.count)


def _window(window: Window) -> Message:
    if window == EVER:
        return Message("all_time")
    if isinstance(window, Last):
        return Message("last_days", days=window.days)
    if window.end is None:
        return Message("said_since", start=window.start)
    if window.start is None:
        return Message("said_until", end=window.end)
    return Message("said_dates", start=window.start, end=window.end)


def _tied_to(social: Friends | Within, titles: Titles) -> Message:
    told = {"who": _who(social.tied), "what": _said(social.term, titles)}
    if isinstance(social, Within):
        return Message("said_within", hops=social.hops, **told)
    return Message("said_friends", number=_number(social), **told)


def _who(tied: Tied) -> Message:
    """Which people count as friends."""
    told = [Message("said_kinds", kinds=[_KINDS.get(kind, kind) for kind in tied.kinds])] if tied.kinds else []
    told += [Message("said_out" if tied.direction == "out" else "said_in_to")] if tied.direction else []
    told += [Message("said_strength", strength=f"{tied.strength:f}")] if tied.strength is not None else []
    return Message("said_friends_by", how=told) if told else Message("said_any_friends")
