"""How the data sources do: what came today and what became of it, what waits, who was turned away, who is silent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

import structlog

from qianmian.app.arrivals import TAKEN, Arrivals, Pauses, Sender, last_minutes
from qianmian.app.sources import Source, Sources
from qianmian.app.tail import Tail
from qianmian.app.taken import Counts, Share, Taken
from qianmian.app.workspace import JOURNAL, Workspace
from qianmian.collect.journal.entries import INSTANT, Waiting
from qianmian.collect.journal.folder import JournalFolder
from qianmian.collect.journal.journal import Journal
from qianmian.collect.wire.shown import library, parsed
from qianmian.core.clock import local_date
from qianmian.core.errors import JournalError

MINUTES = 60
_REMEMBERED = timedelta(days=7)
#: A pause below this is no silence, and nobody knows what is usual before a day has passed.
_SHORTEST_SILENCE, _SHORTEST_PAST = timedelta(minutes=30), timedelta(days=1)
#: Deliveries looked at for the SDKs that sent them, by events.
_LOOKED_AT = 20
_log = structlog.get_logger("qianmian.health")


@dataclass(frozen=True)
class SourceHealth:
    """How one source does.

    Attributes:
        name: of the source.
        environment: dev or prod.
        source: as it is kept; None if it is no longer.
        minutes: events acknowledged in each of the last 60 minutes, the present one last.
        last_at: the last minute in which events came, of the last days.
        today: what was taken in of what was received since midnight.
        waiting: events that are acknowledged and not taken in yet.
        waiting_since: when the oldest of them came.
        refusals: reason → events refused today and kept for replay; of a source in production.
        turned_away: HTTP status → requests that were not acknowledged today.
        libraries: SDKs of the last deliveries, with their versions.
        usual_pause: the longest pause of the last days; None if too little is known.
        is_silent: nothing came for longer than that.
    """

    name: str
    environment: str
    source: Source | None
    minutes: tuple[int, ...]
    last_at: datetime | None
    today: Counts
    waiting: int
    waiting_since: datetime | None
    refusals: Mapping[str, int]
    turned_away: Mapping[int, int]
    libraries: tuple[str, ...]
    usual_pause: timedelta | None
    is_silent: bool


@dataclass(frozen=True)
class Health:
    """How all sources do.

    Attributes:
        as_of: when that was.
        since: midnight of the workspace's day.
        sources: by name.
        unknown: HTTP status → requests turned away today whose sender is not known.
    """

    as_of: datetime
    since: datetime
    sources: tuple[SourceHealth, ...]
    unknown: Mapping[int, int]


def health(workspace: Workspace) -> Health:
    """How the sources of a workspace do now."""
    return _Looking(workspace).all()


class _Looking:
    """One look at everything."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace, self._now = workspace, workspace.clock.now()
        today = local_date(self._now, workspace.settings.time_zone)
        self._midnight = datetime.combine(today, time(), workspace.settings.zone).astimezone(UTC)
        self._first_file = f"{self._midnight:{INSTANT}}"
        kept = Sources(workspace.catalogue, workspace.clock).all()
        self._known = {Sender(one.name, one.environment): one for one in kept}
        arrivals = Arrivals(workspace.catalogue, workspace.clock)
        hour = arrivals.minutes(self._now - timedelta(minutes=MINUTES))
        self._minutes = last_minutes(hour, self._now, MINUTES)
        self._answered = arrivals.answered(self._midnight)
        self._pauses = arrivals.pauses(self._now - _REMEMBERED)
        self._taken, self._waiting = self._taken_and_waiting()
        self._refused, self._libraries = self._reasons(), self._seen()

    def all(self) -> Health:
        """How they do."""
        senders = {*self._known, *self._taken, *self._waiting, *self._minutes} - {Sender()}
        sources = tuple(self._one(sender) for sender in sorted(senders))
        return Health(self._now, self._midnight, sources, self._turned_away(Sender()))

    def _one(self, sender: Sender) -> SourceHealth:
        source, pauses, waiting = self._known.get(sender), self._pauses.get(sender), self._waiting.get(sender)
        usual = _usual(pauses)
        may_send = source is not None and source.disabled_at is None
        silence = self._now - pauses.last_at if pauses else timedelta()
        return SourceHealth(
            name=sender.source,
            environment=sender.environment,
            source=source,
            minutes=tuple(self._minutes.get(sender, [0] * MINUTES)),
            last_at=pauses.last_at if pauses else None,
            today=self._taken.get(sender, Counts()),
            waiting=waiting.events if waiting else 0,
            waiting_since=waiting.since if waiting else None,
            refusals=self._refused.get(sender.source, {}) if sender.environment == "prod" else {},
            turned_away=self._turned_away(sender),
            libraries=tuple(sorted(self._libraries.get(sender, ()))),
            usual_pause=usual,
            is_silent=may_send and usual is not None and silence > max(usual, _SHORTEST_SILENCE),
        )

    def _turned_away(self, sender: Sender) -> dict[int, int]:
        told = self._answered.items()
        return {status: sums.requests for (who, status), sums in sorted(told) if who == sender and status != TAKEN}

    def _taken_and_waiting(self) -> tuple[dict[Sender, Counts], dict[Sender, Waiting]]:
        """What was taken in today, and what waits; each event is in one of the two, whatever is taken in meanwhile."""
        workspace = self._workspace
        journal = Journal(JournalFolder(workspace.data / JOURNAL), workspace.keys, workspace.entropy)
        files = [file.stream for file in journal.files() if not file.is_released]  # before it is asked what is taken in
        shares = Taken(workspace.catalogue, workspace.clock).since(min([self._first_file, *files]))
        taken: dict[Sender, Counts] = {}
        for share, (_, counts) in shares.items():
            if share.file >= self._first_file:
                sender = Sender(share.source, share.environment)
                taken[sender] = taken.get(sender, Counts()) + counts
        waiting: dict[Sender, Waiting] = {}
        try:
            for one in _waiting(journal, files, shares):
                sender = Sender(one.source, one.environment)
                waiting[sender] = waiting[sender] + one if sender in waiting else one
        finally:
            journal.close()
        return taken, waiting

    def _reasons(self) -> dict[str, Counter[str]]:
        """Reasons by source, of the files begun today."""
        found: dict[str, Counter[str]] = {}
        for stream, reasons in self._workspace.refused.reasons(self._first_file, "3").items():
            found.setdefault(stream.split(":")[1], Counter()).update(reasons)
        return found

    def _seen(self) -> dict[Sender, set[str]]:
        found: dict[Sender, set[str]] = {}
        for _, entry in Tail(self._workspace, _LOOKED_AT).read().entries:
            if not entry.reason:
                told = (library(entry.dialect, parsed(line) or {}) for line in entry.lines.split(b"\n")[:_LOOKED_AT])
                found.setdefault(Sender(entry.source, entry.environment), set()).update(filter(None, told))
        return found


def _waiting(journal: Journal, files: Iterable[str], shares: Mapping[Share, tuple[int, Counts]]) -> Iterator[Waiting]:
    for file in files:
        come = {
            (share.source, share.environment, share.dialect): upto
            for share, (upto, _) in shares.items()
            if share.file == file
        }
        try:
            yield from journal.waiting(file, come)
        except JournalError as error:  # it goes just now, or is damaged: the flusher tells that
            _log.info("waiting_not_read", why=error.message.name)


def _usual(pauses: Pauses | None) -> timedelta | None:
    if pauses is None or pauses.last_at - pauses.first_at < _SHORTEST_PAST:
        return None
    return pauses.longest
