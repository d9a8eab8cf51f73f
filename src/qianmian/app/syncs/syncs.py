"""The syncs of a workspace, kept in its catalogue: what they are, who allowed them, and whether they are due."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from qianmian.act.deliver.database import RELATION
from qianmian.app.audiences import spelled
from qianmian.app.syncs.tables import SYNC_DELIVERIES, SYNC_KEYS, SYNC_PEOPLE, SYNC_QUEUE, SYNCS
from qianmian.core.clock import Clock
from qianmian.core.errors import InputError, UnknownNameError
from qianmian.core.messages import Message, restored
from qianmian.core.names import is_name
from qianmian.privacy.database import declared, instant_of, microseconds
from qianmian.privacy.keys import Entropy
from qianmian.segment.members.causes import ORDER, Cause

#: One that failed and may pass is tried again by itself after it.
AGAIN = timedelta(minutes=15)
MOST_TAGS = 30
_INSTANTS = ("created_at", "decided_at", "paused_at", "ended_at", "delivered_at", "tried_at")


class Way(StrEnum):
    """How a receiver is told."""

    WEBHOOK = "webhook"
    DATABASE = "database"


@dataclass(frozen=True, kw_only=True)
class SyncDraft:
    """A sync that is to be made.

    Attributes:
        name: what to call it; one line.
        audience: whose people are told; None = everybody of whom one of the tags says something.
        tags: names of tags whose values go along; at least one without an audience.
        way: how the receiver is told.
        sink: name of the receiver or of the database.
        relation: table of the database; empty for a webhook.
        namespace: kind of identifier under which people are told.
        purpose: what for.
        causes: of entry that count; none = all, so that the receiver holds whoever is in the audience.
        daily_at: local hour from which it runs once a day; None = after each build.
    """

    name: str
    audience: int | None = None
    tags: tuple[str, ...] = ()
    way: Way = Way.WEBHOOK
    sink: str
    relation: str = ""
    namespace: str = "user_id"
    purpose: str = "marketing"
    causes: tuple[Cause, ...] = ()
    daily_at: int | None = None


@dataclass(frozen=True, kw_only=True)
class Sync(SyncDraft):
    """A sync that was made, and how far its receiver is.

    Attributes:
        sync: its number.
        since_build: entries after this build are told; 0 = whoever is in it.
        chance: randomness of its own, from which keys are made.
        created_by: account; empty = the command line or the workspace's own token.
        created_at: when it was made.
        decided_by: account that approved or refused it.
        decided_at: when; None = nobody did.
        is_approved: whether it was approved; None = nobody said.
        paused_at: since when it does not run by itself; None = it does.
        ended_at: when it was ended, so that its people are taken back; None = it stands.
        build: the build that the receiver was told wholly last; None = none.
        delivered_at: when that was.
        tried_at: when it last began.
        reason: why it failed then; None = it did not.
        is_stopped: whether the same would fail again.
    """

    sync: int
    since_build: int
    chance: int
    created_by: str
    created_at: datetime
    decided_by: str
    decided_at: datetime | None
    is_approved: bool | None
    paused_at: datetime | None
    ended_at: datetime | None
    build: int | None
    delivered_at: datetime | None
    tried_at: datetime | None
    reason: Message | None
    is_stopped: bool

    @property
    def subject(self) -> str:
        """What it is about, in one word."""
        return f"audience:{self.audience}" if self.audience else f"tags:{','.join(self.tags)}"[:80]

    def awaits_approval(self, approval: str) -> bool:
        """Whether it may not run: somebody refused it, or the workspace asks for a second person who did not approve.

        Args:
            approval: the workspace's setting.
        """
        return self.is_approved is False or (approval != "none" and not self.is_approved)

    def state(self, approval: str) -> str:
        """One of refused, asked, ending, paused, stopped, failed, waiting, active."""
        told = {
            "refused": self.is_approved is False,
            "asked": self.awaits_approval(approval),
            "ending": self.ended_at is not None,
            "paused": self.paused_at is not None,
            "stopped": self.is_stopped,
            "failed": self.reason is not None,
            "waiting": self.build is None,
        }
        return next((name for name, holds in told.items() if holds), "active")

    def is_due(self, built: int, now: datetime, zone: ZoneInfo) -> bool:
        """Whether it is to run by itself.

        Args:
            built: number of the last build.
            now: the instant.
            zone: of local hours.
        """
        if self.paused_at or self.is_stopped or (self.reason and self.tried_at and now < self.tried_at + AGAIN):
            return False
        if self.ended_at or self.reason:
            return True
        at = self.next_at(now, zone)
        return built != self.build and (at is None or at <= now)

    def next_at(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """From when it runs next, if a build was published by then; None = after each build."""
        if self.daily_at is None:
            return None
        today = now.astimezone(zone).replace(hour=self.daily_at, minute=0, second=0, microsecond=0)
        last = self.delivered_at or self.created_at
        return today if last < today else today + timedelta(days=1)


class Syncs:
    """The syncs of a workspace."""

    def __init__(self, catalogue: sa.Engine, clock: Clock) -> None:
        """The syncs in a catalogue whose tables exist."""
        self._catalogue, self._clock = catalogue, clock
        self._table, *self._others = (
            declared(one) for one in (SYNCS, SYNC_DELIVERIES, SYNC_QUEUE, SYNC_PEOPLE, SYNC_KEYS)
        )

    def add(self, draft: SyncDraft, entropy: Entropy, *, built: int, by: str = "") -> Sync:
        """Make a sync.

        Args:
            draft: what it is to be.
            entropy: source of its chance.
            built: number of the last build; of a sync with causes, only later entries are told.
            by: account that makes it.

        Raises:
            InputError: a part is odd.
        """
        _check(draft)
        row: dict[str, Any] = {**vars(draft), "name": spelled(draft.name), "way": draft.way.value}
        row |= {"tags": json.dumps(draft.tags), "causes": json.dumps(draft.causes)}
        row |= {"since_build": built if draft.causes else 0, "chance": int.from_bytes(entropy(8)) >> 1}
        with self._catalogue.begin() as connection:
            last = connection.execute(sa.select(sa.func.max(self._table.c.sync))).scalar() or 0
            made = {"sync": last + 1, "created_by": by, "created_at": self._now()}
            connection.execute(sa.insert(self._table).values(**row, **made))
        return self.get(last + 1)

    def all(self) -> list[Sync]:
        """All of them, the newest first."""
        with self._catalogue.connect() as connection:
            rows = connection.execute(sa.select(self._table).order_by(self._table.c.sync.desc())).mappings().all()
        return [_readable(row) for row in rows]

    def get(self, sync: int) -> Sync:
        """One of them.

        Raises:
            UnknownNameError: there is none with that number.
        """
        with self._catalogue.connect() as connection:
            row = connection.execute(sa.select(self._table).where(self._table.c.sync == sync)).mappings().first()
        if row is None:
            raise UnknownNameError("no_sync", sync=sync)
        return _readable(row)

    def decide(self, sync: int, *, approve: bool, by: str = "") -> Sync:
        """Approve a sync, or refuse it.

        Raises:
            UnknownNameError: there is none with that number.
            InputError: who decides is who made it.
        """
        if self.get(sync).created_by == by:
            raise InputError("sync_own_approval", sync=sync)
        return self._set(sync, decided_by=by, decided_at=self._now(), is_approved=approve)

    def pause(self, sync: int, *, paused: bool) -> Sync:
        """Keep it from running by itself, or let it run again, also if it had stopped.

        Raises:
            UnknownNameError: there is none with that number.
        """
        self.get(sync)
        return self._set(sync, paused_at=self._now() if paused else None, is_stopped=False)

    def delete(self, sync: int, *, held: int) -> Sync | None:
        """Forget a sync whose receiver holds nobody, or that was ended before; end any other.

        Args:
            sync: its number.
            held: people whom its receiver may hold.

        Returns:
            The sync that was ended: its next run tells the receiver to remove everybody. None = it is forgotten.

        Raises:
            UnknownNameError: there is none with that number.
        """
        if held and not self.get(sync).ended_at:
            return self._set(sync, ended_at=self._now(), paused_at=None, is_stopped=False)
        self.get(sync)
        with self._catalogue.begin() as connection:
            for table in (*self._others, self._table):
                connection.execute(sa.delete(table).where(table.c.sync == sync))
        return None

    def begun(self, sync: int) -> None:
        """Note that it begins to run."""
        self._set(sync, tried_at=self._now())

    def told(self, sync: int, build: int) -> Sync:
        """Note that the receiver knows a build wholly."""
        return self._set(sync, build=build, delivered_at=self._now(), reason=None, is_stopped=False)

    def failed(self, sync: int, reason: Message, *, stopped: bool) -> None:
        """Note why it did not come to its end, and whether the same would fail again."""
        self._set(sync, reason=reason.stored(), is_stopped=stopped)

    def _set(self, sync: int, **values: object) -> Sync:
        with self._catalogue.begin() as connection:
            connection.execute(sa.update(self._table).where(self._table.c.sync == sync).values(**values))
        return self.get(sync)

    def _now(self) -> int:
        return microseconds(self._clock.now())


def _check(draft: SyncDraft) -> None:
    if not is_name(draft.sink) or not is_name(draft.namespace):
        raise InputError("campaign_name_of_part")
    if draft.audience is None and not draft.tags:
        raise InputError("sync_of_nothing")
    if draft.audience is None and draft.causes:
        raise InputError("sync_causes_of_tags")
    if len(draft.tags) > MOST_TAGS:
        raise InputError("sync_tags", most=MOST_TAGS)
    if not set(draft.causes) <= set(ORDER):
        raise InputError("sync_cause", causes=", ".join(ORDER))
    if (draft.way is Way.DATABASE) != bool(draft.relation) or (
        draft.relation and not RELATION.fullmatch(draft.relation)
    ):
        raise InputError("sync_relation")
    if draft.daily_at is not None and not 0 <= draft.daily_at < 24:
        raise InputError("sync_hour")


def _readable(row: sa.RowMapping) -> Sync:
    instants = {name: None if row[name] is None else instant_of(row[name]) for name in _INSTANTS}
    told: dict[str, Any] = {**row, **instants, "way": Way(row["way"]), "tags": tuple(json.loads(row["tags"]))}
    told |= {"causes": tuple(map(Cause, json.loads(row["causes"]))), "decided_by": row["decided_by"] or ""}
    told |= {"reason": restored(row["reason"]) if row["reason"] else None, "is_stopped": bool(row["is_stopped"])}
    return Sync(**told)
