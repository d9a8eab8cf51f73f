"""A second engine: each task runs in a Python process of its own, which knows nothing but text and files."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from qianmian.engines.base import Buckets, Output, Reading, Task
from qianmian.engines.order import Place, order, read_answer

#: Processes at a time.
_AT_ONCE = 2
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class ProcessEngine:
    """What `SparkEngine` is, but for who starts the processes."""

    place: Place
    starter: subprocess.Popen[str]

    def run(self, task: Task, reading: Reading, buckets: Sequence[Buckets]) -> Iterator[Output]:
        """Run the task once for each of the buckets, in waves; outputs in the order of the buckets."""
        for start in range(0, len(buckets), _AT_ONCE):
            yield from self._wave([order(self.place, task, reading, one) for one in buckets[start : start + _AT_ONCE]])

    def _wave(self, orders: list[str]) -> Iterator[Output]:
        assert self.starter.stdin
        assert self.starter.stdout
        self.starter.stdin.write(f"{json.dumps(orders)}\n")
        self.starter.stdin.flush()
        for told in json.loads(self.starter.stdout.readline()):
            if not told:
                raise RuntimeError("the process of a task has died")
            yield read_answer(told)


@contextmanager
def in_processes(place: Place) -> Iterator[ProcessEngine]:
    """An engine with a process that starts the others; it ends with the block."""
    command = [sys.executable, "-m", "tests.conformance"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=_ROOT) as starter:
        yield ProcessEngine(place, starter)
