"""A tracking plan as values: the events that are allowed, and the properties that each may have."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Mode(StrEnum):
    """What becomes of events that deviate from the plan; they are counted in each."""

    OBSERVE = "observe"  # they are taken like any other
    QUARANTINE = "quarantine"  # values that the plan forbids keep an event apart; what it does not know is taken
    STRICT = "strict"  # events and properties that the plan does not know are kept apart too


class PropertyType(StrEnum):
    """What a property holds."""

    TEXT = "text"
    WHOLE = "whole"  # a number without decimals
    NUMBER = "number"
    FLAG = "flag"
    TIME = "time"  # a text in ISO 8601, or a number since 1970
    LIST = "list"
    OBJECT = "object"
    ANY = "any"


class PersonalKind(StrEnum):
    """The class of personal data that a property holds; its placeholder is stored, never its value."""

    PHONE = "phone"
    EMAIL = "email"
    NAME = "name"
    ADDRESS = "address"
    ID = "id"
    ID_CARD = "id_card"
    BANK_CARD = "bank_card"
    BIRTH_DATE = "birth_date"

    @property
    def placeholder(self) -> str:
        """What is stored in the place of a value."""
        return f"[{self.value}]"


@dataclass(frozen=True)
class Title:
    """A name for readers; empty = none was given."""

    en: str = ""
    zh: str = ""


@dataclass(frozen=True)
class Property:
    """A property that an event may have.

    Attributes:
        name: as events have it.
        type: what it holds.
        is_required: whether an event without it deviates.
        unit: of its numbers, such as CNY or s; only told.
        personal: class of personal data; None = it holds none.
        values: the only ones allowed, as text; empty = any of the type.
        title: for readers.
    """

    name: str
    type: PropertyType = PropertyType.ANY
    is_required: bool = False
    unit: str = ""
    personal: PersonalKind | None = None
    values: tuple[str, ...] = ()
    title: Title = Title()


@dataclass(frozen=True)
class PlannedEvent:
    """An event that is allowed.

    Attributes:
        name: as events have it.
        title: for readers.
        properties: what it may have, besides what every event may.
    """

    name: str
    title: Title = Title()
    properties: tuple[Property, ...] = ()


@dataclass(frozen=True)
class Plan:
    """A tracking plan.

    Attributes:
        title: for readers.
        events: in the order of their author.
        shared: properties that every event may have.
    """

    title: Title = Title()
    events: tuple[PlannedEvent, ...] = ()
    shared: tuple[Property, ...] = ()
    _by_name: dict[str, PlannedEvent] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._by_name.update((event.name, event) for event in self.events)

    def event(self, name: str) -> PlannedEvent | None:
        """The planned event of that name."""
        return self._by_name.get(name)

    def properties(self, event: str) -> tuple[Property, ...]:
        """What an event may have: its own properties, then the shared ones that it does not declare itself."""
        planned = self._by_name.get(event)
        own = planned.properties if planned else ()
        names = {one.name for one in own}
        return (*own, *(one for one in self.shared if one.name not in names))
