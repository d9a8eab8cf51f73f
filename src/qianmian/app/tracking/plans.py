"""The versions of a workspace's tracking plan, and by which mode each source is judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from qianmian.app.tables import PLAN_MODES, PLANS
from qianmian.app.workspace import Workspace
from qianmian.collect.plan.declaration import digest_of, read_plan
from qianmian.collect.plan.judge import Judge
from qianmian.collect.plan.plan import Mode, Plan
from qianmian.collect.wire.opened import SOURCE as LINKS
from qianmian.core.clock import Clock
from qianmian.core.errors import InputError, UnknownNameError
from qianmian.core.messages import Message
from qianmian.privacy.database import declared, instant_of, microseconds

#: The whole workspace, where a source is asked for.
EVERYWHERE = ""


@dataclass(frozen=True)
class PlanVersion:
    """A plan as it was applied.

    Attributes:
        version: grows by one.
        text: as its author wrote it.
        digest: over what it says, however it was written.
        origin: what brought it: file, starters, promoted or console.
        applied_by: account; empty = the command line or the workspace's own token.
        applied_at: when.
    """

    version: int
    text: str
    digest: str
    origin: str
    applied_by: str
    applied_at: datetime

    @property
    def plan(self) -> Plan:
        """What it says."""
        return _parsed(self.text)


@dataclass(frozen=True)
class ChosenMode:
    """A mode that somebody chose.

    Attributes:
        source: for which; empty = for every source without one of its own.
        mode: see `Mode`.
        changed_by: account; empty = the command line or the workspace's own token.
        changed_at: when.
    """

    source: str
    mode: Mode
    changed_by: str
    changed_at: datetime


class Plans:
    """The plan of a workspace, kept in its catalogue."""

    def __init__(self, catalogue: sa.Engine, clock: Clock) -> None:
        """The plan in a catalogue whose tables exist."""
        self._catalogue = catalogue
        self._clock = clock
        self._plans, self._modes = (declared(table) for table in (PLANS, PLAN_MODES))

    def current(self) -> PlanVersion | None:
        """The version that holds; None = nothing was planned yet."""
        return next(iter(self.all(most=1)), None)

    def plan(self) -> Plan:
        """What holds now; an empty plan if nothing was planned yet."""
        current = self.current()
        return current.plan if current else Plan()

    def all(self, most: int | None = None) -> list[PlanVersion]:
        """The versions, newest first."""
        query = sa.select(self._plans).order_by(self._plans.c.version.desc()).limit(most)
        with self._catalogue.connect() as connection:
            return [_version(row) for row in connection.execute(query).mappings()]

    def get(self, version: int) -> PlanVersion:
        """One version.

        Raises:
            UnknownNameError: there is none of that number.
        """
        for one in self.all():
            if one.version == version:
                return one
        raise UnknownNameError("no_plan_version", version=version)

    def apply(self, text: str, name: str | Message, *, origin: str, by: str = "") -> PlanVersion:
        """Make a plan the one that holds, for every event that is taken in from now on.

        What says the same as the version that holds makes none.

        Raises:
            PlanError: it is none.
        """
        return self.change(lambda _: text, name, origin=origin, by=by)

    def change(self, changed: Callable[[Plan], str], name: str | Message, *, origin: str, by: str = "") -> PlanVersion:
        """The same for a plan that is made from the one that holds, with nobody in between.

        Raises:
            PlanError: it is none.
        """
        with self._catalogue.begin() as connection:
            query = sa.select(self._plans).order_by(self._plans.c.version.desc()).limit(1)
            row = connection.execute(query).mappings().first()
            current = _version(row) if row else None
            text = changed(current.plan if current else Plan())
            digest = digest_of(read_plan(text, name))
            if current and current.digest == digest:
                return current
            told = {"text": text, "digest": digest, "origin": origin, "applied_by": by}
            version, now = 1 + (current.version if current else 0), microseconds(self._clock.now())
            connection.execute(sa.insert(self._plans).values(version=version, applied_at=now, **told))
        return self.get(version)

    def mode(self, source: str) -> Mode:
        """By which mode a source is judged: its own, else the workspace's, else observed."""
        chosen = {one.source: one.mode for one in self.modes()}
        return chosen.get(source) or chosen.get(EVERYWHERE) or Mode.OBSERVE

    def modes(self) -> list[ChosenMode]:
        """The modes that somebody chose, the workspace's first."""
        with self._catalogue.connect() as connection:
            rows = connection.execute(sa.select(self._modes).order_by(self._modes.c.source)).mappings().all()
        return [
            ChosenMode(row["source"], Mode(row["mode"]), row["changed_by"], instant_of(row["changed_at"]))
            for row in rows
        ]

    def choose(self, mode: str | None, *, source: str = EVERYWHERE, by: str = "") -> None:
        """Judge a source by a mode from now on.

        Args:
            mode: see `Mode`; None = a source goes with the workspace again.
            source: which; empty = every source without a mode of its own.
            by: account.

        Raises:
            InputError: there is no such mode, or it keeps events apart and nothing is planned.
        """
        known = [one.value for one in Mode]
        if mode is not None and mode not in known:
            raise InputError("no_plan_mode", mode=mode, modes=known)
        if mode not in (None, Mode.OBSERVE) and self.current() is None:
            raise InputError("nothing_planned", mode=mode)
        with self._catalogue.begin() as connection:
            connection.execute(sa.delete(self._modes).where(self._modes.c.source == source))
            if mode is not None:
                now = microseconds(self._clock.now())
                row = {"source": source, "mode": mode, "changed_by": by, "changed_at": now}
                connection.execute(sa.insert(self._modes).values(**row))


def judge_of(workspace: Workspace, source: str) -> Judge:
    """Who judges the events of a source now; those of tracked links are our own, and allowed."""
    if source == LINKS:
        return Judge(None)
    plans = Plans(workspace.catalogue, workspace.clock)
    current = plans.current()
    return Judge(current.plan if current else None, plans.mode(source))


@lru_cache(maxsize=8)
def _parsed(text: str) -> Plan:
    return read_plan(text, Message("the_plan"))


def _version(row: Any) -> PlanVersion:
    return PlanVersion(**{**row, "applied_at": instant_of(row["applied_at"])})
