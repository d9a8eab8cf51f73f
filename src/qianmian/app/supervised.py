"""A process beside the server that is begun again whenever it dies, and ends with the server however that ends."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from threading import Event, Thread

import structlog

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0
#: A process that lived so long begins again at once.
_PATIENCE_SECONDS = 10
_log = structlog.get_logger("qianmian.supervised")


class Supervised:
    """Keeps a command of ours running.

    The process reads its standard input and ends when that is closed: so it never outlives this one, even killed.
    """

    def __init__(self, name: str, command: Sequence[str]) -> None:
        """Begin; ``command`` is what follows ``qianmian``."""
        self._name = name
        self._command = [sys.executable, "-m", "qianmian", *command]
        self._ending = Event()
        self._process = self._begin()
        self._thread = Thread(target=self._watch, name=f"watches {name}", daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int:
        """The process that runs now, or ran last."""
        return self._process.pid

    def close(self) -> None:
        """Let the process end what it is at, and wait for it."""
        self._ending.set()
        self._let_go()
        self._thread.join()

    def _begin(self) -> subprocess.Popen[bytes]:
        # In a group of its own: who presses Ctrl-C ends the server, and the server its process.
        return subprocess.Popen(  # noqa: S603  # our own
            self._command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, process_group=0
        )

    def _let_go(self) -> None:
        if self._process.stdin:
            self._process.stdin.close()

    def _watch(self) -> None:
        pause = _FIRST_PAUSE
        while True:
            try:
                code = self._process.wait(timeout=_PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                pause = _FIRST_PAUSE
                continue
            if self._ending.is_set():
                return
            _log.error("died", process=self._name, code=code, again_in_seconds=pause)
            if self._ending.wait(pause):
                return
            pause = min(2 * pause, _LONGEST_PAUSE)
            self._let_go()
            self._process = self._begin()
