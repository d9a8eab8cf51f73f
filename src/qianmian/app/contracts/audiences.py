"""What the doors tell of saved audiences, of what sets one apart, and of two side by side."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field, field_validator

from qianmian.app.contracts.base import Contract, Value
from qianmian.app.contracts.profile import ComputedTold, PeopleTold, TagTold
from qianmian.profile.tags.declare import Tag


class SavedAudienceTold(Contract):
    """An audience that somebody gave a name."""

    audience: int = Field(description="its number")
    name: str = Field(description="what its owner calls it, typed-in personal data masked")
    condition: str = Field(description="canonical text of what its people meet")
    note: str = Field(description="what it is for; may be empty")
    created_by: str = Field(description="account that saved it; empty = the command line or the workspace's token")
    created_at: datetime = Field(description="when it was saved, UTC")
    changed_by: str = Field(description="account that last changed name, condition or note")
    changed_at: datetime = Field(description="when that was, UTC")
    people: int = Field(description="people who met the condition at the last count")
    of_people: int = Field(description="people with a profile at that count")
    computed_at: datetime = Field(description="when the build that was counted was computed, UTC")
    deleted_at: datetime | None = Field(description="when it was deleted; empty = it stands")


class _OfTag(Contract):
    """Something about a tag, which is told by its definition."""

    tag: TagTold = Field(description="the definition")

    @field_validator("tag", mode="before")
    @classmethod
    def _told(cls, given: Any) -> Any:
        return TagTold.of(given) if isinstance(given, Tag) else given


class ValueCountTold(Contract):
    """People with one value of a tag."""

    value: Value = Field(description="the value")
    people: int = Field(description="how many; 0 for a declared value that nobody has")
    condition: str = Field(description="condition that lists them")


class TagValuesTold(_OfTag):
    """The values of a tag."""

    values: list[ValueCountTold] = Field(description="the commonest first, up to 2,000")
    others: int = Field(description="how many further values there are")
    computed: ComputedTold = Field(description="from which build")


class TypicalTold(_OfTag):
    """A value that the people of an audience have more often than everybody."""

    value: Value = Field(description="the value")
    here: int = Field(description="people of the audience who have it")
    everywhere: int = Field(description="people who have it")
    tgi: float | None = Field(description="share here over share everywhere, times 100; empty = fewer than 30 people")
    tgi_low: float | None = Field(description="its lower bound: Wilson's interval, corrected for the values compared")
    condition_here: str = Field(description="condition that lists those of the audience")
    condition: str = Field(description="condition that lists all of them")


class InsightTold(Contract):
    """What sets an audience apart."""

    condition: str = Field(description="canonical text of what its people meet")
    people: int = Field(description="how many they are")
    of_people: int = Field(description="people with a profile")
    compared: int = Field(description="tag values that were looked at")
    typical: list[TypicalTold] = Field(description="the values that set it apart most, the strongest first")
    computed: ComputedTold = Field(description="from which build")


class SideTold(Contract):
    """One of two audiences that are compared."""

    condition: str | None = Field(description="canonical text of what its people meet; empty = everybody")
    people: int = Field(description="how many they are")


class ComparedValueTold(Contract):
    """A value, or a range of values, on both sides."""

    label: Value = Field(description="the value; of a range, its lowest; empty = all values that are not listed")
    upto: Value = Field(description="the highest of a range; empty for a single value")
    first: PeopleTold = Field(description="those of the first side")
    second: PeopleTold = Field(description="those of the second side")


class ComparedTagTold(_OfTag):
    """A tag over both sides."""

    values: list[ComparedValueTold] = Field(description="its commonest values over everybody, or ranges")


class ComparisonTold(Contract):
    """Two audiences side by side."""

    first: SideTold = Field(description="one")
    second: SideTold = Field(description="the other")
    both: int = Field(description="people who belong to both")
    tags: list[ComparedTagTold] = Field(description="what was compared")
    computed: ComputedTold = Field(description="from which build")
