"""The kinds of tie of a workspace, and their versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from qianmian.app.tables import TIE_KINDS
from qianmian.core.clock import Clock
from qianmian.core.messages import Message
from qianmian.privacy.database import declared, instant_of, microseconds
from qianmian.unify.ties.declaration import built_in_kinds, read_kinds
from qianmian.unify.ties.kinds import TieKinds


@dataclass(frozen=True)
class TieKindsVersion:
    """Kinds of tie, as they were applied.

    Attributes:
        version: grows by one.
        text: as their author wrote them.
        applied_by: account; empty = the command line or the workspace's own token.
        applied_at: when; they hold from the next build on.
    """

    version: int
    text: str
    applied_by: str
    applied_at: datetime


class KeptTieKinds:
    """Kinds of tie, kept in the catalogue."""

    def __init__(self, catalogue: sa.Engine, clock: Clock) -> None:
        """The kinds in a catalogue whose tables exist."""
        self._catalogue = catalogue
        self._clock = clock
        self._kinds = declared(TIE_KINDS, sa.MetaData())

    def current(self) -> TieKindsVersion | None:
        """The version that holds; None = those that come with the product do."""
        query = sa.select(self._kinds).order_by(self._kinds.c.version.desc()).limit(1)
        with self._catalogue.connect() as connection:
            row = connection.execute(query).mappings().first()
        return TieKindsVersion(**{**row, "applied_at": instant_of(row["applied_at"])}) if row else None

    def kinds(self) -> TieKinds:
        """What holds."""
        current = self.current()
        return read_kinds(current.text, Message("tie_kinds")) if current else built_in_kinds()

    def apply(self, text: str, name: str | Message, *, by: str = "") -> TieKindsVersion:
        """Let kinds hold from the next build on; what says the same as what the newest version says makes none.

        Raises:
            RulesError: they are none.
        """
        kinds, current = read_kinds(text, name), self.current()
        if current and read_kinds(current.text, Message("tie_kinds")) == kinds:
            return current
        version = TieKindsVersion(current.version + 1 if current else 1, text, by, self._clock.now())
        row = {**vars(version), "applied_at": microseconds(version.applied_at)}
        with self._catalogue.begin() as connection:
            connection.execute(sa.insert(self._kinds).values(**row))
        return version
