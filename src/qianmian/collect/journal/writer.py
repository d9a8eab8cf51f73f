"""Acknowledged means on disk: many callers wait for one commit, and while it runs the next group gathers."""

from __future__ import annotations

import asyncio
import threading
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

from qianmian.collect.journal.entries import Delivery, Place
from qianmian.collect.journal.file import WrittenFile
from qianmian.collect.journal.folder import JournalFolder
from qianmian.collect.journal.join import joined
from qianmian.collect.journal.seal import Seal, new_salt
from qianmian.core.clock import Clock
from qianmian.core.errors import JournalError, JournalFullError
from qianmian.core.failpoints import failpoint
from qianmian.privacy.keys import Entropy, KeyRing

_after_file = failpoint("journal.after_file", "a new file is there, its key is not")
_after_salt = failpoint("journal.after_salt", "a new file has its key, and holds nothing")

_LOOK_SECONDS = 1.0


@dataclass(frozen=True)
class Limits:
    """When a file is full, and when the journal is.

    Attributes:
        file_bytes: of sealed bodies; a file that has them is finished.
        file_age: a file that is so old is finished.
        group_bytes: of bodies in one commit.
        waiting_bytes: of all that is not released, and of what waits in memory; above it nothing more is taken.
    """

    file_bytes: int = 64 << 20
    file_age: timedelta = timedelta(minutes=10)
    group_bytes: int = 8 << 20
    waiting_bytes: int = 1 << 30


@dataclass(frozen=True)
class _Waiting:
    """Deliveries whose caller waits until they are on disk."""

    deliveries: tuple[Delivery, ...]
    size: int
    place: asyncio.Future[Place]


_Outcome = list[Place] | BaseException


class JournalWriter:
    """Adds to a journal; at most one process does at a time.

    It belongs to the event loop in which it was made. A thread of its own writes, so that the loop never waits for
    the disk.
    """

    def __init__(
        self, folder: JournalFolder, keys: KeyRing, clock: Clock, entropy: Entropy, limits: Limits = Limits()
    ) -> None:
        """Begin to write; the first file is begun with the first delivery.

        Raises:
            JournalError: another process writes.
        """
        self._folder, self._keys, self._clock, self._entropy = folder, keys, clock, entropy
        self._limits = limits
        self._loop = asyncio.get_running_loop()
        self._held = ExitStack()
        self._held.enter_context(folder.held())
        self._gathering = threading.Condition()
        self._queue: list[_Waiting] = []
        self._queued = 0
        self._backlog = folder.waiting_bytes()
        self._looked_at = clock.now()
        self._is_closing = False
        self._file: WrittenFile | None = None
        self._begun_at = self._looked_at
        self._closing: list[threading.Thread] = []
        self._thread = threading.Thread(target=self._write, name="journal", daemon=True)
        self._thread.start()

    async def append(self, delivery: Delivery, *more: Delivery) -> Place:
        """Keep deliveries, all or none, maybe in an entry with others of their sender.

        Returns:
            The place of the last, once they are on disk, and not before.

        Raises:
            JournalFullError: too much waits to be taken in.
            StorageFullError: the disk has no room.
            JournalError: they could not be written; or the writer is closed.
        """
        deliveries = (delivery, *more)
        size = sum(len(one.lines) for one in deliveries)
        waiting = _Waiting(deliveries, size, self._loop.create_future())
        with self._gathering:
            if self._is_closing:
                raise JournalError("journal_closed")
            if self._backlog + self._queued + size > self._limits.waiting_bytes:
                raise JournalFullError("journal_full", mib=self._limits.waiting_bytes >> 20)
            if not self._queue:  # else it is told already
                self._gathering.notify()
            self._queue.append(waiting)
            self._queued += size
        return await waiting.place

    async def close(self) -> None:
        """Write what waits, then end."""
        with self._gathering:
            self._is_closing = True
            self._gathering.notify()
        await asyncio.to_thread(self._thread.join)
        self._held.close()

    def _write(self) -> None:
        while True:
            group = self._next_group()
            if group is None:
                break
            self._look()
            if group:
                self._settle(group, self._written(group))
        self._finish()
        for thread in self._closing:
            thread.join()

    def _next_group(self) -> list[_Waiting] | None:
        """What gathered while the last group was written; nothing after a second, None at the end."""
        with self._gathering:
            if not self._queue and not self._is_closing:
                self._gathering.wait(_LOOK_SECONDS)
            if not self._queue:
                return None if self._is_closing else []
            size = taken = 0
            while taken < len(self._queue) and (
                not taken or size + self._queue[taken].size <= self._limits.group_bytes
            ):
                size += self._queue[taken].size
                taken += 1
            group, self._queue = self._queue[:taken], self._queue[taken:]
            self._queued -= size
            self._backlog += size  # until the next look: what is on disk is smaller
            return group

    def _written(self, group: list[_Waiting]) -> _Outcome:
        try:
            entries, numbers = joined(delivery for waiting in group for delivery in waiting.deliveries)
            file = self._file or self._begin()
            first = file.append(entries) - len(entries) + 1
        except Exception as error:  # noqa: BLE001  # whoever waits is told, whatever it is
            self._finish()  # what did not reach the disk once is never tried again in the same file
            return error
        lasts = accumulate(len(waiting.deliveries) for waiting in group)
        return [Place(file.path.stem, first + numbers[last - 1]) for last in lasts]

    def _settle(self, group: list[_Waiting], outcome: _Outcome) -> None:
        def tell() -> None:
            for number, waiting in enumerate(group):
                if waiting.place.done():  # its caller went away
                    continue
                if isinstance(outcome, BaseException):
                    waiting.place.set_exception(outcome)
                else:
                    waiting.place.set_result(outcome[number])

        self._loop.call_soon_threadsafe(tell)

    def _look(self) -> None:
        """Once a second, see how much waits; finish a file that is full, old, or asked to end."""
        now = self._clock.now()
        if abs(now - self._looked_at) >= timedelta(seconds=_LOOK_SECONDS):  # a clock may be set back
            self._looked_at = now
            self._backlog = self._folder.waiting_bytes()
            if self._folder.take_turn():
                self._finish()
                self._begin_quietly()
        file = self._file
        if file and (file.size >= self._limits.file_bytes or self._is_old(file, now)):
            self._finish()
            self._begin_quietly()

    def _is_old(self, file: WrittenFile, now: datetime) -> bool:
        return file.position > 0 and now - self._begun_at >= self._limits.file_age

    def _begin(self) -> WrittenFile:
        self._begun_at = self._clock.now()
        path = self._folder.new_path(self._begun_at, self._entropy)
        self._file = WrittenFile(path, lambda: self._sealed(path.stem))
        return self._file

    def _begin_quietly(self) -> None:
        """Begin a file so that readers see the last one finished; if that fails, whoever delivers next is told."""
        try:
            self._begin()
        except Exception:  # noqa: BLE001
            self._file = None

    def _sealed(self, name: str) -> Seal:
        self._folder.fsync()
        _after_file()
        salt = new_salt(self._keys, name)
        _after_salt()
        return Seal(name, self._keys.journal, salt, self._entropy)

    def _finish(self) -> None:
        """Close the file beside the writing: it moves its log into itself, which takes a while."""
        if self._file is None:
            return
        self._closing = [thread for thread in self._closing if thread.is_alive()]
        self._closing.append(threading.Thread(target=self._file.close, name="journal-closing"))
        self._closing[-1].start()
        self._file = None
