"""The process in which one side runs: imports it, runs it once, and says what it cost."""

from __future__ import annotations

import importlib
import json
import resource
import sys
from time import perf_counter

from benchmarks.measuring.process import Cost


def main() -> None:
    module, _, function = sys.argv[1].partition(":")
    run = getattr(importlib.import_module(module), function)
    arguments = json.loads(sys.argv[2])
    before, begun = _cpu_seconds(), perf_counter()
    result = run(**arguments)
    seconds, cpu = perf_counter() - begun, _cpu_seconds() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    print(json.dumps(vars(Cost(seconds, cpu, peak, result)), default=str))


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
