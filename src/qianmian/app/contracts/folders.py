"""What the doors tell of watched folders and their files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import Field

from qianmian.app.batches import Batches
from qianmian.app.contracts.base import Contract, Words
from qianmian.app.contracts.collect import BatchTold
from qianmian.app.contracts.problem import problem
from qianmian.app.intake.files import Status, WatchedFile, WatchedFiles, counts
from qianmian.app.intake.folders import WatchedFolder
from qianmian.app.workspace import Workspace
from qianmian.core.language import Language


class FolderTold(Contract):
    """A watched folder, and how its files stand."""

    name: str = Field(description="what its owner calls it")
    path: str = Field(description="where it lies, below the setting folder_root")
    source: str = Field(description="data source, as its mapping names it")
    is_backfill: bool = Field(description="whether its files bring the past: their events trigger nothing")
    created_at: datetime = Field(description="when it was declared")
    paused_at: datetime | None = Field(description="since when nothing is taken from it; empty = it is watched")
    looked_at: datetime | None = Field(description="when it was last looked at, to a minute; empty = never")
    problem: Words = Field(description="why the last look came to nothing, and what to do; empty = it did not")
    waiting: int = Field(description="files that may still be written, or whose turn has not come")
    taken: int = Field(description="files that were taken in, those whose content was in already included")
    failed: int = Field(description="files that could not be taken in")
    taken_at: datetime | None = Field(description="when the last was taken in; empty = none yet")

    @classmethod
    def of(cls, workspace: Workspace, folder: WatchedFolder, language: Language) -> FolderTold:
        """The folder as a list shows it."""
        files = WatchedFiles(workspace, folder.name).all()
        told = counts(files)
        return cls(
            name=folder.name,
            path=folder.path,
            source=folder.declared.source,
            is_backfill=folder.is_backfill,
            created_at=folder.created_at,
            paused_at=folder.paused_at,
            looked_at=folder.looked_at,
            problem=problem(folder.reason, language),
            waiting=told[Status.WAITING] + told[Status.TAKING],
            taken=told[Status.TAKEN] + told[Status.SAME],
            failed=told[Status.FAILED],
            taken_at=max((one.done_at for one in files if one.batch and one.done_at), default=None),
        )


class FileTold(Contract):
    """A file of a watched folder, and what became of it."""

    file: str = Field(description="its name, personal data masked")
    bytes: int = Field(description="its size")
    modified_at: datetime = Field(description="when it was last changed, as its file system says")
    status: Status = Field(description="waiting, taking, taken, same (its content was in already) or failed")
    done_at: datetime | None = Field(description="when it was taken in, or failed")
    batch: int | None = Field(description="number of the batch that holds it; empty = none")
    problem: Words = Field(description="why it failed, and what to do; empty = it did not")
    read: int = Field(default=0, description="rows in it")
    accepted: int = Field(default=0, description="rows that were taken")
    duplicates: int = Field(default=0, description="rows that were here before")
    refused_rows: int = Field(default=0, description="rows that were refused; a replay takes them in later")

    @classmethod
    def of(cls, file: WatchedFile, batches: Mapping[int, BatchTold], language: Language) -> FileTold:
        """The file with the numbers of its batch."""
        numbers: dict[str, Any] = {}
        if batch := batches.get(file.batch or 0):
            numbers = batch.model_dump(include={"read", "accepted", "duplicates", "refused_rows"})
        return cls(
            file=file.name,
            bytes=file.bytes,
            modified_at=file.modified_at,
            status=file.status,
            done_at=file.done_at,
            batch=file.batch,
            problem=problem(file.reason, language),
            **numbers,
        )


def files_told(workspace: Workspace, folder: str, language: Language) -> list[FileTold]:
    """All files of a watched folder, the last seen first."""
    rows = Batches(workspace.catalogue, workspace.clock).all()
    batches = {row["batch"]: BatchTold.of(row) for row in rows}
    return [FileTold.of(file, batches, language) for file in WatchedFiles(workspace, folder).all()]
