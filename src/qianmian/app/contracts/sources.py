"""What the doors tell of data sources that send events."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pydantic import Field

from qianmian.app.allowances import Allowance, allowed
from qianmian.app.contracts.base import Contract
from qianmian.app.contracts.traffic import FlaggedTold
from qianmian.app.health import Health, SourceHealth
from qianmian.app.sources import PREFIX, Source
from qianmian.collect.imports.personal_data import PersonalData
from qianmian.core.settings import Settings


class LimitsTold(Contract):
    """What one source may send, where that differs from what the workspace sets for all."""

    events_per_second: int | None = Field(default=None, description="on average; 0 = any; empty = as the workspace")
    burst_events: int | None = Field(default=None, description="at once after a silence; 0 = ten seconds of its rate")
    events_per_day: int | None = Field(default=None, description="on one local date; 0 = any; empty = as the workspace")


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
    limits: LimitsTold = Field(description="what was set for this source")
    personal_data: PersonalData = Field(description="what becomes of undeclared personal data: mask, drop or refuse")

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
            limits=LimitsTold(**source.limits),
            personal_data=source.personal_data,
        )


class WriteKeyTold(Contract):
    """A write key that was just made."""

    name: str = Field(description="name of the source")
    write_key: str = Field(description="the key; it is told here and never again")


class RefusalCountTold(Contract):
    """Events refused for one reason."""

    reason: str = Field(description="machine name of the reason")
    events: int = Field(description="how many")


class TurnedAwayTold(Contract):
    """Requests that were not acknowledged."""

    status: int = Field(description="HTTP status of the answer")
    requests: int = Field(description="how many")


class AllowanceTold(Contract):
    """What a source may send; 0 = any."""

    events_per_second: int = Field(description="on average")
    burst_events: int = Field(description="at once after a silence")
    events_per_day: int = Field(description="on one local date")

    @classmethod
    def of(cls, allowance: Allowance) -> AllowanceTold:
        """The limits that hold."""
        return cls(
            events_per_second=allowance.events_per_second,
            burst_events=allowance.burst,
            events_per_day=allowance.events_per_day,
        )


class SourceHealthTold(Contract):
    """How a data source does: received = stored + duplicates + skipped + refused + waiting."""

    name: str = Field(description="name of the source")
    environment: str = Field(description="dev or prod")
    source: SourceTold | None = Field(description="the source; empty if it is no longer kept")
    minutes: list[int] = Field(description="events in each of the last 60 minutes, the present one last")
    last_at: datetime | None = Field(description="the last minute with events, of the last seven days")
    received: int = Field(description="events acknowledged today, and those that still wait")
    stored: int = Field(description="events in the lake; of a dev source, events that would be")
    duplicates: int = Field(description="events that were there before")
    skipped: int = Field(description="calls that say nothing of behaviour")
    refused: int = Field(description="events kept for replay, with their reason")
    hidden: int = Field(description="stored events in which undeclared personal data were masked or left out")
    flagged: list[FlaggedTold] = Field(description="stored events that may be no visits of people, by reason")
    waiting: int = Field(description="events that are acknowledged and not taken in yet")
    waiting_since: datetime | None = Field(description="when the oldest of them came")
    refusals: list[RefusalCountTold] = Field(description="refused events that are kept, by reason, the commonest first")
    turned_away: list[TurnedAwayTold] = Field(description="requests of today that were not acknowledged")
    libraries: list[str] = Field(description="SDKs of the last deliveries with their versions")
    usual_pause_seconds: int | None = Field(description="the longest pause of the last seven days, if enough is known")
    is_silent: bool = Field(description="nothing came for longer than that, and for half an hour")
    allowance: AllowanceTold | None = Field(description="the limits that hold; empty if it is no longer kept")

    @classmethod
    def of(cls, one: SourceHealth, settings: Settings) -> SourceHealthTold:
        """The source in numbers."""
        counts = vars(one.today)
        return cls.model_validate(
            vars(one)
            | counts
            | {
                "received": one.today.received + one.waiting,
                "source": one.source and SourceTold.of(one.source),
                "refusals": [
                    RefusalCountTold(reason=reason, events=events)
                    for reason, events in sorted(one.refusals.items(), key=lambda told: -told[1])
                ],
                "flagged": FlaggedTold.of(one.today.flagged),
                "turned_away": _turned_away(one.turned_away),
                "usual_pause_seconds": one.usual_pause and int(one.usual_pause.total_seconds()),
                "allowance": one.source and AllowanceTold.of(allowed(settings, one.source.limits)),
            }
        )


class HealthTold(Contract):
    """How all data sources do."""

    as_of: datetime = Field(description="when that was")
    since: datetime = Field(description="midnight of the workspace's day")
    sources: list[SourceHealthTold] = Field(description="by name")
    unknown: list[TurnedAwayTold] = Field(description="requests of today whose sender is not known")

    @classmethod
    def of(cls, health: Health, settings: Settings) -> HealthTold:
        """All sources in numbers."""
        return cls(
            as_of=health.as_of,
            since=health.since,
            sources=[SourceHealthTold.of(one, settings) for one in health.sources],
            unknown=_turned_away(health.unknown),
        )


def _turned_away(told: Mapping[int, int]) -> list[TurnedAwayTold]:
    return [TurnedAwayTold(status=status, requests=requests) for status, requests in told.items()]
