"""The files of watched folders: which are there, which are finished, and what became of each."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import sqlalchemy as sa

from qianmian.app.intake.tables import WATCHED_FILES
from qianmian.app.workspace import Workspace
from qianmian.core.messages import Message, restored
from qianmian.privacy.database import declared, instant_of, microseconds
from qianmian.privacy.masking import mask_text

#: What programs call a file that they still write, or a note to themselves.
_TEMPORARY = re.compile(
    r"[.~#].*|.*~|.*\.(tmp|temp|part|partial|filepart|crdownload|download|swp|lock|lck)", re.IGNORECASE | re.DOTALL
)
_CHUNK = 1 << 20


class Status(StrEnum):
    """How far a file has come."""

    WAITING = "waiting"  # it may still be written
    TAKING = "taking"
    TAKEN = "taken"
    SAME = "same"  # its content was in already, under whatever name
    FAILED = "failed"


@dataclass(frozen=True)
class Found:
    """A file that lies in a watched folder.

    Attributes:
        path: where.
        key: keyed hash of its name, by which it is known.
        name: its name, personal data masked.
        bytes: its size.
        modified_at: microseconds since 1970 of its last change.
        is_link: whether it only points to something.
    """

    path: Path
    key: str
    name: str
    bytes: int
    modified_at: int
    is_link: bool


@dataclass(frozen=True)
class WatchedFile:
    """A file as it was last seen.

    Attributes:
        key: keyed hash of its name.
        name: its name, personal data masked.
        bytes: its size.
        modified_at: when it was last changed, as its file system says.
        seen_at: since when it is known so.
        status: how far it has come.
        digest: sha256 of what was taken in last; empty = nothing yet.
        batch: the batch that holds it; None = none.
        reason: why it failed.
        done_at: when it was taken in, or failed.
    """

    key: str
    name: str
    bytes: int
    modified_at: datetime
    seen_at: datetime
    status: Status
    digest: str
    batch: int | None
    reason: Message | None
    done_at: datetime | None

    def is_as(self, found: Found) -> bool:
        """Whether nothing about it has changed since."""
        return (self.bytes, microseconds(self.modified_at)) == (found.bytes, found.modified_at)


class WatchedFiles:
    """What is known of the files of one watched folder, kept in the catalogue."""

    def __init__(self, workspace: Workspace, folder: str) -> None:
        """Of the folder with that name."""
        self._catalogue, self._clock, self._folder = workspace.catalogue, workspace.clock, folder
        self._table = declared(WATCHED_FILES)

    def all(self) -> list[WatchedFile]:
        """Every file that was ever seen, the last seen first."""
        table = self._table
        asked = sa.select(table).where(table.c.folder == self._folder).order_by(table.c.seen_at.desc(), table.c.file)
        with self._catalogue.connect() as connection:
            return [_readable(row) for row in connection.execute(asked).mappings().all()]

    def note(self, found: Found, status: Status, **values: object) -> None:
        """Note how far a file has come; what is not given stays as it was, but for a reason."""
        now = microseconds(self._clock.now())
        row = {"file": found.name, "bytes": found.bytes, "modified_at": found.modified_at, "status": str(status)}
        row |= {"reason": None} | values
        if status in (Status.TAKEN, Status.SAME, Status.FAILED):
            row["done_at"] = now
        key = self._table.c.folder == self._folder, self._table.c.file_key == found.key
        with self._catalogue.begin() as connection:
            if status is Status.WAITING:
                row["seen_at"] = now
            changed = connection.execute(sa.update(self._table).where(*key).values(**row)).rowcount
            if not changed:
                first = {"folder": self._folder, "file_key": found.key, "seen_at": now}
                connection.execute(sa.insert(self._table).values(**first | row))

    def gone(self, file: WatchedFile) -> None:
        """A file is there no longer: what was taken in of it goes on being told, what was not is no more to be told."""
        key = self._table.c.folder == self._folder, self._table.c.file_key == file.key
        taken = sa.update(self._table).where(*key).values(status=str(Status.TAKEN), reason=None)
        with self._catalogue.begin() as connection:
            connection.execute(sa.delete(self._table).where(*key) if file.batch is None else taken)


def files_in(place: Path, key: bytes) -> Iterator[Found]:
    """The files that lie in a folder, oldest change first; nothing of folders within it, and no temporary ones.

    Args:
        place: the folder.
        key: hides their names.

    Raises:
        OSError: it cannot be looked at.
    """
    with os.scandir(place) as entries:
        found = [_found(entry, key) for entry in entries if _is_file(entry)]
    yield from sorted((one for one in found if one), key=lambda one: (one.modified_at, one.name))


def copied(found: Found, to: Path) -> str | None:
    """Copy a file as it was found; its digest, or None if somebody has changed or renamed it meanwhile.

    Raises:
        OSError: it cannot be read, or there is no room.
    """
    digest = hashlib.sha256()
    try:
        opened = os.open(found.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    with os.fdopen(opened, "rb") as source, to.open("wb") as out:
        if not _is(os.fstat(opened), found):
            return None
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            out.write(chunk)
        return digest.hexdigest() if _is(os.fstat(opened), found) else None


def _is_file(entry: os.DirEntry[str]) -> bool:
    is_file = entry.is_symlink() or entry.is_file(follow_symlinks=False)
    return is_file and not _TEMPORARY.fullmatch(entry.name)


def _found(entry: os.DirEntry[str], key: bytes) -> Found | None:
    try:
        told = entry.stat(follow_symlinks=False)
    except FileNotFoundError:  # it was renamed this moment
        return None
    name = os.fsencode(entry.name)
    return Found(
        path=Path(entry.path),
        key=hashlib.blake2b(name, key=key, person=b"watched file", digest_size=16).hexdigest(),
        name=mask_text(name.decode("utf-8", "replace")),
        bytes=told.st_size,
        modified_at=told.st_mtime_ns // 1000,
        is_link=entry.is_symlink(),
    )


def _is(told: os.stat_result, found: Found) -> bool:
    same = (told.st_size, told.st_mtime_ns // 1000) == (found.bytes, found.modified_at)
    return same and stat.S_ISREG(told.st_mode)


def _readable(row: sa.RowMapping) -> WatchedFile:
    return WatchedFile(
        key=row["file_key"],
        name=row["file"],
        bytes=row["bytes"],
        modified_at=instant_of(row["modified_at"]),
        seen_at=instant_of(row["seen_at"]),
        status=Status(row["status"]),
        digest=row["digest"] or "",
        batch=row["batch"],
        reason=restored(row["reason"]) if row["reason"] else None,
        done_at=None if row["done_at"] is None else instant_of(row["done_at"]),
    )


def counts(files: Sequence[WatchedFile]) -> dict[Status, int]:
    """How many files have come how far."""
    return {status: sum(file.status is status for file in files) for status in Status}
