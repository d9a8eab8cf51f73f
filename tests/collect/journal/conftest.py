"""A real journal in an empty folder, with a clock that moves when told."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from qianmian.collect.journal.entries import Delivery, Entry, Place
from qianmian.collect.journal.folder import JournalFolder
from qianmian.collect.journal.journal import Journal
from qianmian.collect.journal.writer import JournalWriter, Limits
from qianmian.privacy.keys import KeyRing

NOW = datetime(2026, 11, 26, 8, tzinfo=UTC)


@dataclass
class HandClock:
    """Stands until somebody moves it."""

    instant: datetime = NOW

    def now(self) -> datetime:
        return self.instant

    def move(self, **by: float) -> None:
        self.instant += timedelta(**by)


@dataclass
class Stand:
    """A journal's folder, keys and clock."""

    folder: JournalFolder
    keys: KeyRing
    root: Path
    clock: HandClock = field(default_factory=HandClock)

    def writer(self, **limits: object) -> JournalWriter:
        return JournalWriter(self.folder, self.keys, self.clock, os.urandom, Limits(**limits))

    def journal(self) -> Journal:
        return Journal(self.folder, self.keys, os.urandom)

    def entries(self) -> list[tuple[Place, Entry]]:
        """All that can be read, in order."""
        journal = self.journal()
        found = []
        for file in journal.files():
            place = Place(file.stream)
            while some := journal.read(place):
                found += [(Place(file.stream, entry.position), entry) for entry in some]
                place = found[-1][0]
        journal.close()
        return found


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Stand]:
    keys = KeyRing.create(tmp_path / "keys")
    yield Stand(JournalFolder(tmp_path / "journal"), keys, tmp_path / "journal")
    keys.close()


def delivery(text: str = '{"a":1}', **more: object) -> Delivery:
    """A delivery of one event a line."""
    told = {"dialect": "segment", "source": "web", "environment": "prod", "received_at": NOW}
    return Delivery(**(told | {"count": text.count("\n") + 1, "lines": text.encode()} | more))
