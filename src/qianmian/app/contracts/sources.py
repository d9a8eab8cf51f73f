"""What the doors tell of data sources that send events."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from qianmian.app.contracts.base import Contract
from qianmian.app.sources import PREFIX, Source


class SourceTold(Contract):
    """A data source without its write key."""

    name: str = Field(description="name of the source, as its events name it")
    environment: str = Field(description="dev or prod")
    dialects: tuple[str, ...] = Field(description="protocols that it may speak")
    shown: str = Field(description="the beginning and the last four signs of its write key")
    created_at: datetime = Field(description="when it was made")
    rolled_at: datetime | None = Field(description="when it got another key; empty = never")
    disabled_at: datetime | None = Field(description="when it was disabled; empty = it may send")
    seen_at: datetime | None = Field(description="when it last sent, to some minutes; empty = never")

    @classmethod
    def of(cls, source: Source) -> SourceTold:
        """The source as a list shows it."""
        return cls(
            name=source.name,
            environment=source.environment,
            dialects=source.dialects,
            shown=f"{PREFIX}…{source.ending}",
            created_at=source.created_at,
            rolled_at=source.rolled_at,
            disabled_at=source.disabled_at,
            seen_at=source.seen_at,
        )


class WriteKeyTold(Contract):
    """A write key that was just made."""

    name: str = Field(description="name of the source")
    write_key: str = Field(description="the key; it is told here and never again")
