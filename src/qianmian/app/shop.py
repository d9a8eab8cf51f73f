"""The Python door: a shop that can import, build, show, count, undo and erase."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from qianmian.app import backup as backing
from qianmian.app import build as building
from qianmian.app import erase as erasing
from qianmian.app import export, findings, imports
from qianmian.app import plan as planning
from qianmian.app import restore as restoring
from qianmian.app.access.token_file import api_token
from qianmian.app.answers import Computed, People, Profile, TagReport
from qianmian.app.batches import Batches
from qianmian.app.declared_tags import DeclaredTags
from qianmian.app.flusher import take_in
from qianmian.app.jobs import Job, Watcher
from qianmian.app.metrics import Answered, Asking, Question, answer
from qianmian.app.people import find_person, identifiers_of
from qianmian.app.readings import Readings
from qianmian.app.recent import Recent
from qianmian.app.restore import Restored
from qianmian.app.tracking import quarantine
from qianmian.app.tracking.quarantine import Replayed
from qianmian.app.workspace import Workspace, chosen, create, open_workspace, with_settings, writing
from qianmian.collect.imports.preview import PreviewRow, preview
from qianmian.collect.imports.report import ImportReport
from qianmian.core.clock import Clock, SystemClock
from qianmian.core.errors import UnknownNameError
from qianmian.core.people import id_text
from qianmian.lake.connection import fetch, quoted
from qianmian.privacy.erasure import ErasurePlan
from qianmian.privacy.refused import RefusedRow
from qianmian.profile.portrait import portrait
from qianmian.profile.reading import Reading
from qianmian.profile.summary import summary
from qianmian.profile.tags.built_in import built_in_tags
from qianmian.profile.tags.declare import Tag
from qianmian.segment.audiences import audience, everybody

#: What people are looked up for unless a door says otherwise.
ANALYSE = "analyse"
#: What a person's own data is handed to them for.
OPERATE = "operate"
#: Tables that a question about one person reads beside the profiles.
_PERSON_TABLES = ("persons", "nodes", "events")


class Shop:
    """An open workspace. Everything that writes is a job and holds the workspace's lease."""

    def __init__(self, workspace: Workspace) -> None:
        """The shop in an open workspace; see `open` and `init`."""
        self.workspace = workspace
        self.batches = Batches(workspace.catalogue, workspace.clock)
        self.recent = Recent(workspace)
        self._readings = Readings(workspace)

    def import_file(
        self,
        file: Path | str,
        mapping: Path | str,
        *,
        dry_run: bool = False,
        replaces: int | None = None,
        is_backfill: bool = False,
        watch: Watcher | None = None,
    ) -> ImportReport:
        """Import a file by a mapping.

        Args:
            file: CSV, XLSX, Parquet, JSONL or JSON.
            mapping: the YAML file that declares how rows become events, lines or items.
            dry_run: report what would happen, write nothing.
            replaces: number of a batch that leaves as this one comes.
            is_backfill: whether the file brings the past, so that none of its events triggers anything.
            watch: told how far it is.

        Raises:
            MappingError: the mapping does not fit.
            InputError: the file cannot be used.
            StorageFullError: no room; nothing is visible.
        """
        path, declared = Path(file), imports.read_declared(Path(mapping))
        how = imports.How(dry_run, replaces, is_backfill=is_backfill)
        kind = "dry_run" if dry_run else "import"
        with self.job(kind, f"import of {path.name}", watch) as job:
            return imports.run(self.workspace, job, path, declared, how)

    def replay(self, batch: int, mapping: Path | str | None = None, *, watch: Watcher | None = None) -> ImportReport:
        """Import the refused rows of a batch again, once the reason is gone; see `qianmian.app.imports.replay`.

        Args:
            batch: number of the batch.
            mapping: a corrected mapping; the batch's own if not given.
            watch: told how far it is.

        Raises:
            InputError: the batch has no rows that can be replayed.
        """
        declared = imports.read_declared(Path(mapping)) if mapping else None
        with self.job("import", f"replay of batch {batch}", watch) as job:
            return imports.replay(self.workspace, job, batch, declared)

    def replay_plan(
        self, source: str | None = None, watch: Watcher | None = None, only: Iterable[str] = ()
    ) -> Replayed:
        """Take in the events that were kept apart and fit now: of a source, by their ids, or all.

        Raises:
            UnknownNameError: an id is none.
        """
        with self.job("replay", "replay of what was kept apart", watch) as job:
            return quarantine.replay(self.workspace, job, source, [quarantine.place_of(one) for one in only])

    def refused(self, batch: int) -> list[RefusedRow]:
        """Where and why rows of a batch were refused, without their content."""
        return self.workspace.refused.rows(self.batches.released(batch).stream)

    def preview(self, file: Path | str, mapping: Path | str, rows: int = 20) -> list[PreviewRow]:
        """What the first rows of a file would become, personal values masked."""
        declared = imports.read_declared(Path(mapping)).mapping
        workspace = self.workspace
        with workspace.spill() as scratch:
            return preview(declared, Path(file), workspace.settings, scratch, workspace.clock.now(), rows=rows)

    def undo(self, batch: int, watch: Watcher | None = None) -> bool:
        """Take a batch out again; returns whether it stood in the lake."""
        self.batches.released(batch)  # one that cannot be undone is no job
        with self.job("undo", f"undo of batch {batch}", watch) as job:
            return imports.undo(self.workspace, job, batch)

    def plan_build(
        self,
        *,
        full: bool = False,
        instant: datetime | None = None,
        engine: str | None = None,
        master: str | None = None,
    ) -> planning.Build:
        """What a build would do, and why; see `build`."""
        workspace = with_settings(self.workspace, engine=engine, spark_master=master)
        return planning.plan(workspace, full=full, instant=instant)

    def build(
        self,
        *,
        full: bool = False,
        instant: datetime | None = None,
        engine: str | None = None,
        master: str | None = None,
        watch: Watcher | None = None,
    ) -> dict[str, Any]:
        """Bring all profiles up to an instant, or to now; returns what the job found.

        Args:
            full: compute everything again.
            instant: the build's "now"; the clock's if not given.
            engine: ``local`` or ``spark``; the workspace's if not given.
            master: address of the Spark cluster; the workspace's if not given.
            watch: told how far it is.

        Raises:
            SettingsError: the engine is unknown, or not there.
            JobError: it was cancelled, or the cluster gave up.
        """
        self.resume(watch)
        self._readings.close()
        workspace = with_settings(self.workspace, engine=engine, spark_master=master)
        result: dict[str, Any] = building.apply(workspace, planning.plan(workspace, full=full, instant=instant), watch)
        return result

    def profile(self, name: str, *, purpose: str = ANALYSE) -> Profile:
        """Everything that is said about one person.

        Args:
            name: ``namespace:value``, a bare user_id, or ``person:<id>``.
            purpose: what it is looked up for.

        Raises:
            PurposeError: the purpose is not registered.
            UnknownNameError: nobody is known by that name, or nothing was built yet.
        """
        self.workspace.purposes.check(purpose)
        with self._readings.open(*_PERSON_TABLES) as (found, computed):
            person = find_person(self.workspace, found.connection, name)
            names = identifiers_of(self.workspace, found.connection, person, masked=True)
            return Profile(id_text(person), names, portrait(found, person), computed)

    def export(self, name: str, *, purpose: str = OPERATE) -> dict[str, Any]:
        """All data about one person, unmasked, for that person: see `qianmian.app.export`."""
        self.workspace.purposes.check(purpose)
        with self._readings.open(*export.TABLES) as (found, computed):
            person = find_person(self.workspace, found.connection, name)
            return {**export.export(self.workspace, found, person), "computed": computed}

    def backup(self, data: Path | str, keys: Path | str, watch: Watcher | None = None) -> dict[str, Any]:
        """Write everything of the workspace to two files, which belong in two places: see `qianmian.app.backup`.

        Args:
            data: file of the data.
            keys: file of the keys; without it the data name nobody, with it they name everybody.
            watch: told how far it is.

        Raises:
            StorageFullError: no room; files that were there stay as they were.
        """
        take_in(self.workspace, self.workspace.clock.now())
        with self.job("backup", "backup", watch) as job:
            backing.write_data(self.workspace, job, Path(data))
            backing.write_keys(self.workspace, Path(keys))
        return job.result

    def plan_erase(self, names: list[str]) -> ErasurePlan:
        """What erasing these people would do, stage by stage."""
        with self._readings.open("persons") as (found, _):
            people = [find_person(self.workspace, found.connection, name) for name in names]
        return erasing.plan(self.workspace, people)

    def erase(self, plan: ErasurePlan, watch: Watcher | None = None) -> dict[str, Any]:
        """Carry out an erasure; returns what the job notes.

        Raises:
            WorkspaceError: nothing was done, for what was received before is not all taken in; or
                the people are erased, but the copy of the keys that `keys_backup` names was not renewed.
        """
        self._readings.close()  # nothing of them stays in memory either
        self.recent.close()
        at = self.workspace.clock.now()
        take_in(self.workspace, at)
        with writing(self.workspace, "erase"), self.workspace.jobs.run("erase", watch) as job:
            erasing.refuse_unreachable(self.workspace, at)
            erasing.apply(self.workspace, job, plan, at)
        return job.result

    def resume(self, watch: Watcher | None = None) -> bool:
        """Finish an erasure that a crash cut short, as every other writer does first; returns whether there was one."""
        if not erasing.is_unfinished(self.workspace):
            return False
        self._readings.close()
        with writing(self.workspace, "erase"), self.workspace.jobs.run("erase", watch) as job:
            erasing.resume(self.workspace, job)
        return True

    def tags(self) -> tuple[Tag, ...]:
        """The definitions of all tags: the built-in ones, then the shop's own."""
        own = DeclaredTags(self.workspace.catalogue, self.workspace.clock).declaration()
        return (*built_in_tags(), *own.tags)

    def tag(self, name: str, *, purpose: str = ANALYSE) -> TagReport:
        """How a tag lies over all people: coverage and distribution.

        Raises:
            PurposeError: the purpose is not registered.
            UnknownNameError: there is no such tag.
        """
        self.workspace.purposes.check(purpose)
        with self._readings.open() as (found, computed):
            told = summary(found, name)
            return TagReport(**vars(told), computed=computed)

    def audience(self, condition: str, *, purpose: str = ANALYSE, limit: int | None = None) -> People:
        """Everybody who meets a condition.

        Args:
            condition: in the condition language, see docs/guides/conditions.md.
            purpose: what the people are looked up for.
            limit: list at most so many members.

        Raises:
            PurposeError: the purpose is not registered.
            ConditionError: the condition does not parse, or names something unknown.
        """
        with self._readings.open() as (found, computed):
            asked = audience(found, condition, purpose=purpose, check=self.workspace.purposes.check)
            return People(asked.condition, computed, everybody(found), *asked.members(found, limit))

    def metrics(self, question: Question, *, purpose: str = ANALYSE) -> Answered:
        """What metrics say of a range of dates: see `qianmian.app.metrics.answer`."""
        check, zone = self.workspace.purposes.check, self.workspace.settings.time_zone
        check(purpose)
        with self.asking(purpose, *question.tables()) as (found, computed):
            return answer(found, computed, question, Asking(purpose, check, zone))

    def table(self, name: str, *, purpose: str = ANALYSE) -> pa.Table:
        """All rows of a table as the last build saw it, to go on with in SQL, pandas or Polars.

        Args:
            name: a table of the lake (docs/reference/tables.md), or ``profiles``: every tag of everybody.
            purpose: what the rows are looked up for.

        Raises:
            PurposeError: the purpose is not registered.
            UnknownNameError: there is no such table, or nothing was built yet.
        """
        self.workspace.purposes.check(purpose)
        tables = self.workspace.lake.tables
        if name != "profiles" and name not in tables:
            raise UnknownNameError("no_table", table=name, tables=sorted([*tables, "profiles"]))
        with self._readings.open(*({name} & set(tables))) as (found, _):
            return fetch(found.connection, f"SELECT * FROM {quoted(name)}")

    @contextmanager
    def asking(self, purpose: str, *tables: str) -> Iterator[tuple[Reading, Computed]]:
        """Open what the last build left for a question of `qianmian.app.questions`.

        Args:
            purpose: what the answer is used for.
            tables: what the question reads beside profiles and history.

        Raises:
            PurposeError: the purpose is not registered.
            NotBuiltError: nothing was built yet.
        """
        self.workspace.purposes.check(purpose)
        with self._readings.open(*tables) as opened:
            yield opened

    def findings(self) -> dict[str, pa.Table]:
        """What was found, as tables that can be judged against a known truth: see `qianmian.app.findings`."""
        with self._readings.open(*findings.TABLES) as (found, computed):
            return findings.findings(found.connection, planning.published_kinds(self.workspace), computed.instant)

    def token(self) -> str:
        """The secret that lets somebody through the HTTP door; made at the first call."""
        return api_token(self.workspace.data / "keys", self.workspace.entropy)

    def close(self) -> None:
        """Close all stores."""
        self._readings.close()
        self.workspace.close()

    @property
    def computed(self) -> Computed:
        """What the answers of this moment are computed from.

        Raises:
            NotBuiltError: nothing was built yet.
        """
        return self._readings.computed()

    @contextmanager
    def job(self, kind: str, purpose: str, watch: Watcher | None) -> Iterator[Job]:
        """A job that writes; an erasure that was cut short goes first, so that nobody half-erased is met."""
        self.resume(watch)
        self._readings.close()  # unless it is being asked: its pin would keep what the job replaces
        with writing(self.workspace, purpose), self.workspace.jobs.run(kind, watch) as job:
            yield job


