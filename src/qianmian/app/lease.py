"""The lease: at most one process writes to a workspace, on this machine and among all that share its server."""

from __future__ import annotations

import fcntl
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import IO

from qianmian.core.errors import LeaseHeldError
from qianmian.core.messages import Message
from qianmian.privacy.server import Server, locked

#: A purpose that is over in a moment and comes again: others wait for it instead of giving up.
BRIEF = "flush"
_PATIENCE_SECONDS, _PAUSE_SECONDS = 60.0, 0.02
_WANTED, _WANTED_SECONDS = "lease.wanted", 2.0


class Lease:
    """A workspace's only right to write. The system ends it with the process, however that dies."""

    def __init__(self, data: Path, server: Server | None = None) -> None:
        """The lease of a workspace.

        Args:
            data: the workspace's data folder.
            server: where its vault and catalogue are, unless they are files.
        """
        self._data = data
        self._server = server
        self._check: Callable[[], None] = _nothing

    @contextmanager
    def held(self, purpose: str) -> Iterator[None]:
        """Hold the lease.

        Args:
            purpose: what it is held for, shown to others who ask.

        Raises:
            LeaseHeldError: another process holds it; names the process, and what it does or where it is.
            ServerUnreachableError: the server cannot be asked.
        """
        among_machines = locked(self._server, _holder()) if self._server else nullcontext(_nothing)
        with _file_held(self._data, purpose), among_machines as check:
            self._check = check
            try:
                yield
            finally:
                self._check = _nothing

    def is_wanted(self) -> bool:
        """Whether somebody waits for whoever holds it for `BRIEF`, who should let them go first."""
        try:
            return time.time() - (self._data / _WANTED).stat().st_mtime < _WANTED_SECONDS
        except FileNotFoundError:
            return False

    def check(self) -> None:
        """Make sure that the lease is still held; passes while nobody holds it through this object.

        Raises:
            ServerUnreachableError: the connection that held it is lost, so that another machine may write now.
        """
        self._check()


@contextmanager
def _file_held(data: Path, purpose: str) -> Iterator[None]:
    data.mkdir(parents=True, exist_ok=True)
    with (data / "lease").open("a+") as file:
        _lock(file, data / _WANTED)
        file.truncate(0)
        file.write(f"process {os.getpid()}, {purpose}")
        file.flush()
        yield


def _lock(file: IO[str], wanted: Path) -> None:
    """Lock a file; whoever holds it for `BRIEF` is waited for, and told so."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip()
            if not holder.endswith(f", {BRIEF}") or time.monotonic() > until:
                raise LeaseHeldError("lease_held", holder=holder or Message("just_starting")) from None
            wanted.touch()
            time.sleep(_PAUSE_SECONDS)
        else:
            wanted.unlink(missing_ok=True)
            return


def _holder() -> str:
    """What a server's administrators and other machines see: no purpose, since that may name a file."""
    return f"qianmian, process {os.getpid()} on {socket.gethostname()}"[:63]


def _nothing() -> None:
    """A file's lock cannot be lost."""
