"""Looking at a watched folder: what is finished and new comes in by the way of every file, each content once.

A file is noted before its import and after it. Whoever dies in between finds, at the next look, that the content is in
already, and that it was this file that brought it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path

from qianmian.app import imports
from qianmian.app.batches import Batches
from qianmian.app.imports import Declared, How
from qianmian.app.intake.files import Found, Status, WatchedFile, WatchedFiles, copied, files_in
from qianmian.app.intake.folders import WatchedFolder, WatchedFolders, place_of
from qianmian.app.jobs import Begin, reason_of
from qianmian.app.workspace import Workspace
from qianmian.collect.imports.report import ImportReport
from qianmian.core.errors import InputError, JobError, LakeError, QianmianError, StorageFullError, WorkspaceError
from qianmian.core.failpoints import failpoint
from qianmian.core.messages import Message
from qianmian.lake.durable import storage_errors

_before_import = failpoint("folder.before_import", "a file is noted as being taken in, nothing of it is imported")
_after_import = failpoint("folder.after_import", "a file is imported, it is not noted as taken in")


@dataclass(frozen=True)
class Looking:
    """Looks at one watched folder.

    Attributes:
        workspace: the shop.
        folder: what is looked at.
        begin: begins a job for each file, so that others can write between two of them.
        is_over: whether to stop after the file that is under way.
    """

    workspace: Workspace
    folder: WatchedFolder
    begin: Begin
    is_over: Callable[[], bool] = lambda: False

    @cached_property
    def _files(self) -> WatchedFiles:
        return WatchedFiles(self.workspace, self.folder.name)

    def look(self, *, again: bool = False) -> int:
        """Take in what is finished and new; returns how many files had their turn.

        Args:
            again: also those that failed.

        Raises:
            InputError: the folder cannot be looked at; it is noted with the reason as well.
            LeaseHeldError: another process writes; the files wait.
            StorageFullError: no room; the files wait.
        """
        folders = WatchedFolders(self.workspace.catalogue, self.workspace.clock)
        try:
            due = self._due(again=again)
        except (InputError, OSError) as raised:
            refused = InputError("folder_unreadable", path=self.folder.path)
            error = raised if isinstance(raised, InputError) else refused
            folders.looked(self.folder, error.message)
            raise error from None
        folders.looked(self.folder)
        turns = 0
        for found, known in due:
            if self.is_over():
                break
            self._take(found, known)
            turns += 1
        return turns

    def _due(self, *, again: bool) -> list[tuple[Found, WatchedFile]]:
        """The files whose turn it is; those that are new, changed or gone are noted."""
        known = {file.key: file for file in self._files.all()}
        due = []
        for found in files_in(place_of(self.workspace, self.folder), self.workspace.keys.node):
            file = known.pop(found.key, None)
            if file is None or not file.is_as(found):
                self._files.note(found, Status.WAITING)
            elif self._is_due(file, again=again):
                due.append((found, file))
        for file in known.values():
            if file.status not in (Status.TAKEN, Status.SAME):
                self._files.gone(file)
        return due

    def _is_due(self, file: WatchedFile, *, again: bool) -> bool:
        if file.status in (Status.WAITING, Status.TAKING):
            patience = timedelta(seconds=self.workspace.settings.look_seconds)
            return bool(file.bytes) and file.seen_at + patience <= self.workspace.clock.now()
        return again and file.status is Status.FAILED

    def _take(self, found: Found, known: WatchedFile) -> None:
        try:
            self._bring_in(found, known)
        except (StorageFullError, LakeError, WorkspaceError):
            raise
        except JobError as error:  # somebody cancelled it, if it was not us
            if self.is_over():
                raise
            self._fail(found, error.message)
        except QianmianError as error:
            self._fail(found, error.message)
        except Exception as error:  # noqa: BLE001  # one file, whatever is in it, holds up no other
            self._fail(found, reason_of(error))

    def _fail(self, found: Found, reason: Message) -> None:
        self._files.note(found, Status.FAILED, reason=reason.stored())

    def _bring_in(self, found: Found, known: WatchedFile) -> None:
        if found.is_link:
            raise InputError("folder_link")
        declared = Declared(self.folder.mapping, self.folder.declared)
        how = How(name=found.name, is_backfill=self.folder.is_backfill)
        with self.workspace.spill() as folder:
            file = folder / "file"  # under no name that a pattern of files could match
            digest = self._copied(found, file)
            if digest is None:
                self._files.note(found, Status.WAITING)
                return
            with self.begin(f"import from watched folder {self.folder.name}") as job:
                self._files.note(found, Status.TAKING, digest=digest)
                _before_import()
                report = imports.run(self.workspace, job, file, declared, how)
                _after_import()
        was_ours = known.status is Status.TAKING and known.digest == digest
        self._taken(found, report, was_ours=was_ours)

    def _copied(self, found: Found, to: Path) -> str | None:
        try:
            with storage_errors("scratch"):
                to.parent.mkdir(parents=True, mode=0o700)
                return copied(found, to)
        except OSError:
            raise InputError("folder_file_unreadable") from None

    def _taken(self, found: Found, report: ImportReport, *, was_ours: bool) -> None:
        batch = report.batch
        if report.already:
            batch = Batches(self.workspace.catalogue, self.workspace.clock).of_stream(report.stream) or 0
        status = Status.SAME if report.already and not was_ours else Status.TAKEN
        self._files.note(found, status, batch=batch or None)
