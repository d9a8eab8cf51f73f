"""The follower: a thread of the server that looks at watched folders, and takes in what has come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

import structlog

from qianmian.app.intake.folders import WatchedFolder, WatchedFolders
from qianmian.app.intake.looking import Looking
from qianmian.app.jobs import Job
from qianmian.app.shop import Shop
from qianmian.core.errors import InputError, LeaseHeldError

_log = structlog.get_logger("qianmian.follower")


class Follower:
    """Looks every few seconds; what it starts is a job like any other, one at a time."""

    def __init__(self, shop: Shop) -> None:
        """Begin, for an open shop."""
        self._shop = shop
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
            self._guarded("all", self._look_at_all)

    def _look_at_all(self) -> None:
        workspace = self._shop.workspace
        for folder in WatchedFolders(workspace.catalogue, workspace.clock).all():
            if folder.paused_at is None and not self._ending.is_set():
                self._guarded(folder.name, Looking(workspace, folder, self._begin, self._ending.is_set).look)

    def _guarded(self, name: str, work: Callable[[], object]) -> None:
        """Whatever happens to one is told, and the others have their turn."""
        try:
            work()
        except (InputError, LeaseHeldError):  # noted where it is looked for; or somebody writes, and it comes again
            return
        except Exception as error:  # noqa: BLE001  # its text may quote data
            if not self._ending.is_set():
                _log.warning("not_taken_in", name=name, kind=type(error).__name__)

    @contextmanager
    def _begin(self, words: str) -> Iterator[Job]:
        with self._shop.job("import", words, None) as job:
            self._running = job.number
            try:
                job.check()
                yield job
            finally:
                self._running = 0


def look(shop: Shop, folder: WatchedFolder, *, again: bool = False) -> int:
    """Look at a folder at once: see `Looking.look`."""
    return Looking(shop.workspace, folder, lambda words: shop.job("import", words, None)).look(again=again)
