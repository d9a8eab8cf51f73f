"""The follower: a thread of the server that looks at watched folders, and runs pulls and syncs when they are due."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from threading import Event, Thread

import structlog

from qianmian.app.intake.folders import WatchedFolder, WatchedFolders
from qianmian.app.intake.looking import Looking
from qianmian.app.intake.pulling import Pulling
from qianmian.app.intake.pulls import Pulls
from qianmian.app.jobs import Job
from qianmian.app.shop import Shop
from qianmian.app.syncs.run import Syncing
from qianmian.app.syncs.syncs import Syncs
from qianmian.core.errors import InputError, JobError, LeaseHeldError, NotBuiltError

#: Between two looks whether somebody else still writes: each closes what questions keep open.
_AGAIN_SECONDS = 30
_log = structlog.get_logger("qianmian.follower")


class Follower:
    """Looks every few seconds; what it starts is a job like any other, one at a time."""

    def __init__(self, shop: Shop, environment: Mapping[str, str]) -> None:
        """Begin, for an open shop; the environment holds the addresses of databases."""
        self._shop, self._environment = shop, environment
        self._ending = Event()
        self._running = 0
        self._thread = Thread(target=self._follow, name="follower", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ask the job that runs to stop at its next step, and wait for it."""
        self._ending.set()
        if self._running:
            self._shop.workspace.jobs.cancel(self._running)
        self._thread.join()

    def _follow(self) -> None:
        workspace = self._shop.workspace
        while not self._ending.wait(workspace.settings.look_seconds):
            self._guarded("folders", self._look_at_all)
            self._guarded("pulls", self._run_due)
            self._guarded("syncs", self._sync_due)

    def _run_due(self) -> None:
        workspace = self._shop.workspace
        for pull in Pulls(workspace.catalogue, workspace.clock).all():
            if pull.next_at and pull.next_at <= workspace.clock.now() and not self._ending.is_set():
                self._guarded(pull.name, partial(self._run, Pulling(workspace, pull, self._begin)))

    def _run(self, pulling: Pulling) -> None:
        list(pulling.run(self._environment))

    def _sync_due(self) -> None:
        workspace = self._shop.workspace
        approval, zone = workspace.settings.approval, workspace.settings.zone
        syncs = Syncs(workspace.catalogue, workspace.clock).all()
        built = self._shop.computed.build if syncs else 0
        for sync in reversed(syncs):
            due = not sync.awaits_approval(approval) and sync.is_due(built, workspace.clock.now(), zone)
            if due and not self._ending.is_set():
                running = Syncing(self._shop, sync.sync, self._environment, self._ending.wait)
                self._guarded(f"sync {sync.sync}", partial(self._watched, running))

    def _watched(self, running: Syncing) -> None:
        try:
            running.run(self._seen)
        finally:
            self._stopped()

    def _seen(self, _stage: str, _done: int, _total: int) -> None:
        """Note which job runs, so that closing stops it: it holds the lease, so that the newest is its own."""
        if not self._running:
            self._running = int(self._shop.workspace.jobs.latest(1)[0]["job"])

    def _look_at_all(self) -> None:
        workspace = self._shop.workspace
        for folder in WatchedFolders(workspace.catalogue, workspace.clock).all():
            if folder.paused_at is None and not self._ending.is_set():
                self._guarded(folder.name, Looking(workspace, folder, self._begin, self._ending.is_set).look)

    def _guarded(self, name: str, work: Callable[[], object]) -> None:
        """Whatever happens to one is told, and the others have their turn."""
        try:
            work()
        except (
            InputError,
            LeaseHeldError,
            NotBuiltError,
        ):  # noted where it is looked for; or it ends while somebody else writes
            return
        except Exception as error:  # noqa: BLE001  # its text may quote data
            if not self._ending.is_set():
                _log.warning("not_taken_in", name=name, kind=type(error).__name__)

    @contextmanager
    def _begin(self, words: str) -> Iterator[Job]:
        with ExitStack() as stack:
            job = self._waited_for(stack, words)
            self._running = job.number
            stack.callback(self._stopped)
            if self._ending.is_set():
                raise JobError("job_cancelled")
            yield job

    def _waited_for(self, stack: ExitStack, words: str) -> Job:
        """A job, once nobody else writes: what was read for it need not be read again."""
        while True:
            try:
                return stack.enter_context(self._shop.job("import", words, None))
            except LeaseHeldError:
                if self._ending.wait(_AGAIN_SECONDS):
                    raise

    def _stopped(self) -> None:
        self._running = 0


def look(shop: Shop, folder: WatchedFolder, *, again: bool = False) -> int:
    """Look at a folder at once: see `Looking.look`."""
    return Looking(shop.workspace, folder, lambda words: shop.job("import", words, None)).look(again=again)
