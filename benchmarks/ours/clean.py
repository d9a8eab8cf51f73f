"""Our side of the check: everything that `qianmian quality check` does, on a copy of a shop."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.ours.shops import opened
from qianmian.app.quality import check
from qianmian.lake.connection import fetch


def clean(shop: str) -> dict[str, Any]:
    """Measure and flag; returns the seconds of each stage, and how many events each rule flagged."""
    begun: dict[str, float] = {}

    def watch(stage: str, _done: int, _total: int) -> None:
        begun.setdefault(stage, perf_counter())

    with opened(Path(shop)) as found:
        told = check(found, watch)
        begun["end"] = perf_counter()
        workspace = found.workspace
        snapshot = workspace.lake.snapshot(instant=workspace.clock.now())
        with workspace.connected(snapshot, "flags") as connection:
            rows = fetch(connection, "SELECT rule, count(*) AS n FROM flags GROUP BY rule").to_pylist()
    stages = list(begun)
    seconds = {one: begun[after] - begun[one] for one, after in pairwise(stages)}
    return {"events": told["events"], "seconds": seconds, "flags": {row["rule"]: row["n"] for row in rows}}
