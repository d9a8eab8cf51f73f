"""How long a question takes inside one process: asked often, the first time left out."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter, process_time

TIMES = 5


def timed(ask: Callable[[], int]) -> dict[str, float]:
    """Ask once to warm up, then `TIMES` times; medians in milliseconds, and the answer as ``people``."""
    people, spans, cpu = ask(), [], []
    for _ in range(TIMES):
        begun, used = perf_counter(), process_time()
        people = ask()
        spans.append(perf_counter() - begun)
        cpu.append(process_time() - used)
    return {"people": people, "ms": 1e3 * median(spans), "cpu_ms": 1e3 * median(cpu)}
