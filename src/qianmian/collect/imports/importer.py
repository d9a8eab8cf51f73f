"""Runs an import: a file and a mapping in, one release of the lake out, and a report of every row.

The order is what makes a crash harmless: the vault knows an identifier before any table names its node; files are on
disk before the release; the release alone makes anything visible. A rerun of the same file does it all again.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from qianmian.collect.imports import context, dedupe, details, identify, items, links, mentions, stage, write
from qianmian.collect.imports.batch import (
    EVENT_TABLES,
    file_digest,
    find_orphans,
    is_imported,
    leader_of,
    next_position,
    removal,
)
from qianmian.collect.imports.contracts import Announce, ImportRequest, Progress, Stores, silent
from qianmian.collect.imports.mapping import Format, Grain
from qianmian.collect.imports.personal_data import REFUSED, PersonalData, refuse_found
from qianmian.collect.imports.read import check_parquet, open_raw
from qianmian.collect.imports.refuse import Tally, refuse
from qianmian.collect.imports.report import Flagged, ImportReport
from qianmian.collect.imports.resemblance import refuse_lookalike
from qianmian.collect.imports.shape import Shape
from qianmian.collect.imports.sql import Words
from qianmian.collect.imports.undo import forget
from qianmian.collect.tables import CONTEXT, EVENT_LINES, EVENTS, ITEM_CHANGES, ITEMS, LINKS, NODES
from qianmian.core.errors import QianmianError
from qianmian.core.failpoints import failpoint
from qianmian.lake.connection import Connection, bare_connection, quoted, select_files
from qianmian.lake.durable import storage_errors
from qianmian.lake.files import Change, DataFile, Position
from qianmian.lake.snapshot import Snapshot
from qianmian.lake.store import Lake
from qianmian.privacy.refused import RefusedRow

_after_staging = failpoint("import.after_staging", "rows are typed in the scratch folder, nothing else is written")
_after_vault = failpoint("import.after_vault", "identifiers and refused rows are kept, nothing is released")
_after_files = failpoint("import.after_files", "the batch's files are on disk, nothing is released")


def run(
    request: ImportRequest, stores: Stores, progress: Progress = silent, announce: Announce = silent
) -> ImportReport:
    """Import a file, whole or not at all.

    Args:
        request: what to import.
        stores: where to.
        progress: told each phase as it begins.
        announce: told the report just before the release, so that a batch whose release a crash follows is known.

    Raises:
        MappingError: the mapping does not fit the file.
        InputError: the file is missing or empty, or repeats an earlier batch.
        StorageFullError: no room; nothing is visible.
    """
    return _Import(request, stores, progress, announce).run()


class _Import:
    def __init__(self, request: ImportRequest, stores: Stores, progress: Progress, announce: Announce) -> None:
        self.request, self.stores, self.progress, self.announce = request, stores, progress, announce
        self.mapping, self.lake = request.mapping, stores.lake
        self._files: dict[str, list[DataFile]] = {}
        self.leader = leader_of(self.mapping)

    def run(self) -> ImportReport:
        started = time.monotonic()
        self.progress("read the file")
        digest, stream = self._stream()
        if self._is_in(stream):
            return ImportReport(batch=0, stream=stream, already=True)
        with storage_errors("scratch"):
            _empty(self.stores.scratch)
            try:
                beside = self._beside(stream)
                report = self._import(stream, digest, beside)
            except Exception as error:
                if self.mapping.format is Format.PARQUET and not isinstance(error, QianmianError | OSError):
                    check_parquet(self.request.file)
                raise
            finally:
                _empty(self.stores.scratch)
        return replace(report, seconds=time.monotonic() - started)

    def _stream(self) -> tuple[str, str]:
        """Digest of a file that is an import of its own, and the name by which the lake remembers it."""
        if self.request.stretch:
            return "", self.request.stretch.stream
        digest = file_digest(self.request.file) if self.request.file.is_file() else ""
        return digest, f"{digest}:{self.mapping.digest}"

    def _is_in(self, stream: str) -> bool:
        if self.request.stretch:
            return (self.lake.position(self.leader, stream) or 0) >= self.request.stretch.upto
        return is_imported(self.lake, self.leader, stream)

    def _beside(self, stream: str) -> ImportReport | None:
        """Write what is released with this import, and take over its files."""
        if not self.request.beside:
            return None
        other = _Import(self.request.beside, self.stores, self.progress, silent)
        with other._opened("") as (connection, shape, _):
            report = other._staged(connection, shape, stream)
        self._files |= other._files
        _empty(self.stores.scratch)
        return report

    def _import(self, stream: str, digest: str, beside: ImportReport | None) -> ImportReport:
        with self._opened(digest) as (connection, shape, snapshot):
            report = self._staged(connection, shape, stream)
            report = report.joined(beside) if beside else report
            if self.request.dry_run:
                return replace(report, batch=0)
            self.announce(report)
            self._release(connection, snapshot, stream)
        return report

    @contextmanager
    def _opened(self, digest: str) -> Iterator[tuple[Connection, Shape, Snapshot]]:
        settings, scratch = self.stores.settings, self.stores.scratch
        snapshot = self.lake.snapshot(instant=self.request.now)
        folders = (self.lake.root, self.request.file.absolute().parent)
        with bare_connection(
            folders, threads=settings.threads, memory_mib=settings.memory_mib, spill=scratch / "spill"
        ) as connection:
            _show_tables(self.lake, snapshot, connection)
            raw = open_raw(connection, self.mapping, self.request.file.absolute(), scratch)
            zone = self.mapping.time_zone or settings.time_zone
            personal_data = self.request.treatment.personal_data
            shape = Shape(self.mapping, raw, Words(), zone, self.request.now, digest, personal_data)
            dedupe.open_drops(connection)
            yield connection, shape, snapshot

    def _staged(self, connection: Connection, shape: Shape, stream: str) -> ImportReport:
        """Type the rows and write the files of those that stand; nothing is visible before the release."""
        ways = {Grain.ITEM: self._items, Grain.CONTEXT: self._context}
        return ways.get(self.mapping.grain, self._events)(connection, shape, stream)

    def _events(self, connection: Connection, shape: Shape, stream: str) -> ImportReport:
        scratch, stores, judge = self.stores.scratch, self.stores, self.request.judge
        if judge:
            judge.hide(shape)
        self.request.treatment.apply(shape)
        named = identify.who_is_named(shape)
        self.progress("find identifiers")
        for who in named:
            identify.find_nodes(connection, shape, who, stores.keys)
        mentioned = mentions.who_is_mentioned(shape)
        for mention in mentioned:
            mentions.find_mentioned(connection, shape, mention, stores.keys, stores.suppression)
        self.progress("type, check and mask")
        traffic = self.request.treatment.traffic.staged(named)
        stage.stage_events(connection, shape, named, mentioned, scratch, traffic=traffic)
        self.progress("find repeated rows")
        identify.drop_suppressed(connection, shape, named, stores.suppression)
        if shape.personal_data is PersonalData.REFUSE:
            refuse_found(connection)
        judged = judge.look(connection, shape) if judge else None
        dedupe.drop_repeated(connection, shape, self._replaced_number, stores.seen)
        days = dedupe.keep_sound(connection, shape, scratch)
        _after_staging()
        if "event_id" not in self.mapping.fields and not self.request.replaces:
            refuse_lookalike(connection, self.mapping.source)
        tally = refuse(connection, shape, stream, self._keep, REFUSED | (judged.checks if judged else {}))
        identify.mark_used(connection, named)
        with ThreadPoolExecutor(1) as beside:  # sealing is Python's work, writing is not: they go well together
            kept = beside.submit(self._remember, connection.cursor(), shape, named)
            self._write_days(connection, days, links.Links(connection, named))
            kept.result()
        report = self._event_report(connection, shape, stream, tally)
        return replace(report, findings=judged.findings()) if judged else report

    def _remember(self, connection: Connection, shape: Shape, named: tuple[identify.Who, ...]) -> None:
        if not self.request.dry_run:
            for who in named:
                identify.remember(connection, who, self.stores.vault, self.request.batch)
            details.keep(connection, shape, self.stores.vault.details, self.request.batch)
        _after_vault()

    def _items(self, connection: Connection, shape: Shape, stream: str) -> ImportReport:
        items.stage_items(connection, shape)
        whole = self.leader == ITEMS.name
        drop = items.drop_repeated_items if whole else items.drop_repeated_changes
        drop(connection, shape, self._replaced_number)
        _after_staging()
        tally = refuse(connection, shape, stream, self._keep)
        _after_vault()
        write.stamp(connection, self.mapping, self.request.batch)
        write.define_items(connection)
        self._write(connection, (ITEMS.name if whole else ITEM_CHANGES.name,))
        _after_files()
        accepted = _count(connection, "SELECT count(*) FROM sound")
        return self._report(shape, stream, tally, accepted, items=accepted)

    def _context(self, connection: Connection, shape: Shape, stream: str) -> ImportReport:
        context.stage_context(connection, shape)
        context.drop_repeated_context(connection, shape, self._replaced_number)
        _after_staging()
        tally = refuse(connection, shape, stream, self._keep)
        _after_vault()
        write.stamp(connection, self.mapping, self.request.batch)
        write.define_context(connection)
        self._write(connection, (CONTEXT.name,))
        _after_files()
        return self._report(shape, stream, tally, _count(connection, "SELECT count(*) FROM sound"))

    def _write_days(self, connection: Connection, days: dedupe.SoundDays, found: links.Links) -> None:
        """Events and lines a file a day; then links and nodes, whose runs and firsts go across days."""
        found.open()
        write.stamp(connection, self.mapping, self.request.batch)
        self.progress(f"write {sum(map(len, days.stretches))} days")
        lanes = self.stores.settings.threads
        with ThreadPoolExecutor(lanes) as pool:
            # A stretch is too small to keep the processors busy, so as many are written at a time.
            tasks = [pool.submit(self._write_lane, connection.cursor(), days, found, n) for n in range(lanes)]
        for task in tasks:
            task.result()
        self.progress("write links and nodes")
        found.fold()
        write.define_whole_outputs(connection)
        self._write(connection, (LINKS.name, NODES.name))
        _after_files()

    def _write_lane(self, connection: Connection, days: dedupe.SoundDays, found: links.Links, lane: int) -> None:
        for stretch in days.stretches[lane :: self.stores.settings.threads]:
            days.load(connection, stretch)
            write.define_day_outputs(connection, self.mapping.grain)
            found.add_days(connection)
            self._write(connection, (EVENT_LINES.name, EVENTS.name))

    def _write(self, connection: Connection, tables: tuple[str, ...]) -> None:
        if self.request.dry_run:
            return
        for table, files in write.write_outputs(self.lake, connection, tables).items():
            self._files.setdefault(table, []).extend(files)

    def _release(self, connection: Connection, snapshot: Snapshot, stream: str) -> None:
        self.progress("release")
        changes = {table: Change(table, tuple(files)) for table, files in self._files.items()}
        old = self.request.replaces
        orphans = find_orphans(connection, old, self._staying) if old else []
        for table, leaving in removal(self.lake, connection, snapshot, old).items() if old else ():
            changes[table] = Change(table, (*self._files.get(table, ()), *leaving.add), leaving.remove)
        notes = {"batch": str(self.request.batch), "source": self.mapping.source, "stream": stream}
        stretch = self.request.stretch
        position = Position(stream, stretch.upto) if stretch else next_position(self.lake, self.leader, stream)
        self.lake.release(self.leader, list(changes.values()), position=position, notes=notes)
        if old:
            self.lake.release(old.leader, [], position=next_position(self.lake, old.leader, old.stream))
            forget(self.stores, old, orphans, self.request.now)

    @property
    def _staying(self) -> str:
        return "SELECT node_id FROM used" if self.leader == EVENTS.name else ""

    def _keep(self, rows: Sequence[RefusedRow]) -> None:
        if self.request.dry_run:
            return
        if at := self.request.stretch:
            places = (at.place(row.position) for row in rows)
            rows = [replace(row, stream=one, position=n) for row, (one, n) in zip(rows, places, strict=True)]
        self.stores.refused.keep(rows)

    @property
    def _replaced_number(self) -> int:
        return self.request.replaces.number if self.request.replaces else 0

    def _event_report(self, connection: Connection, shape: Shape, stream: str, tally: Tally) -> ImportReport:
        accepted, events, lines, first, last, flagged, hidden = connection.execute(
            """SELECT count(*), count(*) FILTER (is_head), coalesce(sum(len(products)), 0)::BIGINT,
                min(occurred_at)::VARCHAR, max(occurred_at)::VARCHAR, histogram(traffic) FILTER (is_head),
                count(*) FILTER (is_head AND masked)
                FROM sound"""
        ).fetchall()[0]
        return replace(
            self._report(shape, stream, tally, accepted),
            events=events,
            lines=lines,
            masked=stage.count_masked(connection, shape),
            new_identifiers=_count(connection, "SELECT count(*) FROM out_nodes"),
            first_at=_instant(first),
            last_at=_instant(last),
            hidden=hidden,
            flagged=tuple(Flagged(*one) for one in sorted((flagged or {}).items())),
        )

    def _report(self, shape: Shape, stream: str, tally: Tally, accepted: int, items: int = 0) -> ImportReport:
        return ImportReport(
            batch=self.request.batch,
            stream=stream,
            leader=self.leader,
            read=shape.raw.rows + len(shape.raw.unreadable),
            accepted=accepted,
            items=items,
            duplicates=tally.duplicates,
            skipped=tally.skipped,
            refused=tally.refusals(),
        )


def _show_tables(lake: Lake, snapshot: Snapshot, connection: Connection) -> None:
    for table in (*EVENT_TABLES, ITEMS.name, CONTEXT.name):
        files = lake.files(snapshot, table)
        connection.execute(f"CREATE VIEW {quoted(table)} AS {select_files(lake, table, files)}")


def _count(connection: Connection, query: str) -> int:
    return int(connection.execute(query).fetchall()[0][0])


def _instant(text: str | None) -> datetime | None:
    # Read as text: DuckDB would need another time zone library to hand out instants.
    return datetime.fromisoformat(text) if text else None


def _empty(folder: Path) -> None:
    """Raw identifiers lie in the scratch folder; a crash may have left some."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
