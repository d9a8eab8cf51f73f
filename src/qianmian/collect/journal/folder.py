"""The journal's folder: which files there are, which of them are finished, and who may write.

A file is begun in ``waiting`` and moved to ``released`` once all of it is taken in. Its name is never used again: the
lake keeps how far it has read each by that name.
"""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from qianmian.collect.journal.entries import INSTANT, begun_at
from qianmian.core.errors import JournalError
from qianmian.lake.durable import fsync_folder
from qianmian.privacy.keys import Entropy

WAITING, RELEASED = "waiting", "released"
_SUFFIX = ".db"
#: What SQLite keeps beside a file while somebody has it open.
BESIDE = ("-wal", "-shm")
_REWRITTEN = "+"
_TRIES, _PAUSE_SECONDS = 40, 0.05


@dataclass(frozen=True)
class JournalFile:
    """A file of the journal.

    Attributes:
        path: where it is.
        is_finished: whether nobody will ever add to it.
    """

    path: Path
    is_finished: bool

    @property
    def name(self) -> str:
        """What its entries are sealed for; a file that was written again has another."""
        return self.path.name.removesuffix(_SUFFIX)

    @property
    def stream(self) -> str:
        """The name by which readers know it, however often it was written again."""
        return self.name.partition(_REWRITTEN)[0]

    @property
    def generation(self) -> int:
        """How often it was written again."""
        return int(self.name.partition(_REWRITTEN)[2] or 0)

    @property
    def is_released(self) -> bool:
        """Whether all of it is taken in."""
        return self.path.parent.name == RELEASED

    @property
    def begun_at(self) -> datetime:
        """When its first entry can have come."""
        return begun_at(self.name)

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(_size(self.path.with_name(self.path.name + end)) for end in ("", *BESIDE))


class JournalFolder:
    """The files of one journal, seen from any process."""

    def __init__(self, root: Path) -> None:
        """The journal in a folder, which its first writer makes."""
        self._root = root
        self._turn = root / "turn"

    def files(self) -> list[JournalFile]:
        """All files, oldest first; of one that was written again, the newest."""
        waiting = sorted(self._paths(WAITING))
        written = (
            bool(waiting) and self._is_written()
        )  # asked after looking: the file of a writer that begins now was not seen
        files = [JournalFile(path, is_finished=path != waiting[-1] or not written) for path in waiting]
        files += [JournalFile(path, is_finished=True) for path in self._paths(RELEASED)]
        newest = {file.stream: file for file in sorted(files, key=lambda file: (file.is_released, file.generation))}
        return sorted(newest.values(), key=lambda file: file.stream)

    def generations(self, file: JournalFile) -> list[Path]:
        """Older files of a released one, which a crash left beside it."""
        paths = self._paths(RELEASED)
        return [
            path for path in paths if path != file.path and JournalFile(path, is_finished=True).stream == file.stream
        ]

    def new_path(self, now: datetime, entropy: Entropy) -> Path:
        """Where a new file goes: after all others, also when the clock was set back."""
        paths = (*self._paths(WAITING), *self._paths(RELEASED))
        begun = [JournalFile(path, is_finished=True).begun_at for path in paths]
        at = max([now, *(instant + timedelta(milliseconds=1) for instant in begun)])
        return self._root / WAITING / f"{at:{INSTANT}}-{entropy(4).hex()}{_SUFFIX}"

    def released_path(self, file: JournalFile, generation: int | None = None) -> Path:
        """Where a file goes when it is released, or written again."""
        name = file.name if generation is None else f"{file.stream}{_REWRITTEN}{generation}"
        return self._root / RELEASED / f"{name}{_SUFFIX}"

    def waiting_bytes(self) -> int:
        """Bytes on disk of what is not released."""
        return sum(_size(path) for path in (self._root / WAITING).iterdir())

    def fsync(self) -> None:
        """Force the names of all files to disk."""
        for folder in (self._root, self._root / WAITING, self._root / RELEASED):
            fsync_folder(folder)

    def ask_turn(self) -> None:
        """Ask whoever writes to finish its file and begin another, within a second or so; nobody, if nobody does."""
        if self._root.exists():
            self._turn.touch()

    def take_turn(self) -> bool:
        """Whether a turn was asked for since the last time."""
        try:
            self._turn.unlink()
        except FileNotFoundError:
            return False
        return True

    @contextmanager
    def held(self) -> Iterator[None]:
        """Be the only writer; the system ends it with the process, however that dies.

        Raises:
            JournalError: another process writes.
        """
        for name in (WAITING, RELEASED):
            (self._root / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        fsync_folder(self._root.parent)
        with (self._root / "writer.lock").open("a") as file:
            for tried in range(_TRIES):  # a reader that asks who writes holds it for an instant
                if _locked(file.fileno()):
                    break
                if tried == _TRIES - 1:
                    raise JournalError("journal_held")
                time.sleep(_PAUSE_SECONDS)
            yield

    def _is_written(self) -> bool:
        with (self._root / "writer.lock").open("a") as file:
            return not _locked(file.fileno())

    def _paths(self, name: str) -> list[Path]:
        return list((self._root / name).glob(f"*{_SUFFIX}"))


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:  # moved or gone meanwhile
        return 0
