"""What the doors tell of traffic that may be no visits of people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from pydantic import Field

from qianmian.app.contracts.base import Contract
from qianmian.app.traffic import Marked, TrafficRules, counts
from qianmian.app.workspace import Workspace
from qianmian.collect.traffic.rules import built_in_text
from qianmian.core.people import id_text


class FlaggedTold(Contract):
    """Events that were taken in and may be no visits of people, for one reason."""

    reason: str = Field(description="bot, preview, monitor, headless, script, internal, or a reason of the shop's own")
    events: int = Field(description="how many")

    @classmethod
    def of(cls, flagged: Mapping[str, int]) -> list[FlaggedTold]:
        """By reason, the commonest first."""
        by_events = sorted(flagged.items(), key=lambda one: (-one[1], one[0]))
        return [cls(reason=reason, events=events) for reason, events in by_events]


class MarkedTold(Contract):
    """An identifier whose events are flagged as internal."""

    node_id: str = Field(description="its pseudonym")
    namespace: str = Field(description="kind of identifier")
    note: str = Field(description="who or what it is; may be empty")
    marked_by: str = Field(description="account; empty = the command line or the workspace's token")
    marked_at: datetime = Field(description="since when")

    @classmethod
    def of(cls, one: Marked) -> MarkedTold:
        """The mark, its pseudonym as text."""
        return cls.model_validate({**vars(one), "node_id": id_text(one.node_id)})


class RulesTold(Contract):
    """Rules of the shop's own, as they were applied."""

    version: int = Field(description="grows by one")
    text: str = Field(description="the YAML")
    applied_by: str = Field(description="account; empty = the command line or the workspace's token")
    applied_at: datetime = Field(description="since when they hold")


class SourceTrafficTold(Contract):
    """Events of one source in the lake."""

    source: str = Field(description="data source")
    events: int = Field(description="all of them")
    flagged: list[FlaggedTold] = Field(description="those that may be no visits of people, the commonest reason first")


class TrafficTold(Contract):
    """Rules, marks and counts of traffic that may be no visits of people."""

    sources: list[SourceTrafficTold] = Field(description="events of the lake by source")
    own: RulesTold | None = Field(description="rules of the shop's own, asked first; empty = it has none")
    built_in: str = Field(description="the rules that come with the product, as YAML")
    marked: list[MarkedTold] = Field(description="whose events are flagged as internal, before any rule is asked")

    @classmethod
    def of(cls, workspace: Workspace) -> TrafficTold:
        """What a workspace knows now."""
        rules = TrafficRules(workspace.catalogue, workspace.clock)
        current = next(iter(rules.all()), None)
        return cls(
            sources=list(_by_source((one.source, one.reason, one.events) for one in counts(workspace))),
            own=RulesTold.model_validate(current) if current else None,
            built_in=built_in_text(),
            marked=[MarkedTold.of(one) for one in rules.marked()],
        )


def _by_source(counted: Iterable[tuple[str, str, int]]) -> Iterable[SourceTrafficTold]:
    by_source: dict[str, dict[str, int]] = {}
    for source, reason, events in counted:
        by_source.setdefault(source, {})[reason] = events
    for source, reasons in sorted(by_source.items()):
        flagged = {reason: events for reason, events in reasons.items() if reason}
        yield SourceTrafficTold(source=source, events=sum(reasons.values()), flagged=FlaggedTold.of(flagged))
