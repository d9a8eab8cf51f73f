"""What the doors tell of builds and jobs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pydantic import Field, ValidationInfo, model_validator

from qianmian.app.contracts.base import Contract
from qianmian.app.plan import Build
from qianmian.core.language import Language
from qianmian.core.messages import Message


class BuildPlanTold(Contract):
    """What a build would do, and why."""

    build: int = Field(description="number that the build would have")
    snapshot: str = Field(description="name of the snapshot that it would read")
    instant: datetime = Field(description='the build\'s "now", UTC')
    today: date = Field(description="local date on which its windows end")
    anew: str = Field(description="why everything is computed again; empty = the last build is gone on from")
    events: int = Field(description="events in the lake")
    fresh: int = Field(description="events that would be folded")
    words: str = Field(description="the plan in words")

    @classmethod
    def of(cls, plan: Build) -> BuildPlanTold:
        """The plan, with its words."""
        return cls(
            build=plan.number,
            snapshot=plan.snapshot.name,
            instant=plan.snapshot.instant,
            today=plan.today,
            anew=plan.anew,
            events=plan.events,
            fresh=plan.fresh,
            words=plan.explain(),
        )


class JobTold(Contract):
    """One computation."""

    job: int = Field(description="number of the job")
    kind: str = Field(description="what for: import, build, erase, send, …")
    status: str = Field(description="running, done, failed, cancelled or died")
    stage: str = Field(description="what it does, or did last")
    steps_done: int = Field(description="steps done of the stage")
    steps: int = Field(description="steps of the stage; 0 = unknown")
    rows_read: int = Field(description="rows that it read")
    reason: str | None = Field(description="why it failed, in the language of who asks")
    hint: str = Field(default="", description="what to do about it; may be empty")
    result: dict[str, Any] = Field(description="what it found or wrote, in numbers")
    started_at: datetime = Field(description="when it began")
    ended_at: datetime | None = Field(description="when it ended")
    cpu_seconds: int | None = Field(description="processor seconds that it used")

    @classmethod
    def of(cls, row: Mapping[str, Any], language: Language) -> JobTold:
        """A job of the catalogue, its reason in words."""
        return cls.model_validate(row, context=language)

    @model_validator(mode="before")
    @classmethod
    def _in_words(cls, row: Any, told: ValidationInfo) -> Any:
        """A reason is one message, and two fields."""
        reason = row.get("reason")
        if not isinstance(reason, Message):
            return row
        language = Language(str(told.context))
        return {**row, "reason": reason.what(language), "hint": reason.hint(language)}


class StartedTold(Contract):
    """A job that was started and goes on by itself."""

    job: int = Field(description="number of the job; ask for it at /api/jobs/{job}")


class BackupTold(Contract):
    """The two files of a backup."""

    data: str = Field(description="file of the data")
    keys: str = Field(description="file of the keys")
    files: int = Field(description="files of the workspace in the data")
    bytes: int = Field(description="size of the data's file")


class RestoredTold(Contract):
    """What a restore found."""

    shop: str = Field(description="name of the shop")
    data_written_at: datetime = Field(description="when the data were backed up")
    keys_written_at: datetime = Field(description="when the keys were backed up")
    erased_again: int = Field(description="identifiers and intervals that were erased after the data were backed up")
