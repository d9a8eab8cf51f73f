"""The lease: at most one process writes to a workspace."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qianmian.core.errors import LeaseHeldError
from qianmian.core.messages import Message


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
            raise LeaseHeldError("lease_held", holder=file.read().strip() or Message("just_starting")) from None
        file.truncate(0)
        file.write(f"process {os.getpid()}, {purpose}")
        file.flush()
        yield
