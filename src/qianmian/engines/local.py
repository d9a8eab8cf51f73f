"""The engine in this process: tasks run in waves, each with all the threads and memory that the build may have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from qianmian.engines.base import Buckets, Context, Output, Reading, Task
from qianmian.lake.store import Lake


@dataclass(frozen=True)
class LocalEngine:
    """Runs one task after the other, so that one task's memory is the build's memory.

    Attributes:
        lake: where tables live.
        exchange: folder of the running build.
        threads: processor threads of a task.
        memory_mib: memory of a task.
    """

    lake: Lake
    exchange: Path
    threads: int
    memory_mib: int

    def run(self, task: Task, reading: Reading, buckets: Sequence[Buckets]) -> Iterator[Output]:
        """Run the task once for each of the buckets; outputs in the order of the buckets, as they are done."""
        for bucket in buckets:
            yield task.run(self.context(task, reading, bucket))

    def context(self, task: Task, reading: Reading, bucket: Buckets) -> Context:
        """What the task is given for one bucket."""
        return Context(
            lake=self.lake,
            snapshot=reading.snapshot,
            buckets=bucket,
            params=task.params,
            pending=reading.pending,
            exchange=self.exchange,
            threads=self.threads,
            memory_mib=self.memory_mib,
        )
