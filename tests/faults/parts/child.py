"""Deeds in processes of their own, which are killed or run out of room.

A process is forked from a server that has imported everything and opened nothing: it starts in milliseconds, and no
thread of DuckDB or Arrow is lost in the fork.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import time
import traceback
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from qianmian.core.errors import QianmianError
from qianmian.core.failpoints import arm
from tests.faults.parts.deeds import perform
from tests.faults.parts.scene import Scene

KILLED = -9
_PATIENCE_SECONDS = 60
_SERVER = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload(["__main__", "tests.faults.parts.child"])


@dataclass(frozen=True)
class Trouble:
    """What happens to a deed; nothing unless one of these is given.

    Attributes:
        failpoint: where it dies.
        hit: at which time there.
        limit: bytes that a file may have once the workspace is open; 0 = no limit.
    """

    failpoint: str = ""
    hit: int = 1
    limit: int = 0


@dataclass(frozen=True)
class Moment:
    """When a deed is killed: some seconds after one of its steps."""

    step: int
    delay: float


@dataclass(frozen=True)
class Ending:
    """How a deed ended.

    Attributes:
        status: 0 = done, `KILLED`, 1 = it raised.
        steps: seconds after the start at which each step began.
        error: the class of what it raised.
        told: what that said.
    """

    status: int
    steps: tuple[float, ...]
    error: str = ""
    told: str = ""


def run(deed: str, folder: Path, scene: Scene, trouble: Trouble = Trouble(), moment: Moment | None = None) -> Ending:
    """Do a deed in a process of its own.

    Args:
        deed: see `DEEDS`.
        folder: the workspace.
        scene: where its input is.
        trouble: what happens to it by itself.
        moment: when it is killed from outside; None = never.
    """
    ours, theirs = _SERVER.Pipe(duplex=False)
    process = _SERVER.Process(target=_live, args=(deed, folder, scene, trouble, theirs))
    begun = time.monotonic()
    process.start()
    theirs.close()
    steps: list[float] = []
    error = told = ""
    try:
        while (message := _next(ours)) is not None:
            if isinstance(message, tuple):
                error, told = message
                continue
            steps.append(time.monotonic() - begun)
            if moment and len(steps) > moment.step:
                time.sleep(moment.delay)
                process.kill()
                break
        process.join(_PATIENCE_SECONDS)
    finally:
        process.kill()
        process.join()
        ours.close()
    return Ending(process.exitcode or 0, tuple(steps), error, told)


def _next(pipe: Connection) -> Any:
    try:
        return pipe.recv() if pipe.poll(_PATIENCE_SECONDS) else None
    except EOFError:
        return None


def _live(deed: str, folder: Path, scene: Scene, trouble: Trouble, pipe: Connection) -> None:
    if trouble.failpoint:
        arm(trouble.failpoint, trouble.hit)

    def watch(stage: str, *_: int) -> None:
        pipe.send(stage)
        if trouble.limit:
            resource.setrlimit(resource.RLIMIT_FSIZE, (trouble.limit, trouble.limit))

    try:
        perform(deed, folder, scene, watch)
    except BaseException as error:  # noqa: BLE001  # told to whoever waits
        told = str(error) if isinstance(error, QianmianError) else "".join(traceback.format_exception(error))
        pipe.send((type(error).__name__, told))
        pipe.close()
        os._exit(1)
    pipe.close()
    os._exit(0)
