"""The plan beside what was seen: each event with its volume, its properties, and how it deviates."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from qianmian.app.tracking.counts import DayCount, SeenProperty, days, seen
from qianmian.app.tracking.plans import Plans
from qianmian.app.workspace import Workspace
from qianmian.collect.plan.plan import Plan, PlannedEvent, Property

#: How many days of violations are told unless a door says otherwise.
DAYS = 30


@dataclass(frozen=True)
class EventLine:
    """An event of the plan, or one that was seen without being planned.

    Attributes:
        name: of the event.
        planned: as it is planned; None = it is not.
        events: taken in, ever.
        recent: taken in on the days that are told.
        deviations: in those days; an event that deviates in two ways counts twice.
        sources: which sent it.
        first_at: when the first was taken in.
        last_at: when the last was.
    """

    name: str
    planned: PlannedEvent | None
    events: int
    recent: int
    deviations: int
    sources: tuple[str, ...]
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True)
class ViolationLine:
    """Events that deviate in one way.

    Attributes:
        source: who sent them.
        event: name of the event.
        property: which; empty = the event itself.
        kind: machine name of the violation.
        events: how many in the days that are told.
        last_on: local date of the last.
        last_at: when it was taken in.
        example: the form of one value.
        is_planned: whether the plan has event and property by now.
    """

    source: str
    event: str
    property: str
    kind: str
    events: int
    last_on: str
    last_at: datetime
    example: str
    is_planned: bool


@dataclass(frozen=True)
class PropertyLine:
    """A property of an event: as it is planned, and as it was seen.

    Attributes:
        name: of the property.
        planned: as it is planned, for the event or for all; None = it is not.
        is_shared: whether it is planned for every event.
        types: what it held → in how many events.
        events: that had it.
        deviations: in the days that are told.
        first_at: when the first was taken in.
        last_at: when the last was.
        sample: the form of one value.
    """

    name: str
    planned: Property | None
    is_shared: bool
    types: dict[str, int] = field(default_factory=dict)
    events: int = 0
    deviations: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    sample: str = ""


def event_lines(workspace: Workspace, told_days: int = DAYS) -> list[EventLine]:
    """Every event that is planned or was seen; the planned ones in the order of the plan, then the others by volume."""
    plan, found = Plans(workspace.catalogue, workspace.clock).plan(), seen(workspace.catalogue)
    counted = days(workspace.catalogue, _since(workspace, told_days))
    by_name: dict[str, list[SeenProperty]] = defaultdict(list)
    for one in found:
        if not one.property:
            by_name[one.event].append(one)
    recent = _sums((one.event, one.events) for one in counted if not one.kind)
    deviations = _sums((one.event, one.events) for one in counted if one.kind)
    names = dict.fromkeys([*(event.name for event in plan.events), *by_name])
    lines = [
        EventLine(
            name,
            plan.event(name),
            sum(one.events for one in by_name[name]),
            recent[name],
            deviations[name],
            tuple(sorted({one.source for one in by_name[name]})),
            min((one.first_at for one in by_name[name]), default=None),
            max((one.last_at for one in by_name[name]), default=None),
        )
        for name in names
    ]
    others = sorted((one for one in lines if not one.planned), key=lambda one: (-one.events, one.name))
    return [*(one for one in lines if one.planned), *others]


def property_lines(workspace: Workspace, event: str, told_days: int = DAYS) -> list[PropertyLine]:
    """Every property of an event that is planned or was seen; the planned ones in the order of the plan."""
    plan = Plans(workspace.catalogue, workspace.clock).plan()
    by_name: dict[str, list[SeenProperty]] = defaultdict(list)
    for one in seen(workspace.catalogue, event):
        if one.property:
            by_name[one.property].append(one)
    counted = days(workspace.catalogue, _since(workspace, told_days), event)
    deviations = _sums((one.property, one.events) for one in counted if one.kind)
    planned = {one.name: one for one in plan.properties(event)}
    event_planned = plan.event(event) or PlannedEvent(event)
    own = {one.name for one in event_planned.properties}
    names = [name for name in planned if name in own or name in by_name]
    others = sorted(set(by_name) - set(planned), key=lambda name: (-sum(one.events for one in by_name[name]), name))
    return [
        _property_line(name, planned.get(name), name not in own and name in planned, by_name[name], deviations[name])
        for name in [*names, *others]
    ]


def violation_lines(workspace: Workspace, told_days: int = DAYS, event: str | None = None) -> list[ViolationLine]:
    """How events deviated in the last days, the commonest first."""
    plan = Plans(workspace.catalogue, workspace.clock).plan()
    by_key: dict[tuple[str, str, str, str], list[DayCount]] = defaultdict(list)
    for one in days(workspace.catalogue, _since(workspace, told_days), event):
        if one.kind:
            by_key[one.source, one.event, one.property, one.kind].append(one)
    lines = [
        ViolationLine(
            *key,
            events=sum(one.events for one in found),
            last_on=found[-1].taken_on,
            last_at=found[-1].last_at,
            example=found[-1].example,
            is_planned=_has(plan, found[-1].event, found[-1].property),
        )
        for key, found in by_key.items()
    ]
    return sorted(lines, key=lambda one: (-one.events, one.event, one.property, one.kind, one.source))


def _property_line(
    name: str, planned: Property | None, is_shared: bool, found: list[SeenProperty], deviations: int
) -> PropertyLine:
    types = _sums((one.type, one.events) for one in found)
    return PropertyLine(
        name=name,
        planned=planned,
        is_shared=is_shared,
        types=dict(types.most_common()),
        events=sum(n for kind, n in types.items() if kind != "empty"),
        deviations=deviations,
        first_at=min((one.first_at for one in found), default=None),
        last_at=max((one.last_at for one in found), default=None),
        sample=next((one.sample for one in found if one.sample), ""),
    )


def _has(plan: Plan, event: str, name: str) -> bool:
    return plan.event(event) is not None and (not name or name in {one.name for one in plan.properties(event)})


def _since(workspace: Workspace, told_days: int) -> date:
    today = workspace.clock.now().astimezone(workspace.settings.zone).date()
    return today - timedelta(days=told_days - 1)


def _sums(pairs: Iterable[tuple[str, int]]) -> Counter[str]:
    sums: Counter[str] = Counter()
    for name, events in pairs:
        sums[name] += events
    return sums
