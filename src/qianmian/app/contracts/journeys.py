"""What the doors tell of purchase journeys."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from qianmian.app.contracts.base import Contract
from qianmian.app.contracts.condition import Stage
from qianmian.app.contracts.profile import ComputedTold


class CategoryPeopleTold(Contract):
    """A category of goods and the people in any stage of it."""

    category: str = Field(description="name of the category")
    people: int = Field(description="people who are in any stage now")


class StageNowTold(Contract):
    """The people in one stage."""

    stage: Stage = Field(description="which stage")
    people: int = Field(description="people who are in it now")
    entered: int = Field(description="of them, those who came to it in the last days")
    condition: str = Field(description="condition that lists the people")
    entered_condition: str = Field(description="condition that lists those who came to it in the last days")


class StageMoveTold(Contract):
    """People who went from one stage to another, or stayed."""

    before: Stage | None = Field(description="their stage as the days began; empty = none")
    after: Stage | None = Field(description="their stage now; empty = none")
    people: int = Field(description="how many")


class JourneysTold(Contract):
    """How many people stand where with a category."""

    categories: list[CategoryPeopleTold] = Field(description="categories with people in a stage, most people first")
    category: str | None = Field(description="the category that is told; empty = nobody is in any stage")
    days: int = Field(description="local dates over which moves are counted")
    since: datetime = Field(description="when they began, UTC")
    stages: list[StageNowTold] = Field(description="from the first stage to the furthest")
    moves: list[StageMoveTold] = Field(description="who went from where to where")
    computed: ComputedTold = Field(description="from which build")


class JourneyStayTold(Contract):
    """A time that somebody was in one stage."""

    stage: Stage = Field(description="which stage")
    began_at: datetime = Field(description="since when, UTC")
    ended_at: datetime = Field(description="until when, UTC; of the stage of now, when it lapses unless more is done")
    cause: Literal["event", "lapse", "refund"] = Field(description="by what it began")
    event: str | None = Field(description="name of the event that it began with; empty = none")


class PersonJourneyTold(Contract):
    """Where somebody stands with one category."""

    category: str = Field(description="name of the category")
    now: JourneyStayTold | None = Field(description="the stage of now; empty = none any more")
    stays: list[JourneyStayTold] = Field(description="all stages so far, oldest first")


class PersonJourneysTold(Contract):
    """Where somebody stands with all categories."""

    person: str = Field(description="id of the person")
    journeys: list[PersonJourneyTold] = Field(description="those with a stage of now first, the furthest first")
    computed: ComputedTold = Field(description="from which build")
