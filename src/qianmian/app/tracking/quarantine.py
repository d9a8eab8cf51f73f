"""Events kept apart by the plan's mode or for personal data: counted, looked at, brought in once they fit.

They are refused rows of what was received, so they lie sealed, and an erasure finds them.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from qianmian.app.batches import Batches
from qianmian.app.imports import stores
from qianmian.app.jobs import Job
from qianmian.app.tracking.plans import judge_of
from qianmian.app.treatment import treatment_of
from qianmian.app.workspace import Workspace
from qianmian.collect.imports import importer
from qianmian.collect.imports.batch import is_imported
from qianmian.collect.imports.check import Reason
from qianmian.collect.imports.contracts import ImportRequest, Stretch
from qianmian.collect.imports.report import ImportReport
from qianmian.collect.plan.verdict import KINDS
from qianmian.collect.wire.doors import DIALECTS
from qianmian.collect.wire.meanings import mapping_of, mapping_text
from qianmian.collect.wire.shown import shown
from qianmian.core.errors import UnknownNameError
from qianmian.lake.durable import storage_errors
from qianmian.privacy.refused import RefusedRow

#: Why events are kept apart.
REASONS = (*(str(kind) for kind in KINDS), str(Reason.PERSONAL_DATA))
_AT_ONCE = 50_000
#: A position has 63 bits.
_MOST_DIGITS = 18
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, order=True)
class Delivered:
    """By whom events were delivered, and in which words."""

    source: str
    dialect: str


@dataclass(frozen=True)
class Replayed:
    """What became of events that were kept apart.

    Attributes:
        read: how many waited.
        stored: came in.
        duplicates: were there already.
        waiting: deviate still, or cannot be used for another reason; they stay where they were.
    """

    read: int = 0
    stored: int = 0
    duplicates: int = 0
    waiting: int = 0

    def __add__(self, other: Replayed) -> Replayed:
        mine, theirs = vars(self), vars(other)
        return Replayed(**{name: mine[name] + theirs[name] for name in mine})


def waiting(workspace: Workspace) -> dict[tuple[str, str], int]:
    """How many events are kept apart, by source and reason."""
    counts: Counter[tuple[str, str]] = Counter()
    for (stream, reason), number in workspace.refused.waiting(REASONS).items():
        if by := delivered(stream):
            counts[by.source, reason] += number
    return dict(sorted(counts.items()))


@dataclass(frozen=True)
class KeptApart:
    """An event that is kept apart, as an operator may look at it.

    Attributes:
        id: by which it is looked at and replayed.
        source: who sent it.
        event: its name as it came, masked; empty if it cannot be read.
        row: why and when; without its content.
        content: what it holds, personal values masked; None if it is no JSON object.
    """

    id: str
    source: str
    event: str
    row: RefusedRow
    content: dict[str, Any] | None


def newest(workspace: Workspace, most: int, *, source: str = "", reason: str = "") -> list[KeptApart]:
    """The last events that were kept apart.

    Args:
        workspace: the shop.
        most: at most so many.
        source: whose; empty = all.
        reason: why; empty = any.
    """
    reasons = [one for one in REASONS if reason in ("", one)]
    rows = workspace.refused.newest(reasons, most, part=f":{source}:" if source else "")
    found = (workspace.refused.find(row.stream, row.position) for row in rows)
    return [_kept_apart(row) for row in found if row]


def one(workspace: Workspace, kept: str) -> KeptApart:
    """An event that is kept apart.

    Args:
        workspace: the shop.
        kept: its id.

    Raises:
        UnknownNameError: none of that id is.
    """
    row = workspace.refused.find(*place_of(kept))
    if row is None or row.reason not in REASONS:
        raise UnknownNameError("not_kept_apart")
    return _kept_apart(row)


def place_of(kept: str) -> tuple[str, int]:
    """Stream and position of an event that is kept apart, by its id.

    Raises:
        UnknownNameError: it is no such id.
    """
    stream, _, position = kept.rpartition(":")
    if not position.isdecimal() or len(position) > _MOST_DIGITS:
        raise UnknownNameError("not_kept_apart")
    return stream, int(position)


def _kept_apart(row: RefusedRow) -> KeptApart:
    by, line = delivered(row.stream), (row.body or "").encode("utf-8", "surrogatepass")
    content = shown(by.dialect, line) if by else None
    event = (content or {}).get("event") or (content or {}).get("type") or ""
    return KeptApart(
        f"{row.stream}:{row.position}", by.source if by else "", str(event), replace(row, body=None), content
    )


def delivered(stream: str) -> Delivered | None:
    """Who delivered the refused rows of a stream; None = nobody, they are a file's."""
    _, _, rest = stream.partition(":")
    source, _, dialect = rest.partition(":")
    return Delivered(source, dialect) if dialect in DIALECTS else None


