"""The engine in this process: tasks run in waves that fit into the memory of the build."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from qianmian.engines.base import Buckets, Output, Reading, Slot, Task
from qianmian.lake.connection import Connection, bare_connection
from qianmian.lake.store import Lake


@contextmanager
def opened(lake: Lake, exchange: Path, threads: int, memory_mib: int) -> Iterator[LocalEngine]:
    """The engine, until the block ends.

    It opens DuckDB once: that takes about 30 ms, a good part of a small build, and tasks side by side share threads and
    memory better than halves of them. What a task reads is not kept for the next: Arrow and the kernels need the room.
    """
    spill, room = exchange / "spill", {"threads": threads, "memory_mib": memory_mib}
    with bare_connection((lake.root,), **room, spill=spill, keeps_what_it_read=False) as duck:
        yield LocalEngine(lake, exchange, threads, memory_mib, duck)


@dataclass(frozen=True)
class LocalEngine:
    """Runs as many tasks side by side as it has threads; each gets its share of threads and memory.

    DuckDB, the compiled kernels and Arrow all release Python's lock, so that tasks do run at once.

    Attributes:
        lake: where tables live.
        exchange: folder of the running build.
        threads: processor threads of a wave.
        memory_mib: memory of a wave.
        duck: the one DuckDB of all its tasks.
    """

    lake: Lake
    exchange: Path
    threads: int
    memory_mib: int
    duck: Connection

    def run(self, task: Task, reading: Reading, buckets: Sequence[Buckets]) -> Iterator[Output]:
        """Run the task once for each of the buckets; outputs in the order of the buckets, as they are done."""
        side_by_side = min(self.threads, len(buckets))
        threads, memory_mib = self.threads // side_by_side, self.memory_mib // side_by_side
        slot = Slot(self.lake, self.exchange, threads, memory_mib, self.duck)
        with ThreadPoolExecutor(side_by_side) as wave:
            yield from wave.map(partial(slot.run, task, reading), buckets)
