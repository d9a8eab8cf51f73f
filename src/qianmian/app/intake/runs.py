"""Runs of pulls: what each brought, in which batches, and why it failed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from datetime import datetime

import sqlalchemy as sa

from qianmian.app.intake.tables import PULL_RUNS
from qianmian.collect.imports.report import ImportReport
from qianmian.core.clock import Clock
from qianmian.core.messages import Message, restored
from qianmian.privacy.database import declared, instant_of, microseconds

#: Runs of a pull that are kept.
_KEPT = 200


@dataclass(frozen=True)
class Sums:
    """Rows of a run. ``read == accepted + duplicates + skipped + refused_rows``, always."""

    read: int = 0
    accepted: int = 0
    duplicates: int = 0
    skipped: int = 0
    refused_rows: int = 0

    def __add__(self, report: ImportReport) -> Sums:
        """With the rows of one more import."""
        return Sums(*(getattr(self, one.name) + getattr(report, one.name) for one in fields(self)))


@dataclass(frozen=True)
class Run:
    """A run of a pull that found something new, or failed.

    Attributes:
        number: of the run within the pull; grows.
        started_at: when it began.
        ended_at: when it ended; None = it runs, or its process died.
        batches: what it made.
        sums: of its rows.
        reason: why it failed.
    """

    number: int
    started_at: datetime
    ended_at: datetime | None = None
    batches: tuple[int, ...] = ()
    sums: Sums = field(default_factory=Sums)
    reason: Message | None = None


class Runs:
    """The runs of one pull, kept in the catalogue."""

    def __init__(self, catalogue: sa.Engine, clock: Clock, pull: str) -> None:
        """Of the pull with that name, in a catalogue whose tables exist."""
        self._catalogue, self._clock, self._pull = catalogue, clock, pull
        self._table = declared(PULL_RUNS)

    def begin(self) -> Run:
        """Number a new run; those before it that never ended are told as died."""
        table, ours = self._table, self._table.c.pull == self._pull
        now, died = microseconds(self._clock.now()), Message("process_died").stored()
        with self._catalogue.begin() as connection:
            broken = sa.update(table).where(ours, table.c.ended_at.is_(None))
            connection.execute(broken.values(ended_at=now, reason=died))
            number = 1 + (connection.execute(sa.select(sa.func.max(table.c.number)).where(ours)).scalar() or 0)
            row = {"pull": self._pull, "number": number, "started_at": now, "batches": "[]", **vars(Sums())}
            connection.execute(sa.insert(table).values(**row))
            connection.execute(sa.delete(table).where(ours, table.c.number <= number - _KEPT))
        return Run(number, instant_of(now))

    def note(self, run: Run, *, ended: bool = False) -> None:
        """Note how far a run has come."""
        row: dict[str, object] = {"batches": json.dumps(run.batches), **vars(run.sums)}
        row["reason"] = run.reason.stored() if run.reason else None
        if ended:
            row["ended_at"] = microseconds(self._clock.now())
        ours = self._table.c.pull == self._pull, self._table.c.number == run.number
        with self._catalogue.begin() as connection:
            connection.execute(sa.update(self._table).where(*ours).values(**row))

    def all(self) -> list[Run]:
        """The runs that are kept, newest first."""
        asked = sa.select(self._table).where(self._table.c.pull == self._pull).order_by(self._table.c.number.desc())
        with self._catalogue.connect() as connection:
            return [_readable(row) for row in connection.execute(asked).mappings().all()]


def _readable(row: sa.RowMapping) -> Run:
    return Run(
        number=row["number"],
        started_at=instant_of(row["started_at"]),
        ended_at=None if row["ended_at"] is None else instant_of(row["ended_at"]),
        batches=tuple(json.loads(row["batches"])),
        sums=Sums(*(row[one.name] for one in fields(Sums))),
        reason=restored(row["reason"]) if row["reason"] else None,
    )
