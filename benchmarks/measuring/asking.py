"""How long a question takes inside one process: asked often, the first time left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median, quantiles
from time import perf_counter, process_time

TIMES = 5


def timed(ask: Callable[[], int]) -> dict[str, float]:
    """Ask once, then `TIMES` times; the first in milliseconds, medians of the others, and the answer as ``people``."""
    first = _milliseconds(ask)
    people, spans, cpu = 0, [], []
    for _ in range(TIMES):
        begun, used = perf_counter(), process_time()
        people = ask()
        spans.append(perf_counter() - begun)
        cpu.append(process_time() - used)
    return {"people": people, "first_ms": first, "ms": 1e3 * median(spans), "cpu_ms": 1e3 * median(cpu)}


def spread(asks: Sequence[Callable[[], object]]) -> dict[str, float]:
    """Ask several questions of one kind, the first of them twice; milliseconds, the very first time apart."""
    first = _milliseconds(asks[0])
    used = process_time()
    spans = [_milliseconds(ask) for ask in asks]
    cpu = 1e3 * (process_time() - used) / len(asks)
    p95 = quantiles(spans, n=20, method="inclusive")[-1]
    return {"first_ms": first, "ms": median(spans), "p95_ms": p95, "cpu_ms": cpu}


def _milliseconds(ask: Callable[[], object]) -> float:
    begun = perf_counter()
    ask()
    return 1e3 * (perf_counter() - begun)
