"""Disclosures: every time that raw identifiers of people leave the workspace is noted, before they do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from qianmian.app.campaigns.tables import DISCLOSURES
from qianmian.core.clock import Clock
from qianmian.privacy.database import declared, instant_of, microseconds


@dataclass(frozen=True)
class Disclosing:
    """Identifiers that are about to leave.

    Attributes:
        purpose: what for.
        receiver: file, or the name of a receiver or a database.
        people: whose identifiers they are.
        by: account; empty = the command line, the workspace's token, or a sync that ran by itself.
    """

    purpose: str
    receiver: str
    people: int
    by: str = ""


@dataclass(frozen=True)
class Disclosure:
    """A time that people's identifiers left the workspace."""

    receiver: str
    purpose: str
    people: int
    disclosed_by: str
    disclosed_at: datetime


class Disclosures:
    """The disclosures of a workspace, kept in its catalogue; none is ever changed."""

    def __init__(self, catalogue: sa.Engine, clock: Clock) -> None:
        """The disclosures in a catalogue whose tables exist."""
        self._catalogue, self._clock = catalogue, clock
        self._table = declared(DISCLOSURES)

    def note(self, leaving: Disclosing, *, campaign: int = 0, sync: int | None = None) -> None:
        """Note that identifiers leave for a campaign or a sync; before they do."""
        at = microseconds(self._clock.now())
        row = {"campaign": campaign, "sync": sync, "purpose": leaving.purpose, "receiver": leaving.receiver}
        row |= {"people": leaving.people, "disclosed_by": leaving.by, "disclosed_at": at}
        with self._catalogue.begin() as connection:
            last = connection.execute(sa.select(sa.func.max(self._table.c.disclosure))).scalar() or 0
            connection.execute(sa.insert(self._table).values(disclosure=last + 1, **row))

    def of_campaign(self, campaign: int) -> list[Disclosure]:
        """Those of a campaign, the newest first."""
        return self._all(self._table.c.campaign == campaign)

    def of_sync(self, sync: int) -> list[Disclosure]:
        """Those of a sync, the newest first."""
        return self._all(self._table.c.sync == sync)

    def _all(self, wanted: sa.ColumnElement[bool]) -> list[Disclosure]:
        asked = sa.select(self._table).where(wanted).order_by(self._table.c.disclosure.desc())
        with self._catalogue.connect() as connection:
            rows = connection.execute(asked).mappings().all()
        kept = ("receiver", "purpose", "people", "disclosed_by")
        told = [({name: row[name] for name in kept}, instant_of(row["disclosed_at"])) for row in rows]
        return [Disclosure(**what, disclosed_at=at) for what, at in told]
