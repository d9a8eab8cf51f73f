"""What the doors tell of saved audiences, of what sets one apart, and of two side by side."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field, field_validator

from qianmian.app.contracts.base import Contract, Value, Words
from qianmian.app.contracts.profile import ComputedTold, PeopleTold, TagTold
from qianmian.profile.tags.declare import Tag
from qianmian.segment.members.causes import Cause
from qianmian.segment.members.standing import AudienceKind


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
    kind: AudienceKind = Field(description="dynamic = counted by every build, fixed = its people were frozen at one")
    frozen_in: int | None = Field(description="number of the build at which its people were frozen; empty = dynamic")
    lists: str = Field(description="condition that lists its people")


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


class CausePeopleTold(Contract):
    """People who entered or left for one cause."""

    cause: Cause = Field(description="why: definition, merge, behaviour, late or window; of exits also erasure")
    people: int = Field(description="how many they were when the build found it")
    condition: str | None = Field(description="condition that lists those who are still known; empty = erased")


class AudienceBuildTold(Contract):
    """What a build changed in an audience."""

    build: int = Field(description="number of the build")
    counted_at: datetime = Field(description="its instant, UTC")
    people: int = Field(description="who were in it after that")
    of_people: int = Field(description="people with a profile then")
    entered: list[CausePeopleTold] = Field(description="who entered, by cause")
    left: list[CausePeopleTold] = Field(description="who left, by cause")
    failed: Words | None = Field(description="why it could not be counted, so that its people stayed; empty = it was")


class AudienceChangesTold(Contract):
    """A saved audience over time."""

    audience: SavedAudienceTold = Field(description="the audience")
    people: int | None = Field(description="who are in it; empty = no build has counted it")
    last_build: int | None = Field(description="build that last counted it, or tried to; empty = none has")
    counted_at: datetime | None = Field(description="instant of its last good count, UTC; empty = there was none")
    is_current: bool = Field(description="whether the condition that was counted is the one that holds")
    failed: Words | None = Field(description="why the last build could not count it; empty = it could")
    builds: list[AudienceBuildTold] = Field(description="builds that changed anything, the newest first")
    computed: ComputedTold = Field(description="the last build")


class OverlapSideTold(Contract):
    """One of several audiences that overlap."""

    audience: int = Field(description="its number")
    name: str = Field(description="what its owner calls it")
    people: int = Field(description="who are in it")
    condition: str = Field(description="condition that lists them")


class OverlapPairTold(Contract):
    """People who are in two audiences, whatever else they are in."""

    first: int = Field(description="number of one")
    second: int = Field(description="number of the other")
    people: int = Field(description="who are in both")
    of_first: float | None = Field(description="their share in the first; empty = fewer than 30 are in it")
    of_second: float | None = Field(description="their share in the second; empty = fewer than 30 are in it")
    condition: str = Field(description="condition that lists them")


class IntersectionTold(Contract):
    """People who are in just some of the audiences."""

    audiences: list[int] = Field(description="numbers of those that they are in; they are in no other")
    people: int = Field(description="how many they are")
    share: float | None = Field(description="in all who are in any of them; empty = fewer than 30 are")
    condition: str = Field(description="condition that lists them")


class OverlapTold(Contract):
    """How saved audiences overlap."""

    audiences: list[OverlapSideTold] = Field(description="in the order in which they were asked for")
    pairs: list[OverlapPairTold] = Field(description="every two of them")
    intersections: list[IntersectionTold] = Field(description="combinations that anybody has, the largest first")
    people: int = Field(description="who are in any of them")
    of_people: int = Field(description="people with a profile")
    computed: ComputedTold = Field(description="from which build")
