"""A second engine: each task runs in a Python process of its own, which knows nothing but text and files."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from qianmian.engines.base import Buckets, Output, Reading, Task
from qianmian.lake.store import Lake

#: Processes at a time.
_AT_ONCE = 2
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class ProcessEngine:
    """What `LocalEngine` is, but for where a task runs."""

    lake: Lake
    exchange: Path
    threads: int
    memory_mib: int

    def run(self, task: Task, reading: Reading, buckets: Sequence[Buckets]) -> Iterator[Output]:
        """Run the task once for each of the buckets, in waves; outputs in the order of the buckets."""
        for start in range(0, len(buckets), _AT_ONCE):
            wave = [self._begin(task, reading, bucket) for bucket in buckets[start : start + _AT_ONCE]]
            for process in wave:
                told, complaint = process.communicate()
                if process.returncode:
                    raise RuntimeError(complaint)
                yield Output.from_json(told)

    def _begin(self, task: Task, reading: Reading, bucket: Buckets) -> subprocess.Popen[str]:
        order = {
            "task": task.to_json(),
            "reading": reading.to_json(),
            "buckets": [bucket.first, bucket.last],
            "lake": str(self.lake.root),
            "exchange": str(self.exchange),
            "threads": self.threads,
            "memory_mib": self.memory_mib,
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.conformance"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=_ROOT,
        )
        assert process.stdin
        process.stdin.write(json.dumps(order))
        process.stdin.close()
        process.stdin = None  # communicate would flush it
        return process
