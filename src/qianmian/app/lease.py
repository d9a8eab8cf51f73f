"""The lease: at most one process writes to a workspace."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qianmian.core.errors import LeaseHeldError


@contextmanager
def writer_lease(data: Path, purpose: str) -> Iterator[None]:
    """Hold the workspace's only right to write. The system ends it with the process, however that dies.

    Args:
        data: the workspace's data folder.
        purpose: what it is held for, shown to others who ask.

    Raises:
        LeaseHeldError: another process holds it; names the process and what it does.
    """
    data.mkdir(parents=True, exist_ok=True)
    with (data / "lease").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise LeaseHeldError(
                f"another process writes to this workspace: {file.read().strip() or 'just starting'}.",
                hint="wait until it is done, or ask the running service to do this",
            ) from None
        file.truncate(0)
        file.write(f"process {os.getpid()}, {purpose}")
        file.flush()
        yield
