"""In which ways an event deviates from the plan: decided by its name and the types of its properties alone.

Every event of one shape has the same verdict, so it is found once a shape, however events were delivered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from qianmian.collect.imports.check import Reason
from qianmian.collect.plan.plan import Mode, Plan, Property, PropertyType
from qianmian.core.messages import Message

#: What a value was that the scan for personal data replaced: it fits every type.
MASKED = "masked"
#: The type of JSON's null: the same as no value.
EMPTY = "empty"
#: Properties beyond those that are looked at one by one; also events beyond those.
OTHERS = "*"
#: A vendor's own events and properties begin with it: an SDK sends them whatever the plan says.
_VENDOR = "$"

_VALUES = (Reason.MISSING_PROPERTY, Reason.WRONG_TYPE, Reason.WRONG_VALUE)
_UNKNOWN = (Reason.UNPLANNED_EVENT, Reason.UNPLANNED_PROPERTY)
#: All kinds of violation.
KINDS = (*_VALUES, *_UNKNOWN)
#: Mode → kinds of violation that keep an event apart.
KEPT_APART: Mapping[Mode, tuple[Reason, ...]] = {
    Mode.OBSERVE: (),
    Mode.QUARANTINE: _VALUES,
    Mode.STRICT: KINDS,
}
_FITS = {
    PropertyType.NUMBER: ("number", "whole"),
    PropertyType.TIME: ("text", "number", "whole"),
}


@dataclass(frozen=True)
class EventShape:
    """What many events have in common.

    Attributes:
        name: of the event.
        is_track: whether it was tracked as such; other calls say who somebody is, or which page they see.
        types: property → type of its value: a `PropertyType`, `MASKED` or `EMPTY`.
        wrong: properties whose value is of the right type and yet not allowed.
        has_others: whether it has properties besides those in ``types``.
    """

    name: str
    is_track: bool
    types: Mapping[str, str]
    wrong: AbstractSet[str] = field(default_factory=frozenset)
    has_others: bool = False


@dataclass(frozen=True)
class Violation:
    """One way in which events of a shape deviate.

    Attributes:
        kind: machine name, one of `KINDS`; the reason of a row that is kept apart for it.
        property: which; empty = the event itself.
        expected: what the plan says.
    """

    kind: Reason
    property: str
    expected: Message


def violations(plan: Plan, shape: EventShape, known: AbstractSet[str]) -> Iterator[Violation]:
    """Every violation of a shape, in the order of the plan; what is unknown comes last.

    Args:
        plan: what is allowed.
        shape: of the events.
        known: properties that a protocol adds by itself.
    """
    if plan.event(shape.name) is None:
        if shape.is_track and not shape.name.startswith(_VENDOR):
            yield Violation(Reason.UNPLANNED_EVENT, "", Message("want_planned_event", event=shape.name))
        return
    planned = {one.name: one for one in plan.properties(shape.name)}
    for one in planned.values():
        yield from _of_property(shape, one)
    unknown = [
        name for name in shape.types if name not in planned and name not in known and not name.startswith(_VENDOR)
    ]
    for name in [*sorted(unknown), *([OTHERS] if shape.has_others else [])]:
        expected = Message("want_planned_property", event=shape.name)
        yield Violation(Reason.UNPLANNED_PROPERTY, name, expected)


def _of_property(shape: EventShape, planned: Property) -> Iterator[Violation]:
    found = shape.types.get(planned.name, EMPTY)
    if found == EMPTY:
        if planned.is_required:
            yield Violation(Reason.MISSING_PROPERTY, planned.name, Message("want_property", event=shape.name))
    elif planned.personal or found == MASKED:
        return  # its value is not there any more
    elif planned.type is not PropertyType.ANY and found not in _FITS.get(planned.type, (planned.type.value,)):
        expected = Message("want_type", event=shape.name, type=planned.type.value, found=found)
        yield Violation(Reason.WRONG_TYPE, planned.name, expected)
    elif planned.name in shape.wrong:
        yield Violation(Reason.WRONG_VALUE, planned.name, _allowed(shape.name, planned))


def _allowed(event: str, planned: Property) -> Message:
    if planned.values:
        return Message("want_planned_value", event=event, choices=list(planned.values))
    return Message("want_planned_time", event=event)
