"""Runs the sides of a benchmark, each in a fresh process; light, for a child's peak begins with its parent's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Cost:
    """What a run cost, imports and interpreter start left out.

    Attributes:
        seconds: on the wall's clock.
        cpu_seconds: of all threads, user and system.
        peak_mib: most resident memory of the process, imports included; mapped files count.
        result: what the function returned, as JSON.
    """

    seconds: float
    cpu_seconds: float
    peak_mib: float
    result: Any = None


def measure(function: str, **arguments: Any) -> Cost:
    """Run ``module:function`` of this package once in a fresh process.

    Raises:
        RuntimeError: it failed; its own words stand on stderr.
    """
    command = [sys.executable, "-m", "benchmarks.measuring.child", f"benchmarks.{function}", json.dumps(arguments)]
    ended = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if ended.returncode:
        raise RuntimeError(f"{function} ended with {ended.returncode}")
    return Cost(**json.loads(ended.stdout.splitlines()[-1]))


def in_turns(sides: Mapping[str, Callable[[], Cost]], rounds: int) -> dict[str, Cost]:
    """Run the sides A B A B …, so that a change of the machine's load meets both; medians of each."""
    costs: dict[str, list[Cost]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, run in sides.items():
            costs[name].append(run())
    return {name: middle(runs) for name, runs in costs.items()}


def middle(runs: list[Cost]) -> Cost:
    """The median of each number; the result of the last run."""
    return Cost(
        median(run.seconds for run in runs),
        median(run.cpu_seconds for run in runs),
        max(run.peak_mib for run in runs),
        runs[-1].result,
    )


def load() -> str:
    """Processes that wanted a processor in the last minute, of how many processors."""
    return f"{os.getloadavg()[0]:.1f}/{os.cpu_count()}"
