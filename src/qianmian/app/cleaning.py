"""The cleaning rules of a workspace: their versions, and who looks after which alert."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import sqlalchemy as sa

from qianmian.app.tables import ACKNOWLEDGED, CLEANING_RULES
from qianmian.app.versions import Version, Versions
from qianmian.core.clock import Clock
from qianmian.core.messages import Message
from qianmian.privacy.bulk import upsert
from qianmian.privacy.database import declared, instant_of, microseconds
from qianmian.privacy.masking import mask_text
from qianmian.unify.clean.alerts import Alert
from qianmian.unify.clean.declaration import built_in_cleaning, read_cleaning
from qianmian.unify.clean.rules import Cleaning

_KEPT = declared(ACKNOWLEDGED)


class CleaningRules(Versions):
    """Cleaning rules, kept in the catalogue; where there are none, those that come with the product hold."""

    def __init__(self, catalogue: sa.Engine, clock: Clock) -> None:
        """The rules in a catalogue whose tables exist."""
        super().__init__(catalogue, clock, CLEANING_RULES)

    def cleaning(self) -> Cleaning:
        """What holds."""
        current = self.current()
        return _read(current.text) if current else built_in_cleaning()

    def apply(self, text: str, name: str | Message, *, by: str = "") -> Version:
        """Let rules hold from the next check on; what says the same as the version that holds makes none.

        Raises:
            CleaningError: they are none.
        """
        return self._add(text, read_cleaning(text, name).digest, by)


@lru_cache(maxsize=4)
def _read(text: str) -> Cleaning:
    """Long vocabularies take a second to read, and everything that looks at cleaning asks for the rules."""
    return read_cleaning(text, Message("cleaning_rules"))


@dataclass(frozen=True)
class Acknowledged:
    """Who looks after an alert.

    Attributes:
        acknowledged_by: their name.
        acknowledged_at: since when.
        note: what is known of it; may be empty.
    """

    acknowledged_by: str
    acknowledged_at: datetime
    note: str


class Acknowledgements:
    """Who looks after alerts, kept in the catalogue."""

    def __init__(self, catalogue: sa.Engine, clock: Clock) -> None:
        """Those in a catalogue whose tables exist."""
        self._catalogue = catalogue
        self._clock = clock
        with catalogue.connect() as connection:
            self._rows = connection.execute(sa.select(_KEPT)).mappings().all()

    def of(self, alert: Alert) -> Acknowledged | None:
        """Who looks after an alert; a day more or less in it makes no other one. None = nobody."""
        for row in self._rows:
            same = all(row[name] == getattr(alert, name) for name in ("source", "field", "kind"))
            if same and alert.since_on.isoformat() <= row["since_on"] <= alert.last_on.isoformat():
                return Acknowledged(row["acknowledged_by"], instant_of(row["acknowledged_at"]), row["note"])
        return None

    def add(self, alert: Alert, by: str, note: str) -> None:
        """Note that somebody looks after an alert; personal data in the note are masked."""
        at = microseconds(self._clock.now())
        row = (alert.source, alert.field, alert.kind, alert.since_on.isoformat(), by, at, mask_text(note))
        with self._catalogue.begin() as connection:
            upsert(connection, _KEPT, [row])
