"""The newest deliveries, read beside the journal's writer and its flusher; whoever does not ask costs nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import structlog

from qianmian.app.workspace import JOURNAL, Workspace
from qianmian.collect.journal.entries import Entry, Head, Place
from qianmian.collect.journal.folder import JournalFolder
from qianmian.collect.journal.journal import Journal
from qianmian.core.errors import JournalError

#: Heads looked at in one reading, and files looked back into at the first.
_MOST_HEADS, _MOST_FILES = 2000, 3
#: Bodies that are opened in one reading.
_MOST_BYTES = 4 << 20
_log = structlog.get_logger("qianmian.tail")


@dataclass(frozen=True)
class Stretch:
    """What came since the last reading.

    Attributes:
        entries: some deliveries of every source, newest first.
        passed: events that came too and are not among them.
    """

    entries: tuple[tuple[Place, Entry], ...] = ()
    passed: int = 0


class Tail:
    """The end of the journal; not for several threads at once."""

    def __init__(self, workspace: Workspace, most_events: int) -> None:
        """Begin with what came last.

        Args:
            workspace: the shop.
            most_events: of each source and environment in one reading; one delivery comes in any case.
        """
        self._journal = Journal(JournalFolder(workspace.data / JOURNAL), workspace.keys, workspace.entropy)
        self._most_events = most_events
        self._at: Place | None = None

    def read(self) -> Stretch:
        """What came since the last time; at the first, the newest there is."""
        try:
            heads = list(islice(self._heads(), _MOST_HEADS))
            chosen = self._chosen(heads)
            if heads:
                self._at = heads[0][0]
            passed = sum(head.count for _, head in heads) - sum(head.count for _, head in chosen)
            return Stretch(tuple(self._opened(place for place, _ in chosen)), passed)
        finally:
            self._journal.close()  # who holds a file keeps it from being released

    def _heads(self) -> Iterator[tuple[Place, Head]]:
        """What can be told of all that is new, newest first."""
        streams = sorted((file.stream for file in self._journal.files()), reverse=True)
        at = self._at
        for stream in [one for one in streams if one >= at.stream] if at else streams[:_MOST_FILES]:
            after = at if at and at.stream == stream else Place(stream)
            try:
                heads = self._journal.heads(after, _MOST_HEADS)
            except JournalError as error:  # it goes just now, or is damaged: the flusher tells that
                _log.info("tail_not_read", why=error.message.name)
                continue
            yield from ((Place(stream, head.position), head) for head in heads)

    def _opened(self, places: Iterable[Place]) -> Iterator[tuple[Place, Entry]]:
        for place in places:
            try:
                yield place, self._journal.one(place)
            except JournalError as error:
                _log.info("tail_not_read", why=error.message.name)

    def _chosen(self, heads: list[tuple[Place, Head]]) -> list[tuple[Place, Head]]:
        """The newest of every source, so that a loud one does not hide a quiet one."""
        taken: Counter[tuple[str, str]] = Counter()
        chosen, room = [], _MOST_BYTES
        for place, head in heads:
            key = head.source, head.environment
            if head.size <= room and (not taken[key] or taken[key] + head.count <= self._most_events):
                chosen.append((place, head))
                room -= head.size
            taken[key] += head.count
        return chosen
