"""What the doors tell of the tracking plan."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from pydantic import Field

from qianmian.app.contracts.base import Contract, Words
from qianmian.app.tracking.plans import PlanVersion
from qianmian.app.tracking.quarantine import KeptApart
from qianmian.app.tracking.review import EventLine, PropertyLine
from qianmian.collect.plan.plan import Property
from qianmian.collect.plan.starters import Starter
from qianmian.core.language import Language


class TitleTold(Contract):
    """A name for readers; empty = none was given."""

    en: str = Field(description="in English")
    zh: str = Field(description="in Chinese")


class PlannedPropertyTold(Contract):
    """A property as it is planned."""

    type: str = Field(description="text, whole, number, flag, time, list, object or any")
    required: bool = Field(description="whether an event without it deviates")
    unit: str = Field(description="of its numbers; may be empty")
    personal: str = Field(description="class of personal data, whose placeholder is stored; empty = none")
    values: list[str] = Field(description="the only ones allowed; empty = any of the type")
    title: TitleTold = Field(description="for readers")

    @classmethod
    def of(cls, planned: Property) -> PlannedPropertyTold:
        """The property with its class of personal data as a word."""
        return cls(
            type=planned.type.value,
            required=planned.is_required,
            unit=planned.unit,
            personal=planned.personal.value if planned.personal else "",
            values=list(planned.values),
            title=TitleTold.model_validate(planned.title),
        )


class PlanVersionTold(Contract):
    """A version of the plan."""

    version: int = Field(description="its number")
    digest: str = Field(description="over what it says, however it was written")
    origin: str = Field(description="what brought it: file, starters, promoted or console")
    applied_by: str = Field(description="account; empty = the command line or the workspace's token")
    applied_at: datetime = Field(description="since when it holds")
    events: int = Field(description="how many events it has")

    @classmethod
    def of(cls, one: PlanVersion) -> PlanVersionTold:
        """The version without its text."""
        return cls.model_validate({**vars(one), "events": len(one.plan.events)})


class ModeTold(Contract):
    """What becomes of events that deviate."""

    source: str = Field(description="data source; empty = every source without a mode of its own")
    mode: str = Field(description="observe, quarantine or strict")
    changed_by: str = Field(description="account that chose it; empty = the command line, or nobody")
    changed_at: datetime | None = Field(description="since when; empty = always")


class EventLineTold(Contract):
    """An event that is planned or was seen."""

    name: str = Field(description="as events have it")
    title: TitleTold = Field(description="for readers")
    planned: bool = Field(description="whether the plan has it")
    properties: int = Field(description="how many properties are planned for it")
    events: int = Field(description="taken in, ever")
    recent: int = Field(description="taken in in the days that are told")
    deviations: int = Field(description="in those days; an event that deviates in two ways counts twice")
    sources: list[str] = Field(description="which sent it")
    first_at: datetime | None = Field(description="when the first was taken in; empty = never")
    last_at: datetime | None = Field(description="when the last was taken in; empty = never")

    @classmethod
    def of(cls, line: EventLine) -> EventLineTold:
        """The event with what is planned of it."""
        planned = line.planned
        title = TitleTold.model_validate(planned.title) if planned else TitleTold(en="", zh="")
        more = {"title": title, "planned": planned is not None, "properties": len(planned.properties) if planned else 0}
        return cls.model_validate({**vars(line), **more})


class WaitingTold(Contract):
    """Events that are kept apart."""

    source: str = Field(description="who sent them")
    reason: str = Field(description="machine name of the violation that kept them apart")
    events: int = Field(description="how many")


class PlanTold(Contract):
    """The tracking plan beside what was seen."""

    version: PlanVersionTold | None = Field(description="the version that holds; empty = nothing is planned yet")
    text: str = Field(description="the plan as YAML; empty = nothing is planned yet")
    mode: str = Field(description="of sources without a mode of their own")
    modes: list[ModeTold] = Field(description="the modes that somebody chose")
    days: int = Field(description="how many days `recent` and `deviations` tell of")
    events: list[EventLineTold] = Field(description="the planned ones in the plan's order, then the others by volume")
    waiting: list[WaitingTold] = Field(description="events that are kept apart")


class SeenTypeTold(Contract):
    """A type in which a property came."""

    type: str = Field(description="a type of the plan, masked (its value was replaced), or empty (null)")
    events: int = Field(description="how many events had it so")


class PropertyLineTold(Contract):
    """A property of an event: planned and seen."""

    name: str = Field(description="as events have it")
    planned: PlannedPropertyTold | None = Field(description="as it is planned; empty = it is not")
    shared: bool = Field(description="whether it is planned for every event")
    types: list[SeenTypeTold] = Field(description="what it held, the commonest first")
    events: int = Field(description="events that had it, ever")
    deviations: int = Field(description="violations in the days that are told")
    first_at: datetime | None = Field(description="when the first was taken in; empty = never")
    last_at: datetime | None = Field(description="when the last was taken in; empty = never")
    sample: str = Field(description="the form of one value: letters and digits are replaced")

    @classmethod
    def of(cls, line: PropertyLine) -> PropertyLineTold:
        """The property with its types as a list."""
        types = [SeenTypeTold(type=name, events=events) for name, events in line.types.items()]
        planned = PlannedPropertyTold.of(line.planned) if line.planned else None
        return cls.model_validate({**vars(line), "types": types, "planned": planned, "shared": line.is_shared})


class ViolationTold(Contract):
    """Events that deviate in one way."""

    source: str = Field(description="who sent them")
    event: str = Field(description="name of the event")
    property: str = Field(description="which; empty = the event itself; * = one of many")
    kind: str = Field(description="unplanned_event, unplanned_property, missing_property, wrong_type or wrong_value")
    events: int = Field(description="how many in the days that are told")
    last_on: str = Field(description="local date of the last")
    last_at: datetime = Field(description="when the last was taken in")
    example: str = Field(description="the form of one value: letters and digits are replaced")
    planned: bool = Field(validation_alias="is_planned", description="whether the plan has it by now")


class PlanEventTold(Contract):
    """An event: its properties, planned and seen, and how it deviates."""

    event: EventLineTold = Field(description="the event itself")
    properties: list[PropertyLineTold] = Field(description="the planned ones in the plan's order, then the others")
    violations: list[ViolationTold] = Field(description="the commonest first")


class KeptApartTold(Contract):
    """An event that is kept apart, without its content."""

    id: str = Field(description="by which it is looked at and replayed")
    event: str = Field(description="its name as it came, personal values masked; empty if it cannot be read")
    source: str = Field(description="who sent it")
    reason: str = Field(description="machine name of the violation")
    property: str = Field(description="which; empty = the event itself")
    detail: Words = Field(description="what the plan says")
    refused_at: datetime = Field(description="when it was kept apart")

    @classmethod
    def of(cls, one: KeptApart, language: Language) -> Self:
        """The event, why it is kept apart in words."""
        told = {**vars(one.row), **vars(one), "property": one.row.field}
        return cls.model_validate(told, context=language)


class KeptApartEventTold(KeptApartTold):
    """An event that is kept apart, with what it holds."""

    content: dict[str, Any] | None = Field(description="personal values masked; empty if it is no JSON object")


class PlanDifferenceTold(Contract):
    """One thing that a plan would change."""

    event: str = Field(description="name of the event; empty = the properties of all events")
    property: str = Field(description="which; empty = the event itself")
    what: str = Field(description="added, removed or changed")


class PlanCheckedTold(Contract):
    """A plan that could be applied."""

    events: int = Field(description="how many events it has")
    digest: str = Field(description="over what it says")
    differences: list[PlanDifferenceTold] = Field(description="what it would change of the plan that holds")


class StarterTold(Contract):
    """A plan that comes with the product."""

    name: str = Field(description="such as group_buy")
    title: TitleTold = Field(description="for readers")
    events: list[str] = Field(description="names of its events")
    text: str = Field(description="the YAML")

    @classmethod
    def of(cls, starter: Starter) -> StarterTold:
        """The starter with the names of its events."""
        title = TitleTold.model_validate(starter.plan.title)
        return cls(name=starter.name, title=title, events=[one.name for one in starter.plan.events], text=starter.text)


class ReplayedTold(Contract):
    """What became of events that were kept apart: read = stored + duplicates + waiting."""

    read: int = Field(description="how many waited")
    stored: int = Field(description="came in; profiles follow with the next build")
    duplicates: int = Field(description="were there already")
    waiting: int = Field(description="deviate still, and stay")
