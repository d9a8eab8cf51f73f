"""Pulling: what is new in another database comes in by the way of every file, each row once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Self

from qianmian.app import imports
from qianmian.app.batches import Batches
from qianmian.app.imports import Declared, How
from qianmian.app.intake.pulls import Pull, Pulls
from qianmian.app.intake.runs import Run, Runs
from qianmian.app.jobs import Begin, Watcher, reason_of
from qianmian.app.shop import Shop
from qianmian.app.workspace import Workspace
from qianmian.collect.imports.batch import file_digest, is_imported, leader_of
from qianmian.collect.imports.database import MOST_ROWS, Reached, read_stretch, reading
from qianmian.collect.imports.mapping import Format
from qianmian.collect.imports.report import ImportReport
from qianmian.core.errors import InputError
from qianmian.lake.durable import storage_errors


@dataclass(frozen=True)
class Pulling:
    """One run of a pull.

    Attributes:
        workspace: the shop.
        pull: what is pulled.
        begin: begins a job for each stretch, so that others can write between two of them.
        most_rows: of one stretch.
        is_backfill: whether what comes in is the past; a pull that never came to its end yet brings nothing else.
    """

    workspace: Workspace
    pull: Pull
    begin: Begin
    most_rows: int = MOST_ROWS
    is_backfill: bool = False

    def run(self, environment: Mapping[str, str], *, dry_run: bool = False) -> Iterator[ImportReport]:
        """Bring in what is new; the report of each stretch as it is in. A dry run tells of the first one alone.

        Args:
            environment: holds the database's address.
            dry_run: report what would happen, write nothing.

        Raises:
            InputError: the variable is not set, or the database refuses.
            MappingError: the mapping does not fit the columns.
            StorageFullError: no room; what came in before stays.
        """
        if dry_run:
            yield from self._read(environment, dry_run=True)
            return
        with _Noting(self.workspace, self.pull) as noting:
            for report in self._read(environment, dry_run=False):
                noting.add(report)
                yield report

    def reached(self) -> Reached:
        """How far it has come."""
        return Pulls(self.workspace.catalogue, self.workspace.clock).reached(self.pull.name, self._stands)

    def _read(self, environment: Mapping[str, str], *, dry_run: bool) -> Iterator[ImportReport]:
        url = environment.get(self.pull.url_variable, "")
        if not url:
            raise InputError("pull_unset", variable=self.pull.url_variable)
        after = Pulls(self.workspace.catalogue, self.workspace.clock).settle(self.pull.name, self._stands)
        with self.workspace.spill() as folder, storage_errors("scratch"), reading(url) as connection:
            folder.mkdir(parents=True, mode=0o700)
            for number in count(1):
                file = folder / f"{self.pull.name}-{number}.parquet"
                stretch = read_stretch(connection, self.pull.relation, after, file, self.most_rows)
                if not stretch.rows or stretch.reached == after:
                    break
                yield self._take(file, stretch.reached, dry_run=dry_run)
                file.unlink()
                after = stretch.reached
                if stretch.is_last or dry_run:
                    break

    def _take(self, file: Path, reached: Reached, *, dry_run: bool) -> ImportReport:
        declared = Declared(self.pull.mapping, replace(self.pull.declared, format=Format.PARQUET))
        is_past = self.is_backfill or self.pull.ran_at is None
        with self.begin(f"pull of {self.pull.name}") as job:
            if not dry_run:
                pulls = Pulls(self.workspace.catalogue, self.workspace.clock)
                pulls.note(self.pull.name, f"{file_digest(file)}:{declared.mapping.digest}", reached)
            return imports.run(self.workspace, job, file, declared, How(dry_run, is_backfill=is_past))

    @property
    def _stands(self) -> Callable[[str], bool]:
        leader = leader_of(self.pull.declared)
        return partial(is_imported, self.workspace.lake, leader)


class _Noting:
    """Notes what a run does while its block goes on, and how it ends; one that brought nothing leaves no row."""

    def __init__(self, workspace: Workspace, pull: Pull) -> None:
        self._pulls, self._name = Pulls(workspace.catalogue, workspace.clock), pull.name
        self._batches = Batches(workspace.catalogue, workspace.clock)
        self._runs = Runs(workspace.catalogue, workspace.clock, pull.name)
        self._run: Run | None = None

    def __enter__(self) -> Self:
        self._pulls.begun(self._name)
        return self

    def add(self, report: ImportReport) -> None:
        run = self._run or self._runs.begin()
        batch = report.batch or self._batches.of_stream(report.stream)  # one that died has brought it in already
        self._run = replace(run, batches=(*run.batches, *([batch] if batch else [])), sums=run.sums + report)
        self._runs.note(self._run)

    def __exit__(self, _type: object, error: BaseException | None, _trace: object) -> None:
        if error is None:
            self._pulls.ran(self._name)
        else:
            reason = reason_of(error)
            self._run = replace(self._run or self._runs.begin(), reason=reason)
            self._pulls.failed(self._name, reason)
        if self._run:
            self._runs.note(self._run, ended=True)


def pull(
    shop: Shop,
    name: str,
    environment: Mapping[str, str],
    *,
    dry_run: bool = False,
    is_backfill: bool = False,
    watch: Watcher | None = None,
) -> list[ImportReport]:
    """Bring in what is new in another database; returns a report for each stretch, none if nothing is new.

    Args:
        shop: where to.
        name: of a declared pull.
        environment: holds the database's address under the name that the pull declares.
        dry_run: report what the first stretch would do, write nothing.
        is_backfill: whether what comes in is the past, so that none of its events triggers anything.
        watch: told how far each import is.
    """
    kind = "dry_run" if dry_run else "import"
    found = Pulls(shop.workspace.catalogue, shop.workspace.clock).get(name)
    run = Pulling(shop.workspace, found, lambda words: shop.job(kind, words, watch), is_backfill=is_backfill)
    return list(run.run(environment, dry_run=dry_run))
