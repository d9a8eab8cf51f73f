"""What was acknowledged and is not in the lake yet, of somebody who is asked for.

Nothing is done for anybody who is not asked for. A question reads what waits in the journal, passes over the lines that
cannot name the person, and types the rest as their import will. The next question goes on from there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Lock
from time import monotonic
from typing import Any

from qianmian.app.taken import Share, Taken
from qianmian.app.workspace import JOURNAL, Workspace
from qianmian.collect.imports.glance import Glance
from qianmian.collect.journal.entries import Entry, Place
from qianmian.collect.journal.folder import JournalFolder
from qianmian.collect.journal.journal import Journal
from qianmian.collect.wire.meanings import mapping_of
from qianmian.core.errors import JournalError
from qianmian.core.people import ORDER, Identifier
from qianmian.privacy.spotting import Spotter

#: What one question reads at most: bodies, of which another piece is read as long as it is not reached, and lines.
MOST_BYTES, PIECE_BYTES, MOST_LINES = 96 << 20, 8 << 20, 2000
#: What is kept of one person, of how many, and how long after the last question.
MOST_ROWS, MOST_PEOPLE, IDLE_SECONDS = 1000, 64, 60


@dataclass(frozen=True)
class Mark:
    """How far the lake has come with the files that wait, at an instant.

    Attributes:
        upto: file → share → position of its last delivery that is in; of a share that is missing, none is.
    """

    upto: Mapping[str, Mapping[Share, int]]

    def is_in(self, share: Share, position: int) -> bool:
        """Whether a delivery is in the lake; a file that waits no more is."""
        return share.file not in self.upto or position <= self.upto[share.file].get(share, 0)


@dataclass(frozen=True)
class Found:
    """What was received of somebody and was not in the lake at the mark.

    Attributes:
        rows: as `Glance.events` tells them, with ``source``; two may be the same event.
        upto: when the last delivery was received that was looked at, if more waits; None = all were.
    """

    rows: list[dict[str, Any]]
    upto: datetime | None


class Recent:
    """Looks into the journal for people; keeps what it found of them for a minute, so that a screen can ask often."""

    def __init__(self, workspace: Workspace) -> None:
        """Nothing is read until the first question."""
        self._workspace = workspace
        self._watches: dict[frozenset[Identifier], _Watch] = {}
        self._lock = Lock()
        self._erased_at: datetime | None = None

    def mark(self) -> Mark:
        """How far the lake has come now; whoever opens the lake afterwards sees everything that is left out."""
        workspace = self._workspace
        taken = Taken(workspace.catalogue, workspace.clock)
        with self._journal() as journal:
            files = [file.stream for file in journal.files() if not file.is_released]
        return Mark({stream: taken.upto(stream) for stream in files})

    def of(self, identifiers: Sequence[Identifier], mark: Mark) -> Found:
        """What was received of somebody and was not in the lake at a mark.

        Args:
            identifiers: their names; those that are order numbers are passed over.
            mark: taken before the question opened the lake.
        """
        names = frozenset(one for one in identifiers if not one.namespace.startswith(ORDER))
        self._look_for_erased()
        if not names:
            return Found([], None)
        with self._lock:
            self._drop_idle()
            watch = self._watches.pop(names, None) or _Watch(Spotter(sorted(names, key=str)))
            self._watches[names] = watch
            watch.asked_at = monotonic()
        with watch.lock, self._journal() as journal:
            watch.look(self._workspace, journal, mark)
            return Found([dict(row.told) for row in watch.rows], watch.upto)

    def close(self) -> None:
        """Forget everybody."""
        with self._lock:
            self._watches.clear()

    @contextmanager
    def _journal(self) -> Iterator[Journal]:
        """A reader of one's own: whoever has a file open keeps it from being released."""
        workspace = self._workspace
        journal = Journal(JournalFolder(workspace.data / JOURNAL), workspace.keys, workspace.entropy)
        try:
            yield journal
        finally:
            journal.close()

    def _look_for_erased(self) -> None:
        """Another process may have erased somebody: what was found of anybody is looked for again."""
        last = self._workspace.suppression.last_erasure()
        if last != self._erased_at:
            self._workspace.suppression.look_again()
            self.close()
            self._erased_at = last

    def _drop_idle(self) -> None:
        now = monotonic()
        kept = [(names, one) for names, one in self._watches.items() if now - one.asked_at < IDLE_SECONDS]
        self._watches = dict(kept[1 - MOST_PEOPLE :])


@dataclass(frozen=True)
class _Row:
    """An event, and the delivery that it came with."""

    share: Share
    position: int
    told: dict[str, Any]


@dataclass
class _Watch:
    """Somebody who is asked for: how far the journal was read for them, and what was found."""

    spotter: Spotter
    read: dict[str, int] = field(default_factory=dict)
    rows: list[_Row] = field(default_factory=list)
    upto: datetime | None = None
    asked_at: float = 0.0
    lock: Lock = field(default_factory=Lock)

    def look(self, workspace: Workspace, journal: Journal, mark: Mark) -> None:
        """Read on, as far as one question may."""
        self.rows = [row for row in self.rows if not mark.is_in(row.share, row.position)]
        self.read = {stream: at for stream, at in self.read.items() if stream in mark.upto}
        try:
            for share, some in self._spotted(journal, mark).items():
                self.rows += _typed(workspace, share, some)
        except BaseException:
            self.read, self.rows = {}, []  # what was read and not typed is read again
            raise
        self.rows = self.rows[-MOST_ROWS:]

    def _spotted(self, journal: Journal, mark: Mark) -> dict[Share, list[tuple[int, bytes]]]:
        """The lines that may be theirs, with the positions of their deliveries, by share."""
        spotted: dict[Share, list[tuple[int, bytes]]] = {}
        room, lines, self.upto = MOST_BYTES, MOST_LINES, None
        for stream in mark.upto:
            for entry in self._entries(journal, mark, stream):
                share = Share(stream, entry.source, entry.environment, entry.dialect)
                room -= len(entry.lines)
                if entry.environment == "prod" and not entry.reason and not mark.is_in(share, entry.position):
                    found = [(entry.position, line) for _, line in self.spotter.lines(entry.lines)]
                    if found:
                        spotted.setdefault(share, []).extend(found)
                    lines -= len(found)
                if room <= 0 or lines <= 0:
                    self.upto = entry.received_at
                    return spotted
        return spotted

    def _entries(self, journal: Journal, mark: Mark, stream: str) -> Iterator[Entry]:
        """The entries of a file that were not read yet; what cannot be read is the flusher's to tell."""
        try:
            if stream not in self.read:
                taken = {(one.source, one.environment, one.dialect): at for one, at in mark.upto[stream].items()}
                self.read[stream] = journal.taken_upto(stream, taken).position
            while some := journal.read(Place(stream, self.read[stream]), PIECE_BYTES):
                for entry in some:
                    self.read[stream] = entry.position
                    yield entry
        except JournalError:
            return


def _typed(workspace: Workspace, share: Share, spotted: Sequence[tuple[int, bytes]]) -> list[_Row]:
    mapping = replace(mapping_of(share.dialect), source=share.source)
    with workspace.spill() as scratch:
        glance = Glance(mapping, workspace.settings, workspace.keys, workspace.suppression, scratch)
        told = glance.events([line for _, line in spotted], workspace.clock.now())
    return [_Row(share, spotted[row["row"]][0], {**row, "source": share.source}) for row in told]
