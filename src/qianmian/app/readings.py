"""The last build, kept open between questions: opening it costs more than most questions do."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import RLock, Timer, current_thread
from time import monotonic

from qianmian.app import plan as planning
from qianmian.app.answers import Computed
from qianmian.app.audiences import SavedAudiences
from qianmian.app.declared_tags import DeclaredTags
from qianmian.app.told import told_tags, without_sensitive
from qianmian.app.workspace import Workspace
from qianmian.core.errors import NotBuiltError
from qianmian.lake.connection import show_tables
from qianmian.lake.snapshot import Snapshot
from qianmian.profile import reading
from qianmian.profile.reading import Reading
from qianmian.profile.tables import partials_table
from qianmian.profile.tags.built_in import built_in_tags
from qianmian.profile.tags.cuts import Totals
from qianmian.profile.tags.union import union

#: What nobody asks for so long is closed: an open file keeps its room on the disk after it was deleted.
IDLE_SECONDS = 600


@dataclass(eq=False)
class _Kept:
    """A build that is open with the definitions of tags that held then, and how many questions read it now."""

    snapshot: Snapshot
    computed: Computed
    reading: Reading
    definitions: str
    renewed_at: datetime
    opened: ExitStack
    shown: set[str] = field(default_factory=lambda: set(reading.TABLES))
    asking: int = 0


class Readings:
    """The open builds of one workspace in this process: the newest, and older ones while they are still asked."""

    def __init__(self, workspace: Workspace) -> None:
        """Nothing is open until the first question."""
        self._workspace = workspace
        self._definitions = DeclaredTags(workspace.catalogue, workspace.clock)
        self._saved = SavedAudiences(workspace.catalogue, workspace.clock)
        self._newest = _Newest()
        weakref.finalize(self, self._newest.close)  # also at the end of a process that closes no shop

    def computed(self) -> Computed:
        """What answers of this moment are computed from.

        Raises:
            NotBuiltError: nothing was built yet.
        """
        return self._last_build(self._workspace.lake.snapshot(instant=self._workspace.clock.now()))[0]

    @contextmanager
    def open(self, *tables: str) -> Iterator[tuple[Reading, Computed]]:
        """What the last build left, pinned while it is open.

        Args:
            tables: what the question reads beside `qianmian.profile.reading.TABLES`.

        Raises:
            NotBuiltError: nothing was built yet.
        """
        with self._newest.lock:
            kept = self._current()
            new = set(tables) - kept.shown
            show_tables(kept.reading.connection, self._workspace.lake, kept.snapshot, sorted(new))
            kept.shown |= new
            kept.asking += 1
        try:
            with kept.reading.question() as asked:
                yield asked, kept.computed
        finally:
            self._newest.leave(kept)

    def close(self) -> None:
        """Close what nobody asks now; the rest is closed by its last question."""
        self._newest.close()

    def _current(self) -> _Kept:
        now, seen = self._workspace.clock.now(), self._workspace.lake.released()
        kept, declared = self._newest.kept, self._definitions.digest()
        if kept is None or (kept.snapshot.versions, kept.definitions) != (seen, declared) or now >= kept.renewed_at:
            self._newest.forget()
            kept = self._newest.kept = self._opened(now)
        return kept

    def _opened(self, now: datetime) -> _Kept:
        workspace = self._workspace
        computed, totals = self._last_build(workspace.lake.snapshot(instant=now))
        snapshot = workspace.lake.snapshot(instant=computed.instant)
        until = timedelta(hours=workspace.settings.pin_hours)
        with ExitStack() as opened:
            pin = workspace.pins.pin(snapshot, "reader", now + until)
            opened.callback(workspace.pins.unpin, pin)
            digest, declared = self._definitions.digest(), self._definitions.declaration()
            published = planning.published_tags(workspace)
            workspace.lake.declare(partials_table(union((*built_in_tags(), *published.tags))))
            known = told_tags(published, declared, planning.kept_columns(workspace), totals)
            tags = without_sensitive(known, planning.published_facts(workspace))
            connection = opened.enter_context(workspace.connected(snapshot, *reading.TABLES))
            kinds = planning.published_kinds(workspace)
            waiting = frozenset(tag.name for tag in (*built_in_tags(), *declared.tags)) - {tag.name for tag in tags}
            found = reading.reading(connection, snapshot, workspace.lake, tags, totals, kinds)
            found = replace(
                found, vocabulary=replace(found.vocabulary, waiting=waiting, audience=self._saved.condition)
            )
            return _Kept(snapshot, computed, found, digest, now + until / 2, opened.pop_all())

    def _last_build(self, snapshot: Snapshot) -> tuple[Computed, Totals]:
        """What the last build noted of itself."""
        notes = self._workspace.lake.notes(snapshot, planning.LEADER)
        if "build" not in notes:
            raise NotBuiltError("nothing_built")
        totals = Totals.from_json(notes["totals"])
        computed_at, instant = (datetime.fromisoformat(notes[name]) for name in ("computed_at", "instant"))
        build, batch = int(notes["build"]), int(notes["batch"])
        return Computed(build, computed_at, totals.today, instant, notes["snapshot"], batch), totals


class _Newest:
    """The newest build, if it is open, and the timer that closes it when nobody asks."""

    def __init__(self) -> None:
        self.lock = RLock()
        self.kept: _Kept | None = None
        self._left_at = 0.0
        self._timer: Timer | None = None

    def leave(self, kept: _Kept) -> None:
        """A question was answered."""
        with self.lock:
            kept.asking -= 1
            self._left_at = monotonic()
            if kept is not self.kept:
                if not kept.asking:
                    kept.opened.close()
            elif self._timer is None:
                self._wait(IDLE_SECONDS)

    def forget(self) -> None:
        """Close it, unless it is being asked: then the last question does."""
        with self.lock:
            if self.kept and not self.kept.asking:
                self.kept.opened.close()
            self.kept = None

    def close(self) -> None:
        """Forget it and end the timer."""
        with self.lock:
            self.forget()
            timer, self._timer = self._timer, None
        if timer:
            timer.cancel()
            timer.join()

    def _wait(self, seconds: float) -> None:
        self._timer = Timer(seconds, self._look)
        self._timer.daemon = True
        self._timer.start()

    def _look(self) -> None:
        """Time has passed: close what stayed idle, or wait for the rest of the time."""
        with self.lock:
            if self._timer is not current_thread():  # somebody closed it just now
                return
            self._timer = None
            rest = self._left_at + IDLE_SECONDS - monotonic()
            if self.kept and (self.kept.asking or rest > 0):
                self._wait(max(rest, IDLE_SECONDS / 2))
            else:
                self.forget()
