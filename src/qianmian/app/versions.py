"""What a shop declares in YAML, in versions: none is changed, the newest holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from qianmian.core.clock import Clock
from qianmian.core.tables import Column, Erase, Home, Leave, Table, Type
from qianmian.privacy.database import declared, instant_of, microseconds


@dataclass(frozen=True)
class Version:
    """A declaration, as it was applied.

    Attributes:
        version: grows by one.
        text: as its author wrote it; empty = from then on nothing is declared.
        digest: over what it says, however it was written.
        applied_by: account; empty = the command line or the workspace's own token.
        applied_at: when.
    """

    version: int
    text: str
    digest: str
    applied_by: str
    applied_at: datetime


def versions_table(name: str, *, of: str, effect: str) -> Table:
    """Declare the table of the versions of something.

    Args:
        name: of the table.
        of: what is declared, such as ``the shop's identity rules``.
        effect: from when on a version holds, such as ``from the next build on``.
    """
    return Table(
        name=name,
        columns=(
            Column("version", Type.ID, "number of the version; grows", nullable=False),
            Column("text", Type.TEXT, "as its author wrote it, YAML; empty = nothing is declared", nullable=False),
            Column("digest", Type.TEXT, "16 hex digits over what it says, however it was written", nullable=False),
            Column(
                "applied_by", Type.TEXT, "account; empty = the command line or the workspace's token", nullable=False
            ),
            Column("applied_at", Type.INSTANT, f"when; it holds {effect}", nullable=False),
        ),
        key=("version",),
        grain=f"one row a version of {of}; the newest holds",
        owner="app",
        erase=Erase(Leave.KEEP),
        home=Home.CATALOGUE,
    )


class Versions:
    """The versions of something, kept in the catalogue."""

    def __init__(self, catalogue: sa.Engine, clock: Clock, table: Table) -> None:
        """The versions in a catalogue whose tables exist."""
        self._catalogue = catalogue
        self._clock = clock
        self._versions = declared(table)

    def all(self) -> list[Version]:
        """The versions, newest first."""
        query = sa.select(self._versions).order_by(self._versions.c.version.desc())
        with self._catalogue.connect() as connection:
            rows = connection.execute(query).mappings().all()
        return [Version(**{**row, "applied_at": instant_of(row["applied_at"])}) for row in rows]

    def digest(self) -> str:
        """Of what holds; empty if nothing was ever declared."""
        newest = sa.select(self._versions.c.digest).order_by(self._versions.c.version.desc()).limit(1)
        with self._catalogue.connect() as connection:
            return connection.execute(newest).scalar() or ""

    def current(self) -> Version | None:
        """The version that holds; None = nothing was declared, or nothing is any more."""
        newest = next(iter(self.all()), None)
        return newest if newest and newest.text else None

    def _add(self, text: str, digest: str, by: str) -> Version:
        """Let a declaration hold; what says the same as the newest version makes none."""
        newest = next(iter(self.all()), None)
        if newest and newest.digest == digest:
            return newest
        version = Version(newest.version + 1 if newest else 1, text, digest, by, self._clock.now())
        row = {**vars(version), "applied_at": microseconds(version.applied_at)}
        with self._catalogue.begin() as connection:
            connection.execute(sa.insert(self._versions).values(**row))
        return version
