"""A second engine: each task runs in a Python process of its own, which knows nothing but text and files."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
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

    def run(self, task: Task, reading: Reading, buckets: Sequence[Buckets]) -> Iterator[Output]:
        """Run the task once for each of the buckets, in waves; outputs in the order of the buckets."""
        for start in range(0, len(buckets), _AT_ONCE):
            wave = [self._begin(order(self.place, task, reading, one)) for one in buckets[start : start + _AT_ONCE]]
            for told, complaint in [process.communicate() for process in wave]:
                if complaint and not told:
                    raise RuntimeError(complaint)
                yield read_answer(told)

    def _begin(self, text: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.conformance"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=_ROOT,
        )
        assert process.stdin
        process.stdin.write(text)
        process.stdin.close()
        process.stdin = None  # communicate would flush it
        return process
