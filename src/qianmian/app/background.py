"""Jobs that go on by themselves while a door answers: one at a time, as the lease has it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from threading import Lock
from typing import Any

from qianmian.app.jobs import Jobs, Watcher
from qianmian.core.errors import LeaseHeldError


class Background:
    """Starts jobs, tells their numbers, and stops the one that still runs when its door closes."""

    def __init__(self, jobs: Jobs) -> None:
        """For the jobs of an open workspace."""
        self._jobs = jobs
        self._pool = ThreadPoolExecutor(1, "background")
        self._free = Lock()
        self._running = 0

    def start(self, work: Callable[[Watcher], Any]) -> int:
        """Start a job; returns its number as soon as it has one.

        Args:
            work: runs the job to its end; it holds the lease, so that the newest job is its own.

        Raises:
            LeaseHeldError: another job was started here and goes on.
            QianmianError: what else kept the job from starting.
        """
        if not self._free.acquire(blocking=False):
            raise LeaseHeldError("job_goes_on", job=self._running)
        begun: SimpleQueue[int | BaseException] = SimpleQueue()

        def watch(_stage: str, _done: int, _total: int) -> None:
            if not self._running:
                self._running = int(self._jobs.latest(1)[0]["job"])
                begun.put(self._running)

        def run() -> None:
            try:
                work(watch)
            except BaseException as error:  # noqa: BLE001  # the job has noted it; the caller hears of an early one
                begun.put(error)
            finally:
                self._running = 0
                self._free.release()

        self._pool.submit(run)
        first = begun.get()
        if isinstance(first, BaseException):
            raise first
        return first

    def close(self) -> None:
        """Ask the running job to stop at its next step, and wait for it."""
        if self._running:
            self._jobs.cancel(self._running)
        self._pool.shutdown()