def replay(
    workspace: Workspace, job: Job, source: str | None = None, only: Collection[tuple[str, int]] = ()
) -> Replayed:
    """Judge the events that are kept apart by today's plan, and take in those that fit. Call it with the lease.

    A crash leaves them where they were: what came in before it is found to be a duplicate.

    Args:
        workspace: the shop.
        job: told how far it is.
        source: whose events; None = all.
        only: stream and position of those that are replayed; nothing = all.
    """
    streams = sorted({stream for stream, _ in only or workspace.refused.waiting(REASONS)})
    known = [(by, stream) for stream in streams if (by := delivered(stream)) and source in (None, by.source)]
    told = Replayed()
    for by, some in groupby(sorted(known), key=lambda pair: pair[0]):
        rows = (row for _, stream in some for row in _kept(workspace, stream, only) if row.body)
        while page := list(islice(rows, _AT_ONCE)):
            told += _take_in(workspace, job, by, page)
    job.rows_read, job.result["read"], job.result["accepted"] = told.read, told.read, told.stored
    return told


def _kept(workspace: Workspace, stream: str, only: Collection[tuple[str, int]]) -> Iterator[RefusedRow]:
    """The rows of a stream that are kept apart, with their bodies: some, or all."""
    if not only:
        yield from workspace.refused.bodies(stream, REASONS)
    for at, position in sorted(set(only)):
        row = workspace.refused.find(stream, position) if at == stream else None
        if row and row.reason in REASONS:
            yield row


def _take_in(workspace: Workspace, job: Job, by: Delivered, rows: list[RefusedRow]) -> Replayed:
    at = max(workspace.clock.now(), max(row.refused_at for row in rows) + _TICK)  # tells who is refused once more
    folder = workspace.scratch / "replay"
    with storage_errors("scratch"):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            file = folder / "lines"
            with file.open("w", encoding="utf-8", errors="surrogatepass") as out:
                out.writelines(f"{row.body}\n" for row in rows)
            report = _import(workspace, job, by, _Asked(file, at, tuple((row.stream, row.position) for row in rows)))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return Replayed(len(rows), report.accepted, report.duplicates, report.refused_rows)


@dataclass(frozen=True)
class _Asked:
    file: Path
    at: datetime
    places: tuple[tuple[str, int], ...]


def _import(workspace: Workspace, job: Job, by: Delivered, asked: _Asked) -> ImportReport:
    """Import the lines as a batch of their own, if any of them would come in; forget those that did."""
    batches, is_in = Batches(workspace.catalogue, workspace.clock), partial(is_imported, workspace.lake)
    batches.settle(is_in)
    number = batches.begin(
        source=by.source, file=f"plan-replay-{by.source}", digest="", mapping=mapping_text(by.dialect)
    )
    request = ImportRequest(
        asked.file,
        replace(mapping_of(by.dialect), source=by.source),
        number,
        asked.at,
        dry_run=True,
        stretch=Stretch(f"replay:{number}", 1, lambda row: asked.places[row - 1]),
        judge=judge_of(workspace, by.source),
        treatment=treatment_of(workspace, by.source),
    )
    try:
        report = importer.run(request, stores(workspace), job.at)
        if not (report.accepted or report.duplicates):
            return report
        request, announce = replace(request, dry_run=False), partial(_announce, batches, number)
        report = importer.run(request, stores(workspace), job.at, announce)
        batches.done(number, replace(report, findings=None))
    finally:
        batches.settle(is_in)  # a batch that nothing came of is forgotten
    _forget(workspace, asked)
    return report


def _announce(batches: Batches, number: int, report: ImportReport) -> None:
    batches.announce(number, replace(report, findings=None))  # its events were counted as they came


def _forget(workspace: Workspace, asked: _Asked) -> None:
    """Forget the rows that need not wait any more: all but those that were just refused again."""
    for stream, places in groupby(asked.places, key=lambda place: place[0]):
        again = {row.position for row in workspace.refused.rows(stream) if row.refused_at >= asked.at}
        workspace.refused.forget(stream, [position for _, position in places if position not in again])
