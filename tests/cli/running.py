"""Running the real command line: in a process of its own, or in this one where only its words matter."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qianmian.cli.entry import app, guarded


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        assert self.code == 0, self.err
        return json.loads(self.out)


def qianmian(*arguments: str | Path, before: Callable[[], None] | None = None, **environment: str) -> Ran:
    """``python -m qianmian …`` as a user has it: no terminal, nobody to answer a question."""
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-m", "qianmian", *map(str, arguments)],
        capture_output=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **environment},
        preexec_fn=before,
        timeout=100,
    )
    return Ran(ran.returncode, ran.stdout.decode("utf-8"), ran.stderr.decode("utf-8"))


def run_here(*arguments: str | Path) -> int:
    """The same commands without a new process; what they write goes to this one's streams."""

    def run() -> int:
        ended = app([str(one) for one in arguments], standalone_mode=False, prog_name="qianmian")
        return ended if isinstance(ended, int) else 0

    return guarded(run)
