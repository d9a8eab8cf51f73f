"""What the doors tell of the life of a tag: over the builds, of one person, between two dates."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import Field

from qianmian.app.contracts.base import Contract, Value
from qianmian.app.contracts.profile import ComputedTold
from qianmian.app.questions.tag_checkup import TagCheckup
from qianmian.app.questions.tag_history import TagHistory, told_quantiles, told_words
from qianmian.app.questions.tag_stays import Flow, PersonTag
from qianmian.core.language import Language


class TagBuildTold(Contract):
    """What a tag looked like at a build."""

    built_at: datetime = Field(description="the build's now, UTC")
    built_on: date = Field(description="its local date")
    build: int = Field(description="number of the build")
    people: int = Field(description="people with a profile")
    covered: int = Field(description="of them, those for whom the tag has a value")
    changed_people: int | None = Field(
        description="of whom it says something else than at the build before; empty = nothing to compare"
    )
    quantiles: list[float] = Field(
        description="of numbers, the values below which 5, 25, 50, 75 and 95 of 100 lie, up to 2.5 % off; "
        "of dates, how many days ago; empty of words or few people"
    )
    declared_anew: bool = Field(description="whether it was declared otherwise at the build before")
    stored_bytes: int = Field(description="its part of what profiles take on the disk")
    query_seconds: float | None = Field(description="its part of the time that all SELECTs took; empty = it is none")


class WordSeriesTold(Contract):
    """How many people had a value at each build."""

    value: str = Field(description="the value")
    people: list[int] = Field(description="how many, build by build")


class TagComparisonTold(Contract):
    """The last build beside an earlier one."""

    days: int = Field(description="about so many days before: 1, 7 or 30")
    built_at: datetime = Field(description="the earlier build's now, UTC")
    psi: float | None = Field(description="population stability index of the values; empty = too few people")
    noise: float | None = Field(description="what it stays below in 999 of 1,000 cases if nothing changed")
    coverage_change: float = Field(description="the covered share now, less that of then")
    drift: str = Field(description="steady, few = too few people to say, moved, or drifted")


class TagHistoryTold(Contract):
    """A tag over the builds."""

    name: str = Field(description="name of the tag")
    builds: list[TagBuildTold] = Field(description="oldest first")
    words: list[WordSeriesTold] = Field(description="of a tag whose values are words, how many had each")
    comparisons: list[TagComparisonTold] = Field(description="the last build beside earlier ones")
    drift: str | None = Field(description="the worst of them; empty = there is no build to compare with")
    computed: ComputedTold = Field(description="from which build")

    @classmethod
    def of(cls, found: TagHistory) -> TagHistoryTold:
        """The history, ready to be told."""
        before = [None, *(look.definition for look in found.looks)]
        builds = [
            TagBuildTold(
                **{name: getattr(look, name) for name in _OF_LOOK},
                quantiles=told_quantiles(found.tag, look.bins),
                declared_anew=earlier is not None and earlier != look.definition,
            )
            for look, earlier in zip(found.looks, before, strict=False)
        ]
        return cls(
            name=found.tag.name,
            builds=builds,
            words=[WordSeriesTold(**one) for one in told_words(found.tag, found.looks)],
            comparisons=[TagComparisonTold.model_validate(one) for one in found.comparisons],
            drift=found.drift,
            computed=ComputedTold.of(found.computed),
        )


_OF_LOOK = (
    "built_at", "built_on", "build", "people", "covered", "changed_people", "stored_bytes", "query_seconds",
)  # fmt: skip


class StayTold(Contract):
    """A time in which a tag said the same of somebody."""

    value: str | None = Field(description="what it said; empty = nothing")
    since: datetime = Field(description="now of the first build that said so, UTC")
    until: datetime | None = Field(description="now of the first build that said something else; empty = none did")


class PersonTagTold(Contract):
    """What a tag said of one person, as published then and as known now."""

    name: str = Field(description="name of the tag")
    person: str = Field(description="id of the person, 13 characters")
    has_stays: bool = Field(description="whether builds keep what it said")
    stays: list[StayTold] = Field(description="what it said, oldest first")
    on: date = Field(description="the local date that was asked for")
    published: str | None = Field(description="what the last build until then had said; empty = nothing, or not kept")
    recounted: Value = Field(description="what it says of that date by its definition of now; empty = nothing")
    not_recounted: str | None = Field(description="why that cannot be told; empty = it can")
    beside_others: bool = Field(description="whether it places the person among others, who are the last build's")
    computed: ComputedTold = Field(description="from which build")

    @classmethod
    def of(cls, found: PersonTag, language: Language) -> PersonTagTold:
        """The same, ready to be told."""
        why = found.not_recounted
        told: dict[str, Any] = {name: getattr(found, name) for name in ("person", "has_stays", "on", "published")}
        return cls(
            **told,
            name=found.tag.name,
            stays=[StayTold.model_validate(stay) for stay in found.stays],
            recounted=found.recounted,
            not_recounted=why.what(language) if why else None,
            beside_others=found.beside_others,
            computed=ComputedTold.of(found.computed),
        )


class MoveTold(Contract):
    """People who went from a value to another, or stayed."""

    before: str | None = Field(description="the value on the earlier date; empty = none, or they were not there")
    after: str | None = Field(description="the value on the later date; empty = none, or they are gone")
    people: int = Field(description="how many")


class FlowTold(Contract):
    """Who was where on two dates."""

    name: str = Field(description="name of the tag")
    values: tuple[str, ...] = Field(description="the values that it can take, in their order")
    first_on: date = Field(description="the first date of which anything is known")
    since: date = Field(description="the earlier local date, as it ended")
    until: date = Field(description="the later one")
    moves: list[MoveTold] = Field(description="how many went from which value to which")
    computed: ComputedTold = Field(description="from which build")

    @classmethod
    def of(cls, found: Flow) -> FlowTold:
        """The flow, ready to be told."""
        dates: dict[str, Any] = {name: getattr(found, name) for name in ("first_on", "since", "until")}
        moves = [MoveTold.model_validate(move) for move in found.moves]
        tag, computed = found.tag, ComputedTold.of(found.computed)
        return cls(name=tag.name, values=tag.values, moves=moves, computed=computed, **dates)


class MovedPeopleTold(Contract):
    """Those who went from a value to another and still have a profile."""

    people: int = Field(description="how many")
    listed: list[str] = Field(description="ids of up to 200 of them, 13 characters each")


class MarkTold(Contract):
    """One of the nine marks of a tag."""

    name: str = Field(
        description="coverage, freshness, stability, distribution, accuracy, usage, cost, meaning or lawfulness"
    )
    verdict: str = Field(description="good, unknown = cannot be told, look = look at it, or bad")
    value: str = Field(description="what was found")
    advice: str | None = Field(description="what to do; empty = nothing")


class TagCheckupTold(Contract):
    """A tag with its nine marks."""

    name: str = Field(description="name of the tag")
    zh: str = Field(description="title in Chinese")
    en: str = Field(description="title in English")
    is_own: bool = Field(description="whether the shop declared it; else it is built in")
    worst: str = Field(description="the worst of its marks")
    marks: list[MarkTold] = Field(description="always the same nine, in the same order")

    @classmethod
    def of(cls, found: TagCheckup, language: Language) -> TagCheckupTold:
        """The marks in words."""
        marks = [
            MarkTold(
                name=mark.name,
                verdict=mark.verdict,
                value=mark.value.what(language),
                advice=mark.advice.what(language) if mark.advice else None,
            )
            for mark in found.marks
        ]
        tag = found.tag
        return cls(name=tag.name, zh=tag.zh, en=tag.en, is_own=tag.is_own, worst=found.worst, marks=marks)


class TagCheckupsTold(Contract):
    """The check-up of all tags."""

    tags: list[TagCheckupTold] = Field(description="the worst first")
    computed: ComputedTold = Field(description="from which build")
