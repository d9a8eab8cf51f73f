"""Named places in real code where a test can make the process die, to prove that nothing is lost there."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

REGISTERED: dict[str, str] = {}
_armed: dict[str, int] = {}


def failpoint(name: str, doc: str) -> Callable[[], None]:
    """Register a failpoint at module level; call the result at the place.

    Args:
        name: stage and moment, such as ``commit.before_release``.
        doc: what has and has not happened at this moment.

    Returns:
        A function that does nothing unless the name is armed, and then kills this process with SIGKILL.
    """
    REGISTERED[name] = doc

    def reached() -> None:
        if name not in _armed:
            return
        _armed[name] -= 1
        if _armed[name] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return reached


def arm(name: str, hit: int = 1) -> None:
    """Die at the ``hit``-th time that the failpoint is reached."""
    _armed[name] = hit
