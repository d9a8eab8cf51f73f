"""The journal as its readers see it: what waits, how it is read, and how it leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice

from qianmian.collect.journal.entries import Delivery, Entry, Head, Place, Waiting
from qianmian.collect.journal.file import ReadFile, WrittenFile, unlink
from qianmian.collect.journal.folder import JournalFile, JournalFolder
from qianmian.collect.journal.seal import Seal, destroy_salt, new_salt, salt_of
from qianmian.collect.tables import JOURNAL
from qianmian.core.errors import DamagedJournalError, JournalError
from qianmian.core.failpoints import failpoint
from qianmian.privacy.keys import Entropy, KeyRing

_after_settling = failpoint("journal.after_settling", "a file is whole and all taken in, it still counts as waiting")
_after_rewriting = failpoint("journal.after_rewriting", "a file is written again, the one with the erased is there too")
_after_shredding = failpoint("journal.after_shredding", "the key of a file is destroyed, the file is there")

_READ_BYTES = 16 << 20
_REWRITTEN_AT_ONCE = 256
#: Whether a line of a body names one of those who leave.
Mentioned = Callable[[str], bool]


class Journal:
    """What was received, in files that are streams. Reading never makes the writer wait."""

    def __init__(self, folder: JournalFolder, keys: KeyRing, entropy: Entropy) -> None:
        """The journal in a folder; opens no file yet."""
        self._folder = folder
        self._keys = keys
        self._entropy = entropy
        self._open: ReadFile | None = None

    def files(self) -> list[JournalFile]:
        """All files, oldest first: those that wait, and those that are released and kept."""
        return self._folder.files()

    def read(self, after: Place, most_bytes: int = _READ_BYTES) -> list[Entry]:
        """The entries of a stream after a position, in order.

        Args:
            after: how far the reader is.
            most_bytes: of bodies; one entry comes in any case.

        Returns:
            None yet, if the list is empty; or none any more, if the file is finished.

        Raises:
            JournalError: there is no such file.
            DamagedJournalError: the next entry, or the file, cannot be read; names it. Others can be read.
        """
        opened = self._opened(self._file(after.stream))
        return opened.entries(after.position, most_bytes) if opened else []

    def heads(self, after: Place, most: int) -> list[Head]:
        """The newest entries of a stream after a position, newest first, without their bodies.

        Raises:
            JournalError: there is no such file.
            DamagedJournalError: it cannot be read.
        """
        opened = self._opened(self._file(after.stream))
        return opened.heads(after.position, most) if opened else []

    def waiting(self, stream: str, taken: Mapping[tuple[str, str, str], int]) -> list[Waiting]:
        """Sums over what of a stream is not taken in; see `ReadFile.waiting`.

        Raises:
            JournalError: there is no such file.
            DamagedJournalError: it cannot be read.
        """
        opened = self._opened(self._file(stream))
        return opened.waiting(taken) if opened else []

    def one(self, place: Place) -> Entry:
        """The entry at a place.

        Raises:
            JournalError: there is no such file.
            DamagedJournalError: the entry is not there, or cannot be read.
        """
        opened = self._opened(self._file(place.stream))
        if opened is None:
            raise DamagedJournalError("damaged_entry", file=place.stream, position=place.position)
        return opened.one(place.position)

    def taken_upto(self, stream: str, taken: Mapping[tuple[str, str, str], int]) -> Place:
        """The place in a stream up to which there is nothing that is still to be taken in.

        Args:
            stream: name of the stream.
            taken: position up to which each (source, environment, dialect) is taken in; of others, nothing is.

        Raises:
            JournalError: there is no such file.
            DamagedJournalError: it cannot be read.
        """
        opened = self._opened(self._file(stream))
        return Place(stream, opened.taken_upto(taken) if opened else 0)

    def release(self, stream: str) -> None:
        """All of a finished file is taken in: from here on it is kept for its days only.

        Raises:
            JournalError: the file is not finished, or somebody reads it.
            DamagedJournalError: its pages do not hang together, so that a part of it may never have been read.
        """
        file = self._file(stream)
        if file.is_released:
            return
        if not file.is_finished:
            raise JournalError("journal_unfinished", file=file.name)
        opened = self._opened(file)
        if opened is None:
            self._drop(file)
            return
        opened.settle()
        self._open = None
        _after_settling()
        file.path.replace(self._folder.released_path(file))
        self._folder.fsync()

    def unreleased(self, before: datetime) -> list[JournalFile]:
        """Files begun before an instant that are not all taken in."""
        return [file for file in self.files() if not file.is_released and file.begun_at < before]

    def ask_turn(self) -> None:
        """Ask whoever writes to finish its file and begin another, within a second or so."""
        self._folder.ask_turn()

    def expire(self, now: datetime) -> int:
        """Drop the released files whose days are over, as the table declares them; returns how many. Keys go first."""
        before = now - timedelta(days=JOURNAL.retention_days or 0)
        old = [file for file in self.files() if file.is_released and file.begun_at < before]
        for file in old:
            self._drop(file)
        return len(old)

    def forget(self, is_mentioned: Mentioned) -> int:
        """Write every released file with a line that names one of the erased again, without it and under another key.

        Args:
            is_mentioned: asked of each line, and of what was refused.

        Returns:
            Lines that are gone.
        """
        return sum(self._rewritten(file, is_mentioned) for file in self.files() if file.is_released)

    def close(self) -> None:
        """Let go of the file that was read last."""
        if self._open:
            self._open.close()
        self._open = None

    def _file(self, stream: str) -> JournalFile:
        for file in self.files():
            if file.stream == stream:
                return file
        raise JournalError("no_journal_file", file=stream)

    def _opened(self, file: JournalFile) -> ReadFile | None:
        """The file for reading; None if nothing was ever sealed in it."""
        if self._open and self._open.path == file.path:
            return self._open
        self.close()
        salt = salt_of(self._keys, file.name)
        if salt is None and _holds_nothing(file):
            return None
        salt = salt or salt_of(self._keys, file.name)  # it was begun between the two looks
        if salt is None:
            raise DamagedJournalError("journal_without_key", file=file.name)
        self._open = ReadFile(file.path, Seal(file.name, self._keys.journal, salt, self._entropy))
        return self._open

    def _rewritten(self, file: JournalFile, is_mentioned: Mentioned) -> int:
        for path in self._folder.generations(file):  # a crash came after the newest was whole
            self._drop(JournalFile(path, is_finished=True))
        opened = self._opened(file)
        if opened is None or not any(_lines_gone(entry, is_mentioned) for entry in opened.all()):
            return 0
        target = JournalFile(self._folder.released_path(file, file.generation + 1), is_finished=True)
        gone = self._write_again(opened, target, is_mentioned)
        _after_rewriting()
        self.close()
        self._drop(file)
        return gone

    def _write_again(self, opened: ReadFile, target: JournalFile, is_mentioned: Mentioned) -> int:
        draft = target.path.with_suffix(".draft")
        unlink(draft)
        written = WrittenFile(draft, lambda: self._seal_of_new(target.name))
        gone = 0
        try:
            for some in _by_number(opened.all(), _REWRITTEN_AT_ONCE):
                kept = [without(entry, is_mentioned) for entry in some]
                written.append([delivery for delivery, _ in kept])
                gone += sum(lines for _, lines in kept)
        finally:
            written.close()
        ReadFile(draft, None).settle()
        draft.replace(target.path)
        self._folder.fsync()
        return gone

    def _seal_of_new(self, name: str) -> Seal:
        return Seal(name, self._keys.journal, new_salt(self._keys, name), self._entropy)

    def _drop(self, file: JournalFile) -> None:
        if self._open and self._open.path == file.path:
            self.close()
        destroy_salt(self._keys, file.name)
        _after_shredding()
        unlink(file.path)
        self._folder.fsync()


def without(entry: Entry, is_mentioned: Mentioned) -> tuple[Delivery, int]:
    """An entry without the lines that name somebody, and how many those were; its position stays, if only as a gap."""
    if entry.reason:  # raw text, whatever its lines are
        gone = _lines_gone(entry, is_mentioned)
        kept = b"" if gone else entry.lines
        return _amended(entry, kept, 0 if gone else entry.count), gone
    lines = entry.lines.split(b"\n")
    stay = [line for line in lines if not is_mentioned(_text(line))]
    gone = len(lines) - len(stay)
    return _amended(entry, b"\n".join(stay), max(entry.count - gone, 0)), gone


def _holds_nothing(file: JournalFile) -> bool:
    opened = ReadFile(file.path, None)
    try:
        return opened.holds_nothing()
    finally:
        opened.close()


def _by_number(entries: Iterator[Entry], number: int) -> Iterator[list[Entry]]:
    while some := list(islice(entries, number)):
        yield some


def _amended(entry: Entry, lines: bytes, count: int) -> Delivery:
    return Delivery(
        dialect=entry.dialect,
        source=entry.source,
        environment=entry.environment,
        received_at=entry.received_at,
        count=count,
        lines=lines,
        reason=entry.reason,
    )


def _lines_gone(entry: Entry, is_mentioned: Mentioned) -> int:
    if entry.reason:
        return int(is_mentioned(_text(entry.lines)))
    return sum(is_mentioned(_text(line)) for line in entry.lines.split(b"\n"))


def _text(line: bytes) -> str:
    return line.decode("utf-8", "replace")
