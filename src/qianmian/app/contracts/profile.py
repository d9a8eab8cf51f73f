"""What the doors tell of people and of tags."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pydantic import Field, model_validator

from qianmian.app.answers import Computed, Profile, TagReport
from qianmian.app.contracts.base import Contract, Value
from qianmian.core.language import Language
from qianmian.profile.portrait import TagValue
from qianmian.profile.tags.declare import Tag


class ComputedTold(Contract):
    """What an answer was computed from."""

    build: int = Field(description="number of the build")
    computed_at: datetime = Field(description="when it was computed, UTC")
    today: date = Field(description="local date on which its windows end")
    snapshot: str = Field(description="name of the snapshot that was read")

    @model_validator(mode="before")
    @classmethod
    def _told(cls, given: Any) -> Any:
        """An answer's build is told like any other value of it."""
        return vars(cls.of(given)) if isinstance(given, Computed) else given

    @classmethod
    def of(cls, computed: Computed) -> ComputedTold:
        """The same, ready to be told."""
        return cls(build=computed.build, computed_at=computed.at, today=computed.today, snapshot=computed.snapshot)


class IdentifierTold(Contract):
    """One name of a person, masked."""

    namespace: str = Field(description="kind of identifier, such as phone")
    value: str = Field(description="the value, masked")
    since: datetime | None = Field(description="start of its first interval; empty = from the beginning")


class EventRefTold(Contract):
    """An event that speaks for a value."""

    source: str = Field(description="data source")
    event_id: str = Field(description="the source's number of the event")
    occurred_at: datetime = Field(description="when it happened, UTC")


class EvidenceTold(Contract):
    """Why a tag has its value."""

    events: tuple[str, ...] = Field(description="names of the events that count; empty = any")
    window_days: int | None = Field(description="local dates that count, ending with the build's; empty = all time")
    rows: int = Field(description="how many rows of history count")
    first: EventRefTold | None = Field(description="the earliest of them")
    last: EventRefTold | None = Field(description="the latest of them")


class TagTold(Contract):
    """The definition of a tag."""

    name: str = Field(description="the same in Python, SQL, HTTP and console")
    kind: str = Field(description="first_last, statistic, preference, rule, combination, ranking, lifecycle or rfm")
    type: str = Field(description="type of the value")
    zh: str = Field(description="title in Chinese")
    en: str = Field(description="title in English")
    definition_zh: str = Field(
        description="what it says, in Chinese: what counts, over which window, and how it is cut"
    )
    definition_en: str = Field(description="the same in English")
    events: tuple[str, ...] = Field(description="names of the events behind it; empty = any")
    window_days: int | None = Field(description="local dates that count; empty = all time")
    values: tuple[str, ...] = Field(description="the codes that it can take; empty = open")
    about: tuple[str, ...] = Field(description="where it stands in the tree of tags, from the root")
    note: str = Field(description="what its author says of it; may be empty")
    is_own: bool = Field(description="whether the shop declared it; else it is built in")
    uses: tuple[str, ...] = Field(description="names of the tags whose values it is made of")

    @classmethod
    def of(cls, tag: Tag) -> TagTold:
        """The definition, without its formula."""
        return cls(
            name=tag.name,
            kind=tag.kind.value,
            type=tag.type.name.lower(),
            zh=tag.zh,
            en=tag.en,
            definition_zh=tag.definition.what(Language.ZH),
            definition_en=tag.definition.what(Language.EN),
            events=tag.evidence.events,
            window_days=tag.evidence.window_days,
            values=tag.values,
            about=tag.about,
            note=tag.note,
            is_own=tag.is_own,
            uses=tag.uses,
        )


class TagValueTold(Contract):
    """What one tag says about a person."""

    name: str = Field(description="name of the tag")
    kind: str = Field(description="kind of the tag")
    zh: str = Field(description="title in Chinese")
    en: str = Field(description="title in English")
    value: Value = Field(description="the value, money as text; empty = nothing to say")
    confidence: float | None = Field(description="0 to 1; empty = a plain fact")
    evidence: EvidenceTold = Field(description="why")

    @classmethod
    def of(cls, told: TagValue) -> TagValueTold:
        """The value beside the names of its tag."""
        tag, evidence = told.tag, EvidenceTold.model_validate(told.evidence)
        return cls(
            name=tag.name,
            kind=tag.kind.value,
            zh=tag.zh,
            en=tag.en,
            value=told.value,
            confidence=told.confidence,
            evidence=evidence,
        )


class ProfileTold(Contract):
    """What is known of one person."""

    person: str = Field(description="id of the person, 13 characters")
    identifiers: list[IdentifierTold] = Field(description="names of the person, masked")
    tags: list[TagValueTold] = Field(description="every tag, in the order of their definitions")
    computed: ComputedTold = Field(description="from which build")

    @classmethod
    def of(cls, profile: Profile) -> ProfileTold:
        """The profile, ready to be told."""
        return cls(
            person=profile.person,
            identifiers=[IdentifierTold.model_validate(known) for known in profile.identifiers],
            tags=[TagValueTold.of(value) for value in profile.tags],
            computed=ComputedTold.of(profile.computed),
        )


class ExportTold(Contract):
    """Everything held about one person, unmasked, for that person."""

    person: str = Field(description="id of the person")
    identifiers: list[dict[str, Any]] = Field(description="names of the person, as they are")
    tables: dict[str, list[dict[str, Any]]] = Field(description="rows about the person, by table")
    computed: ComputedTold = Field(description="from which build")

    @classmethod
    def of(cls, export: Mapping[str, Any]) -> ExportTold:
        """The tables of an export apart from who it is about."""
        about = ("person", "identifiers", "computed")
        return cls(
            person=export["person"],
            identifiers=export["identifiers"],
            tables={name: rows for name, rows in export.items() if name not in about},
            computed=ComputedTold.of(export["computed"]),
        )


class ShareTold(Contract):
    """People with one value, or with a value in one range."""

    label: Value = Field(description="the value; of a range, its lowest")
    upto: Value = Field(description="the highest of the range; empty for a single value")
    people: int = Field(description="how many")
    condition: str = Field(description="condition that lists them")


class PeopleTold(Contract):
    """A number of people, and how to list them."""

    people: int = Field(description="how many")
    condition: str = Field(description="condition that lists them")


class TagSummaryTold(Contract):
    """A tag over all people."""

    tag: TagTold = Field(description="the definition")
    people: int = Field(description="people with a profile")
    covered: int = Field(description="people for whom the tag has a value")
    covered_condition: str = Field(description="condition that lists the covered people")
    shares: list[ShareTold] = Field(description="its commonest values, or ranges of equal size")
    rest: PeopleTold | None = Field(description="people with other values; empty = there are none")
    computed: ComputedTold = Field(description="from which build")

    @classmethod
    def of(cls, summary: TagReport) -> TagSummaryTold:
        """The distribution with the build that it comes from."""
        return cls(
            tag=TagTold.of(summary.tag),
            people=summary.people,
            covered=summary.covered,
            covered_condition=summary.covered_condition,
            shares=[ShareTold.model_validate(share) for share in summary.shares],
            rest=None if summary.rest is None else PeopleTold.model_validate(summary.rest),
            computed=ComputedTold.of(summary.computed),
        )
