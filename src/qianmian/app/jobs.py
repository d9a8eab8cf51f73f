"""Jobs: every computation says what it does, how far it is, what it cost, and why it failed."""

from __future__ import annotations

import json
import resource
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from qianmian.app.tables import JOBS
from qianmian.core.clock import Clock
from qianmian.core.errors import JobError, QianmianError, UnknownNameError
from qianmian.core.messages import Message, restored
from qianmian.privacy.database import declared, instant_of, microseconds

#: Told (stage, done, total) whenever a job gets on.
Watcher = Callable[[str, int, int], None]


@dataclass
class Job:
    """A running computation.

    Attributes:
        number: its number in the catalogue.
        result: what it found or wrote; kept with the job.
        rows_read: rows that it read so far.
        cpu_seconds: processor time that other processes spent on it.
    """

    number: int
    _tell: Watcher
    _is_cancelled: Callable[[], bool]
    result: dict[str, Any] = field(default_factory=dict)
    rows_read: int = 0
    cpu_seconds: float = 0.0

    def at(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Say what the job does now.

        Raises:
            JobError: somebody asked to cancel it.
        """
        self.check()
        self._tell(stage, done, total)

    def check(self) -> None:
        """Go on, unless somebody asked to cancel the job.

        Raises:
            JobError: somebody did.
        """
        if self._is_cancelled():
            raise JobError("job_cancelled")


#: Begins a job that holds the lease; the words say what for.
Begin = Callable[[str], AbstractContextManager[Job]]


class Jobs:
    """The jobs of a workspace, kept in its catalogue."""

    def __init__(self, catalogue: sa.Engine, clock: Clock, check: Callable[[], None] | None = None) -> None:
        """The jobs in a catalogue whose tables exist.

        Args:
            catalogue: where they are kept.
            clock: the only source of time.
            check: called at every step of a job; raises if the job may write no longer.
        """
        self._check = check
        self._catalogue = catalogue
        self._clock = clock
        self._table = declared(JOBS)

    @contextmanager
    def run(self, kind: str, watch: Watcher | None = None) -> Iterator[Job]:
        """Run a computation as a job; what it raises ends it as failed, with the reason.

        Args:
            kind: import, dry_run, replay, undo, build, check, match, cluster, pattern, erase or export.
            watch: told whenever the job gets on, beside the catalogue.
        """
        number = self._begin(kind)

        def tell(stage: str, done: int, total: int) -> None:
            self._update(number, stage=stage, steps_done=done, steps=total)
            if watch:
                watch(stage, done, total)

        job, begun = Job(number, tell, lambda: self._is_cancelled(number)), _cpu_seconds()
        try:
            yield job
        except BaseException as error:
            status = "cancelled" if self._status(number) == "cancelled" else "failed"
            self._end(number, status, job, begun, reason=reason_of(error).stored())
            raise
        self._end(number, "done", job, begun)

    def bury(self) -> int:
        """Mark jobs whose process died; call it while holding the lease. Returns how many there were."""
        change = sa.update(self._table).where(self._table.c.status == "running")
        reason = Message("process_died").stored()
        with self._catalogue.begin() as connection:
            return connection.execute(change.values(status="died", reason=reason, ended_at=self._now())).rowcount

    def cancel(self, number: int) -> None:
        """Ask a running job to stop at its next step."""
        change = sa.update(self._table).where(self._table.c.job == number, self._table.c.status == "running")
        with self._catalogue.begin() as connection:
            connection.execute(change.values(status="cancelled"))

    def latest(self, limit: int = 50) -> list[Mapping[str, Any]]:
        """The newest jobs, newest first, instants as datetimes, reasons as messages."""
        with self._catalogue.connect() as connection:
            rows = connection.execute(sa.select(self._table).order_by(self._table.c.job.desc()).limit(limit)).mappings()
            return [_readable(dict(row)) for row in rows]

    def get(self, number: int) -> Mapping[str, Any]:
        """One job, instants as datetimes, its reason as a message.

        Raises:
            UnknownNameError: there is none with that number.
        """
        with self._catalogue.connect() as connection:
            row = connection.execute(sa.select(self._table).where(self._table.c.job == number)).mappings().first()
        if row is None:
            raise UnknownNameError("no_job", job=number)
        return _readable(dict(row))

    def last(self, kind: str) -> Mapping[str, Any] | None:
        """The newest job of a kind that came to its end; None = there is none."""
        done = sa.select(self._table).where(self._table.c.kind == kind, self._table.c.status == "done")
        with self._catalogue.connect() as connection:
            row = connection.execute(done.order_by(self._table.c.job.desc()).limit(1)).mappings().first()
        return _readable(dict(row)) if row else None

    def _begin(self, kind: str) -> int:
        with self._catalogue.begin() as connection:
            last = connection.execute(sa.select(sa.func.max(self._table.c.job))).scalar() or 0
            row = {"job": last + 1, "kind": kind, "status": "running", "stage": "starting", "steps_done": 0, "steps": 0}
            connection.execute(sa.insert(self._table).values(**row, rows_read=0, started_at=self._now()))
        return int(last) + 1

    def _update(self, number: int, **values: object) -> None:
        with self._catalogue.begin() as connection:
            connection.execute(sa.update(self._table).where(self._table.c.job == number).values(**values))

    def _end(self, number: int, status: str, job: Job, begun: float, reason: str | None = None) -> None:
        cost = round(_cpu_seconds() - begun + job.cpu_seconds)
        told = {"result": json.dumps(job.result, default=str), "rows_read": job.rows_read, "cpu_seconds": cost}
        self._update(number, status=status, reason=reason, ended_at=self._now(), **told)

    def _is_cancelled(self, number: int) -> bool:
        if self._check:
            self._check()
        return self._status(number) == "cancelled"

    def _status(self, number: int) -> str:
        with self._catalogue.connect() as connection:
            return str(connection.execute(sa.select(self._table.c.status).where(self._table.c.job == number)).scalar())

    def _now(self) -> int:
        return microseconds(self._clock.now())


def _readable(row: Mapping[str, Any]) -> Mapping[str, Any]:
    instants = {name: instant_of(row[name]) for name in ("started_at", "ended_at") if row[name] is not None}
    reason = restored(row["reason"]) if row["reason"] else None
    return {**row, **instants, "reason": reason, "result": json.loads(row["result"] or "{}")}


def reason_of(error: BaseException) -> Message:
    """What may be shown of an error: our own messages; of others the kind only, since they may quote data."""
    return error.message if isinstance(error, QianmianError) else Message("unexpected", kind=type(error).__name__)


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