def init(folder: Path | str, *, name: str, clock: Clock | None = None, **settings: Any) -> Shop:
    """Make a workspace and open it.

    Args:
        folder: where; made if it is not there.
        name: name of the shop.
        clock: the only source of time; the machine's if not given.
        settings: see docs/reference/settings.md.

    Raises:
        WorkspaceError: the folder is a workspace already.
        SettingsError: a setting is wrong.
    """
    return Shop(create(Path(folder), chosen(name=name, **settings), clock or SystemClock(), os.urandom))


def restore(data: Path | str, keys: Path | str, folder: Path | str, *, clock: Clock | None = None) -> Restored:
    """Make a workspace from the two files of a backup: see `qianmian.app.restore`.

    Raises:
        WorkspaceError: the folder is not empty.
        InputError: a file is damaged, or they are of different workspaces.
    """
    return restoring.restore(Path(data), Path(keys), Path(folder), clock or SystemClock(), os.urandom)


def open(folder: Path | str, *, clock: Clock | None = None) -> Shop:  # noqa: A001  # the name that users read
    """Open the workspace in a folder.

    Raises:
        WorkspaceError: there is none, or its keys are missing.
        DamagedTableError: a table's files are missing or cut short.
    """
    return Shop(open_workspace(Path(folder), clock or SystemClock(), os.urandom))
