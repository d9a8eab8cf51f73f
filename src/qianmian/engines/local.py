"""The engine in this process: tasks run in waves that fit into the memory of the build."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from qianmian.engines.base import Buckets, Output, Reading, Slot, Task
from qianmian.lake.store import Lake


@dataclass(frozen=True)
class LocalEngine:
    """Runs as many tasks side by side as it has threads; each gets its share of threads and memory.

    DuckDB, the compiled kernels and Arrow all release Python's lock, so that tasks do run at once.

    Attributes:
        lake: where tables live.
        exchange: folder of the running build.
        threads: processor threads of a wave.
        memory_mib: memory of a wave.
    """

    lake: Lake
    exchange: Path
    threads: int
    memory_mib: int

    def run(self, task: Task, reading: Reading, buckets: Sequence[Buckets]) -> Iterator[Output]:
        """Run the task once for each of the buckets; outputs in the order of the buckets, as they are done."""
        side_by_side = min(self.threads, len(buckets))
        slot = Slot(self.lake, self.exchange, self.threads // side_by_side, self.memory_mib // side_by_side)
        with ThreadPoolExecutor(side_by_side) as wave:
            yield from wave.map(partial(slot.run, task, reading), buckets)
