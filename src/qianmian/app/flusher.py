"""The flusher: what was received and acknowledged becomes events, each once, whatever dies in between.

Deliveries of one file, source, environment and protocol are a *share*. A share goes through the import of its
protocol's lines; the release that shows its events also says how far it has come. A crash before the release leaves
nothing, and the same deliveries come again; after it, they are passed over.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from pathlib import Path
from time import monotonic, sleep

import structlog

from qianmian.app import stretch
from qianmian.app.imports import stores
from qianmian.app.lease import BRIEF
from qianmian.app.taken import Counts, Share, Taken
from qianmian.app.tracking.plans import judge_of
from qianmian.app.treatment import treatment_of
from qianmian.app.workspace import Workspace, writing
from qianmian.collect.imports import importer
from qianmian.collect.imports.batch import EVENT_TABLES
from qianmian.collect.imports.contracts import ImportRequest, Stores, Stretch
from qianmian.collect.imports.mapping import Mapping
from qianmian.collect.imports.report import ImportReport
from qianmian.collect.journal.entries import Entry, Place
from qianmian.collect.journal.folder import JournalFile
from qianmian.collect.plan.judge import Judge
from qianmian.collect.seen import SeenEvents
from qianmian.collect.tables import EVENTS
from qianmian.collect.wire.meanings import goods_mapping, mapping_of
from qianmian.core.errors import DamagedJournalError, JournalError, LeaseHeldError, StorageFullError
from qianmian.core.failpoints import failpoint
from qianmian.core.messages import Message
from qianmian.lake.compact import Compaction, compact
from qianmian.lake.durable import storage_errors
from qianmian.lake.expire import expire
from qianmian.privacy.refused import RefusedRow

_MOST_BYTES = 128 << 20
#: Between two flushes of what comes slowly: each costs a commit of four tables.
_PAUSE_SECONDS = 2.0
#: Flushes after which small files are merged, although more waits than keeps up, and how many it takes: decision 0020.
_MOST_UNTIDIED, _MOST_BEHIND, _AT_LEAST = 50, 200, 16
#: A writer ends its file within a second or so of being asked.
_TURN_SECONDS, _LOOK_SECONDS = 20.0, 0.25
_log = structlog.get_logger("qianmian.flusher")

_after_share = failpoint("flush.after_share", "a share is released, it is not counted yet")
_after_counting = failpoint("flush.after_counting", "a share is released and counted, its file still waits")


@dataclass(frozen=True)
class Flushed:
    """What a flush did.

    Attributes:
        counts: of what was taken in.
        deliveries: that were looked at; also those that were in already, which a flusher that begins sees again.
        damaged: files that could not be read to their end.
        is_full: whether the stretch was as long as one may be, so that more waits.
    """

    counts: Counts = field(default_factory=Counts)
    deliveries: int = 0
    damaged: tuple[str, ...] = ()
    is_full: bool = False


@dataclass
class Flusher:
    """Takes in what waits in a workspace's journal, a stretch at a time.

    Attributes:
        workspace: the shop.
        most_bytes: of bodies in one stretch.
    """

    workspace: Workspace
    most_bytes: int = _MOST_BYTES
    _seen: SeenEvents = field(default_factory=SeenEvents)
    _read: dict[str, int] = field(default_factory=dict)
    _untidied: int = 0
    _is_behind: bool = False

    def follow(self, is_over: Callable[[float], bool]) -> None:
        """Take in whatever comes, until it is over.

        Args:
            is_over: waits so many seconds, and says whether to end.
        """
        pause = 0.0
        while not is_over(pause):
            pause = _PAUSE_SECONDS
            if self.workspace.lease.is_wanted():
                continue
            try:
                if self.flush().is_full:
                    pause = 0.0
            except (LeaseHeldError, StorageFullError) as error:
                _log.warning("not_flushed", kind=type(error).__name__)

    def flush_all(self) -> Flushed:
        """Take in all that waits; see `flush`."""
        told = self.flush()
        counts = told.counts
        while told.deliveries:
            told = self.flush()
            counts += told.counts
        return replace(told, counts=counts)

    def flush(self) -> Flushed:
        """Take in one stretch of the oldest file that has something, under the lease.

        Raises:
            LeaseHeldError: another process writes.
            StorageFullError: no room; what waits goes on waiting.
        """
        waiting = [file for file in self.workspace.journal.files() if not file.is_released]
        damaged: list[str] = []
        for file in waiting:
            try:
                entries = self._next(file)
                counts = self._take(file, entries) if entries or file.is_finished else Counts()
            except DamagedJournalError:
                _log.error("journal_damaged", file=file.name)
                damaged.append(file.name)
                continue
            except JournalError as error:  # somebody has not let go of it yet: it comes again
                _log.info("journal_not_ready", file=file.name, why=error.message.name)
                continue
            if entries:
                size = sum(len(entry.lines) for entry in entries)
                self._is_behind = size * 2 >= self.most_bytes
                return Flushed(counts, len(entries), tuple(damaged), self._is_behind)
        return Flushed(damaged=tuple(damaged))

    def _next(self, file: JournalFile) -> list[Entry]:
        """A stretch of a file; what is damaged behind it is told with the next."""
        found: list[Entry] = []
        room = self.most_bytes
        while room > 0:
            after = found[-1].position if found else self._read.get(file.stream, 0)
            try:
                some = self.workspace.journal.read(Place(file.stream, after), room)
            except DamagedJournalError:
                if found:
                    break
                raise
            if not some:
                break
            found += some
            room -= sum(len(entry.lines) for entry in some)
        return found

    def _take(self, file: JournalFile, entries: Sequence[Entry]) -> Counts:
        with writing(self.workspace, BRIEF):
            taken = Taken(self.workspace.catalogue, self.workspace.clock, self.workspace.settings.time_zone)
            taken.settle(self._is_in)
            known = taken.upto(file.stream)
            counts = Counts()
            for share, some in _shares(file, entries):
                come = self._come(share, known)
                fresh = [entry for entry in some if entry.position > come]
                if fresh:
                    counts += self._take_share(taken, share, fresh)
            if entries:
                self._read[file.stream] = entries[-1].position
            elif file.is_finished:
                self.workspace.journal.release(file.stream)
                self._read.pop(file.stream, None)
            self._untidied += 1
            most = _MOST_BEHIND if self._is_behind else _MOST_UNTIDIED
            if self._untidied >= most or not (entries or self._is_behind):
                self._tidy()
        return counts

    def _stream(self, share: Share) -> str:
        """The stream of a share: its source's, or its own if it could not be read until later files were in."""
        come = self.workspace.lake.position(EVENTS.name, share.stream) or 0
        return f"{share.stream}:{share.file}" if Place(share.file).is_before(come) else share.stream

    def _come(self, share: Share, known: dict[Share, int]) -> int:
        """The position of the share's last delivery that is in."""
        counted = known.get(share, 0)
        if share.environment != "prod":
            return counted
        come = self.workspace.lake.position(EVENTS.name, self._stream(share)) or 0
        return max(come - Place(share.file).number, counted)

    def _is_in(self, share: Share, upto: int) -> bool:
        return share.environment == "prod" and upto <= self._come(share, {})

    def _take_share(self, taken: Taken, share: Share, entries: Sequence[Entry]) -> Counts:
        upto = entries[-1].position
        number = taken.begin(share, upto)
        counts = self._keep_refused(share, [entry for entry in entries if entry.reason])
        told = [entry for entry in entries if not entry.reason and entry.lines]
        findings = None
        if told:
            report = self._import(taken, share, number, told, counts)
            counts, findings = counts + _counts(report), report.findings
        taken.announce(number, counts, findings)
        _after_share()
        taken.done(number)
        _after_counting()
        return counts

    def _keep_refused(self, share: Share, entries: Iterable[Entry]) -> Counts:
        """What was refused at the door, kept beside what is refused later."""
        rows = [
            RefusedRow(
                stream=stretch.kept_as(share),
                position=stretch.position_of(entry),
                reason=entry.reason,
                field="",
                detail=Message("refused_at_door"),
                body=entry.lines.decode("utf-8", "backslashreplace"),
                refused_at=entry.received_at,
            )
            for entry in entries
        ]
        if share.environment == "prod":
            self.workspace.refused.keep(rows)
        return Counts(received=len(rows), refused=len(rows))

    def _import(
        self, taken: Taken, share: Share, number: int, entries: Sequence[Entry], before: Counts
    ) -> ImportReport:
        folder = self.workspace.scratch / "flush"
        with storage_errors("scratch"):
            folder.mkdir(parents=True, exist_ok=True)
            try:
                self._seen.read(self.workspace.lake, self.workspace.clock.now())
                return importer.run(
                    self._request(share, number, entries, folder),
                    self._stores(),
                    announce=lambda report: taken.announce(number, before + _counts(report), report.findings),
                )
            finally:
                shutil.rmtree(folder, ignore_errors=True)

    def _request(self, share: Share, number: int, entries: Sequence[Entry], folder: Path) -> ImportRequest:
        """The import of the events, with the changes of goods beside it; of one of them if there is no other."""
        upto, now = Place(share.file, entries[-1].position).number, self.workspace.clock.now()

        def request(lines: stretch.Lines, mapping: Mapping, judge: Judge | None) -> ImportRequest:
            file = folder / mapping.grain.value
            come = Stretch(self._stream(share), upto, stretch.write(file, stretch.kept_as(share), lines))
            told = replace(mapping, source=share.source)
            dry_run = share.environment != "prod"
            return ImportRequest(file, told, number, now, dry_run=dry_run, stretch=come, judge=judge)

        events, goods = stretch.parted(share.dialect, entries)
        changes = request(goods, goods_mapping(), None) if goods else None
        if changes and not events:
            return changes
        told = request(events, mapping_of(share.dialect), judge_of(self.workspace, share.source))
        return replace(told, beside=changes, treatment=treatment_of(self.workspace, share.source))

    def _stores(self) -> Stores:
        return replace(stores(self.workspace), seen=self._seen)

    def _tidy(self) -> None:
        self._untidied = 0
        workspace, settings, now = self.workspace, self.workspace.settings, self.workspace.clock.now()
        how = Compaction(settings.threads, settings.memory_mib, workspace.scratch / "compaction", _AT_LEAST)
        for table in EVENT_TABLES:
            compact(workspace.lake, table, how)
        expire(workspace.lake, workspace.pins, now)
        workspace.journal.expire(now)


def take_in(workspace: Workspace, before: datetime) -> None:
    """Take in whatever was received before an instant, also from a file that is still being written.

    What cannot be taken in within some seconds goes on waiting; `Journal.unreleased` tells it.
    """
    flusher, until = Flusher(workspace), monotonic() + _TURN_SECONDS
    workspace.journal.ask_turn()
    damaged = flusher.flush_all().damaged
    while monotonic() < until and any(file.name not in damaged for file in workspace.journal.unreleased(before)):
        sleep(_LOOK_SECONDS)
        damaged = flusher.flush_all().damaged


def _shares(file: JournalFile, entries: Sequence[Entry]) -> list[tuple[Share, list[Entry]]]:
    """Entries by share; each in order."""

    def share(entry: Entry) -> Share:
        return Share(file.stream, entry.source, entry.environment, entry.dialect)

    return [(key, list(some)) for key, some in groupby(sorted(entries, key=share), key=share)]


def _counts(report: ImportReport) -> Counts:
    flagged = {one.reason: one.events for one in report.flagged}
    return Counts(
        report.read, report.accepted, report.duplicates, report.skipped, report.refused_rows, report.hidden, flagged
    )
