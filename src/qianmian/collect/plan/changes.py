"""A plan changed: starters added, what was seen promoted, and how two versions differ."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from qianmian.collect.plan.found import Seen
from qianmian.collect.plan.plan import PersonalKind, Plan, PlannedEvent, Property, PropertyType
from qianmian.collect.plan.verdict import EMPTY, MASKED, OTHERS

_NUMBERS = {PropertyType.WHOLE, PropertyType.NUMBER}


@dataclass(frozen=True)
class Difference:
    """One thing in which two plans differ.

    Attributes:
        event: name of the event; empty = the shared properties.
        property: which; empty = the event itself.
        what: added, removed or changed.
    """

    event: str
    property: str
    what: str


def differences(before: Plan, after: Plan) -> list[Difference]:
    """What a plan would change, event by event; titles count too."""
    events = dict.fromkeys([*(one.name for one in before.events), *(one.name for one in after.events)])
    found = list(_differing("", before.shared, after.shared))
    for name in events:
        old, new = before.event(name), after.event(name)
        if old and new:
            if old.title != new.title:
                found.append(Difference(name, "", "changed"))
            found += _differing(name, old.properties, new.properties)
        else:
            found.append(Difference(name, "", "added" if new else "removed"))
    return found


def with_more(plan: Plan, more: Iterable[Plan]) -> Plan:
    """A plan with the events and shared properties of others that it does not have."""
    for other in more:
        shared = {one.name for one in plan.shared}
        plan = replace(
            plan,
            title=plan.title if plan.events else other.title,
            events=(*plan.events, *(one for one in other.events if plan.event(one.name) is None)),
            shared=(*plan.shared, *(one for one in other.shared if one.name not in shared)),
        )
    return plan


def with_property(plan: Plan, event: str, planned: Property) -> Plan:
    """A plan in which an event has a property so; the event is added if it is not planned."""
    old = plan.event(event) or PlannedEvent(event)
    has = any(one.name == planned.name for one in old.properties)
    kept = tuple(planned if one.name == planned.name else one for one in old.properties)
    return with_event(plan, replace(old, properties=kept if has else (*kept, planned)))


def with_event(plan: Plan, planned: PlannedEvent) -> Plan:
    """A plan that has an event so."""
    if plan.event(planned.name) is None:
        return replace(plan, events=(*plan.events, planned))
    return replace(plan, events=tuple(planned if one.name == planned.name else one for one in plan.events))


def promoted(seen: Iterable[Seen]) -> list[Property]:
    """Properties as they were seen, with the type that fits all that came; personal where a value was masked."""
    by_name: dict[str, list[Seen]] = {}
    for one in seen:
        if one.property and one.property != OTHERS:
            by_name.setdefault(one.property, []).append(one)
    return [Property(name, type_of(_types(found)), personal=_personal(found)) for name, found in by_name.items()]


def type_of(types: Mapping[str, int]) -> PropertyType:
    """The type that fits what was seen.

    >>> type_of({"whole": 3, "number": 1}).value, type_of({"text": 3, "flag": 1}).value, type_of({"masked": 1}).value
    ('number', 'any', 'text')
    """
    known = {PropertyType(name) for name in types if name not in (EMPTY, MASKED)}
    if len(known) == 1:
        return known.pop()
    if known and known <= _NUMBERS:
        return PropertyType.NUMBER
    return PropertyType.ANY if known or MASKED not in types else PropertyType.TEXT


def _types(found: Iterable[Seen]) -> Counter[str]:
    types: Counter[str] = Counter()
    for one in found:
        types[one.type] += one.events
    return types


def _personal(found: Iterable[Seen]) -> PersonalKind | None:
    """The kind of personal data that the scan replaced in what was seen."""
    kinds = {one.value for one in PersonalKind}
    signs = (re.fullmatch(r"\[([a-z_]+)\]", one.sample) for one in found if one.type == MASKED)
    return next((PersonalKind(sign[1]) for sign in signs if sign and sign[1] in kinds), None)


def _differing(event: str, before: tuple[Property, ...], after: tuple[Property, ...]) -> Iterator[Difference]:
    old, new = {one.name: one for one in before}, {one.name: one for one in after}
    for name in dict.fromkeys([*old, *new]):
        if name not in old or name not in new:
            yield Difference(event, name, "added" if name in new else "removed")
        elif old[name] != new[name]:
            yield Difference(event, name, "changed")
