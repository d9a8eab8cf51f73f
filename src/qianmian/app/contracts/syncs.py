"""What the doors tell of syncs: what they are, how far their receivers are, and what failed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import Field

from qianmian.app.audiences import SavedAudiences
from qianmian.app.campaigns.disclosures import Disclosures
from qianmian.app.contracts.base import Contract, Words
from qianmian.app.contracts.campaigns import DisclosureTold
from qianmian.app.contracts.problem import problem
from qianmian.app.syncs.held import Held
from qianmian.app.syncs.syncs import Sync
from qianmian.app.workspace import Workspace
from qianmian.core.language import Language


class SyncTold(Contract):
    """A sync: a receiver is told who enters or leaves an audience, or changes a tag."""

    sync: int = Field(description="its number")
    name: str = Field(description="what its owner calls it, typed-in personal data masked")
    audience: int | None = Field(
        description="audience whose people are told; empty = whoever its tags say something of"
    )
    audience_name: str = Field(description="name of that audience; may be empty")
    tags: list[str] = Field(description="names of tags whose values go along")
    way: str = Field(description="webhook or database")
    sink: str = Field(description="name of the receiver or of the database")
    relation: str = Field(description="table of the database; empty for a webhook")
    namespace: str = Field(description="kind of identifier under which people are told")
    purpose: str = Field(description="what for")
    causes: list[str] = Field(description="causes of entry that count; none = all")
    daily_at: int | None = Field(description="local hour from which it runs once a day; empty = after each build")
    state: str = Field(
        description="asked = waits for approval; refused; waiting = never ran; active; paused; failed = tried again; "
        "stopped = waits for somebody; ending = its people are taken back"
    )
    created_by: str = Field(description="account that made it; empty = the command line or the workspace's token")
    created_at: datetime = Field(description="when it was made")
    decided_by: str = Field(description="account that approved or refused it; empty = the same, or nobody")
    decided_at: datetime | None = Field(description="when it was approved or refused; empty = nobody said")
    is_approved: bool | None = Field(description="whether it was approved; empty = nobody said")
    held: int = Field(description="people whom the receiver may hold")
    build: int | None = Field(description="the build that the receiver was told wholly last; empty = none")
    delivered_at: datetime | None = Field(description="when that was")
    next_at: datetime | None = Field(description="from when it runs next; empty = after the next build")
    problem: Words = Field(description="why it failed last, and what to do; empty = it did not")

    @classmethod
    def of(cls, workspace: Workspace, sync: Sync, language: Language) -> SyncTold:
        """The sync as a list shows it."""
        named: dict[str, Any] = {name: value for name, value in vars(sync).items() if name in cls.model_fields}
        saved = SavedAudiences(workspace.catalogue, workspace.clock)
        told = {
            "tags": list(sync.tags),
            "causes": [cause.value for cause in sync.causes],
            "way": sync.way.value,
            "audience_name": saved.get(sync.audience).name if sync.audience else "",
            "state": sync.state(workspace.settings.approval),
            "held": Held(workspace.catalogue, workspace.clock, sync.sync).size(),
            "next_at": sync.next_at(workspace.clock.now(), workspace.settings.zone),
            "problem": problem(sync.reason, language),
        }
        return cls(**named | told)


class SyncDeliveryTold(Contract):
    """A difference between two builds, as it was handed over."""

    delivery: int = Field(description="number within the sync; grows")
    build: int = Field(description="the build that it tells")
    computed_at: datetime = Field(description="the build's instant")
    pieces: int = Field(description="pieces in which it leaves")
    done: int = Field(description="of them, that the receiver has")
    entered_people: int = Field(description="people who entered, as the receiver was told")
    changed_people: int = Field(description="people whose values changed")
    left_people: int = Field(description="people whom it was told to remove")
    started_at: datetime = Field(description="when it was laid ready")
    ended_at: datetime | None = Field(description="when the receiver had its last piece; empty = it has not")


class SyncPageTold(Contract):
    """A sync with what its receiver was told, and when identifiers left."""

    sync: SyncTold = Field(description="the sync")
    deliveries: list[SyncDeliveryTold] = Field(description="what was delivered or is on its way, the newest first")
    disclosures: list[DisclosureTold] = Field(description="every time that identifiers left, the newest first")

    @classmethod
    def of(cls, workspace: Workspace, sync: Sync, language: Language) -> SyncPageTold:
        """The sync as its page shows it."""
        deliveries = Held(workspace.catalogue, workspace.clock, sync.sync).deliveries()
        disclosures = Disclosures(workspace.catalogue, workspace.clock).of_sync(sync.sync)
        return cls(
            sync=SyncTold.of(workspace, sync, language),
            deliveries=[SyncDeliveryTold.model_validate(one) for one in deliveries],
            disclosures=[DisclosureTold.model_validate(one) for one in disclosures],
        )


class SyncChoicesTold(Contract):
    """What a sync may be made of."""

    sinks: list[str] = Field(description="receivers of webhooks that the server names")
    databases: list[str] = Field(description="databases that the server names and that may be written to")
    purposes: Mapping[str, str] = Field(description="registered purposes, and the legal basis of each")
    namespaces: Mapping[str, int] = Field(description="kinds of identifiers, and how many people bear one now")
    approval: str = Field(description="none, or second_person: another account than its maker's approves a sync")


class UseTold(Contract):
    """Something that uses an audience or a tag."""

    kind: str = Field(description="audience, sync or campaign")
    number: int = Field(description="its number")
    name: str = Field(description="what its owner calls it")
