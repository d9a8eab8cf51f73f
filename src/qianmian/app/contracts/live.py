"""What the doors tell of events as they arrive."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from qianmian.app.contracts.base import Contract, Words
from qianmian.app.live import Fate, LiveEvent, Look
from qianmian.core.language import Language
from qianmian.privacy.masking import mask_text


class LiveEventTold(Contract):
    """An event that arrived, personal values masked."""

    number: int = Field(description="grows with arrival")
    received_at: datetime = Field(description="when it arrived")
    source: str = Field(description="data source that sent it")
    environment: str = Field(description="dev or prod")
    dialect: str = Field(description="protocol that it came by")
    name: str = Field(description="name of the event; empty if it cannot be read")
    event_id: str = Field(description="its id")
    occurred_at: datetime | None = Field(description="when it happened; empty if that cannot be read")
    library: str = Field(description="name and version of the SDK that sent it; may be empty")
    fate: Fate = Field(description="stored, checked (sound, of a source in development), skipped or refused")
    reason: str = Field(description="machine name of the reason for which it is refused; else empty")
    field: str = Field(description="the field that is wrong; may be empty")
    why: Words = Field(description="what becomes of it")
    hint: str = Field(description="what to do about it; may be empty")
    traffic: str = Field(description="why it may be no visit of a person, such as bot; empty = nothing says so")
    event: dict[str, Any] | None = Field(description="what it holds; empty if it is no JSON object")

    @classmethod
    def of(cls, event: LiveEvent, language: Language) -> LiveEventTold:
        """The event, what becomes of it in words."""
        told = vars(event) | {"why": mask_text(event.why.what(language)), "hint": event.why.hint(language)}
        return cls.model_validate(told)


class LiveTold(Contract):
    """What arrived since the last look."""

    events: list[LiveEventTold] = Field(description="newest first")
    cursor: str = Field(description="give it with the next look, so that only newer events come")
    passed: int = Field(description="events that came since the last look and were too many to show")

    @classmethod
    def of(cls, look: Look, language: Language) -> LiveTold:
        """The events in words."""
        events = [LiveEventTold.of(event, language) for event in look.events]
        return cls(events=events, cursor=look.cursor, passed=look.passed)
