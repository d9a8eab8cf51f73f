"""What all processes below this one cost together, as a cluster does: processor time and memory, from /proc."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_EVERY_SECONDS = 0.5


@dataclass
class Family:
    """The descendants of this process.

    Attributes:
        peak_mib: most memory of all together; what they share counts once.
        used: processor seconds of each since the measurement began, by process id.
    """

    peak_mib: float = 0.0
    used: dict[int, float] = field(default_factory=dict)

    @property
    def cpu_seconds(self) -> float:
        """Of all together."""
        return sum(self.used.values())


@contextmanager
def measured() -> Iterator[Family]:
    """Look at the family twice a second until the block ends."""
    family, over = Family(), threading.Event()
    before = {process: _cpu_seconds(process) for process in _descendants()}

    def look() -> None:
        while not over.wait(_EVERY_SECONDS):
            _look(family, before)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield family
    finally:
        over.set()
        watcher.join()
        _look(family, before)


def _look(family: Family, before: dict[int, float]) -> None:
    memory = 0.0
    for process in _descendants():
        try:
            family.used[process] = _cpu_seconds(process) - before.get(process, 0.0)
            memory += _memory_mib(process)
        except (OSError, IndexError):  # it ended meanwhile
            continue
    family.peak_mib = max(family.peak_mib, memory)


def _descendants() -> list[int]:
    parents = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(entry.parent.name)] = int(_stat(int(entry.parent.name))[1])
        except (OSError, IndexError):
            continue
    found, wave = [], [os.getpid()]
    while wave:
        wave = [child for child, parent in parents.items() if parent in wave]
        found += wave
    return found


def _cpu_seconds(process: int) -> float:
    fields = _stat(process)
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _memory_mib(process: int) -> float:
    text = Path(f"/proc/{process}/smaps_rollup").read_text()
    return int(text.partition("\nPss:")[2].split()[0]) / 1024


def _stat(process: int) -> list[str]:
    """The fields after the command's name: state, parent, and so on."""
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
